package chat

import (
	"context"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// Delays of Retry.
const (
	retryFirst  = 100 * time.Millisecond
	retryLast   = 5 * time.Second
	retryJitter = 0.5 // of a delay, up or down
)

// Retry calls op until it returns nil or an error that is not of KindUnavailable, and returns what
// op has returned. Between two calls it waits: 100 ms, and then twice as long each time, up to 5 s;
// of each wait a random half more or less, so that many who wait for one thing do not ask for it at
// the same time.
//
// The end of ctx ends the waiting. Then the error wraps the cause of that end, so that a deadline is
// of KindUnavailable and a cancellation of KindLost; its text has the last error of op. A ctx without
// a deadline may make Retry go on for ever.
func Retry(ctx context.Context, op func(context.Context) error) error {
	// task 9.6: backoff.Retry does most of it, see its defaults.
	delays := &backoff.ExponentialBackOff{
		InitialInterval:     retryFirst,
		Multiplier:          2,
		MaxInterval:         retryLast,
		RandomizationFactor: retryJitter,
	}
	var last error
	attempt := func() (struct{}, error) {
		last = op(ctx)
		if KindOf(last) != KindUnavailable {
			return struct{}{}, backoff.Permanent(last)
		}
		return struct{}{}, ErrUnavailable // last may wrap anything, also an error of backoff's
	}
	_, err := backoff.Retry(ctx, attempt, backoff.WithBackOff(delays), backoff.WithMaxElapsedTime(0))
	if KindOf(last) == KindUnavailable {
		return fmt.Errorf("%w, after %v", context.Cause(ctx), last)
	}
	return err
	// end task 9.6
}
