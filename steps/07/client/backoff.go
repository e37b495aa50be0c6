package client

import (
	"context"
	"time"
)

// delay is how long to wait before a retry, the first being 1: BaseDelay, then each time
// twice as long up to MaxDelay, and on top of that up to 30 % of it.
func (c *Client) delay(retry int) time.Duration {
	// TODO(7.7): That holds for any retry, also the thousandth.
	return c.cfg.BaseDelay // placeholder: each retry waits equally long
}

// next returns the number of the retry that follows an end, retry being the one before. Or it
// returns why there is to be none.
func (c *Client) next(retry int, held time.Duration, end error) (int, error) {
	// TODO(7.8): Decide whether there is another attempt, and which retry it is.
	return retry + 1, nil // placeholder: there is always one more
}

// forbids tells whether an end says that there should be no other attempt, see
// LEARNING_PLAN.md, "Close codes" and "Refusals before the upgrade". A lost connection and
// a server that cannot be reached do not.
func forbids(end error) bool {
	// TODO(7.8): The Contract says which ends do.
	return false // placeholder: none does
}

// wait lets a delay pass, if ctx does not end before. reason is why there is one.
func (c *Client) wait(ctx context.Context, delay time.Duration, reason error) error {
	c.cfg.OnState(Waiting, reason)
	// TODO(7.9): The end of ctx ends the wait too.
	time.Sleep(delay) // placeholder: this waits whatever ctx says
	return nil
}
