package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/steps/13/wire"
)

// delay is how long to wait before a retry, the first being 1: BaseDelay, then each time
// twice as long up to MaxDelay, and on top of that up to 30 % of it.
func (c *Client) delay(retry int, advice wire.Advice) time.Duration {
	// task 8.8: The first retry may come at once.
	if advice == wire.ResumeAtOnce && retry == 1 {
		return 0
	}
	// end task 8.8
	// task 7.7: That holds for any retry, also the thousandth.
	delay := min(c.cfg.BaseDelay, c.cfg.MaxDelay)
	for range retry - 1 {
		if delay > c.cfg.MaxDelay/2 {
			delay = c.cfg.MaxDelay
			break
		}
		delay *= 2
	}
	return delay + time.Duration(0.3*c.cfg.Jitter()*float64(delay))
	// end task 7.7
}

// next returns the number of the retry that follows an end, retry being the one before. Or it
// returns why there is to be none.
func (c *Client) next(retry int, held time.Duration, advice wire.Advice, end error) (int, error) {
	// task 7.8: Decide whether there is another attempt, and which retry it is.
	if advice == wire.Stop {
		return 0, fmt.Errorf("%w: %w", ErrGaveUp, end)
	}
	if held >= c.cfg.StableAfter {
		retry = 0
	}
	if c.cfg.MaxAttempts > 0 && retry >= c.cfg.MaxAttempts {
		return 0, fmt.Errorf("%w after %d retries: %w", ErrGaveUp, retry, end)
	}
	return retry + 1, nil
	// end task 7.8
}

// adviceFor tells what to do after an end, see LEARNING_PLAN.md, "Close codes" and "Refusals
// before the upgrade". A lost connection and a server that cannot be reached are reasons to try
// again.
func adviceFor(end error) wire.Advice {
	// task 7.8: The Contract says which ends forbid another attempt.
	if _, ok := errors.AsType[*tls.CertificateVerificationError](end); ok {
		return wire.Stop
	}
	// TODO(13.7): TLS that fails in the same way each time is not tried for ever.
	if refused, ok := errors.AsType[*RefusedError](end); ok && refused.isFinal() {
		return wire.Stop
	}
	// end task 7.8
	// task 8.8: A close code has advice of its own.
	if closed, ok := errors.AsType[*websocket.CloseError](end); ok {
		return wire.CloseCode(closed.Code).Advice()
	}
	return wire.ResumeAfterBackoff
	// end task 8.8
}

// isFinal tells whether the next handshake would be answered in the same way.
func (e *RefusedError) isFinal() bool {
	passing := e.Status == http.StatusRequestTimeout || e.Status == http.StatusTooManyRequests
	// task 11.12: Another token may be better.
	passing = passing || e.Status == http.StatusUnauthorized && e.renewable
	// end task 11.12
	return e.Status >= 300 && e.Status < 500 && !passing
}

// atLeast returns a delay that is not shorter than what the server has asked for.
func (c *Client) atLeast(delay time.Duration) time.Duration {
	// task 11.12: No attempt comes before the moment that the latest refusal has named.
	return max(delay, time.Until(c.notBefore))
	// end task 11.12
}

// wait lets a delay pass, if ctx does not end before. reason is why there is one.
func (c *Client) wait(ctx context.Context, delay time.Duration, reason error) error {
	c.cfg.OnState(Waiting, reason)
	// task 7.9: The end of ctx ends the wait too.
	select {
	case <-time.After(delay):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
	// end task 7.9
}
