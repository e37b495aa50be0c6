package client

import (
	"context"
	"time"
)

// delay is how long to wait before a retry, the first being 1: BaseDelay, then each time
// twice as long up to MaxDelay, and on top of that up to 30 % of it.
func (c *Client) delay(retry int) time.Duration {
	// TODO(7.7): Double it without overflow, whatever retry is; add 0.3 × c.cfg.Jitter() of it.
	return c.cfg.BaseDelay
}

// next returns the number of the retry that follows an end, retry being the one before. Or it
// returns why there is to be none.
func (c *Client) next(retry int, held time.Duration, end error) (int, error) {
	// TODO(7.8): Give up after an end that forbids another attempt, and when c.cfg.MaxAttempts
	// retries in a row have brought no stable connection. One that has held for
	// c.cfg.StableAfter makes the next retry the first again.
	return retry + 1, nil
}

// forbids tells whether an end says that there should be no other attempt, see
// LEARNING_PLAN.md, "Close codes" and "Refusals before the upgrade". A lost connection and
// a server that cannot be reached do not.
func forbids(end error) bool {
	// TODO(7.8): The lesson's Contract names the close codes, statuses and certificates that do.
	return false
}

// wait lets a delay pass, if ctx does not end before. reason is why there is one.
func (c *Client) wait(ctx context.Context, delay time.Duration, reason error) error {
	c.cfg.OnState(Waiting, reason)
	// TODO(7.8): Wait for a timer or for ctx, whichever is first; leave no timer behind.
	time.Sleep(delay)
	return nil
}
