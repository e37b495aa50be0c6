package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// delay is how long to wait before a retry, the first being 1: BaseDelay, then each time
// twice as long up to MaxDelay, and on top of that up to 30 % of it.
func (c *Client) delay(retry int) time.Duration {
	// task 7.7: That holds for any retry, also the thousandth.
	//- return c.cfg.BaseDelay // placeholder: each retry waits equally long
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
func (c *Client) next(retry int, held time.Duration, end error) (int, error) {
	// task 7.8: Decide whether there is another attempt, and which retry it is.
	//- return retry + 1, nil // placeholder: there is always one more
	if forbids(end) {
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

// forbids tells whether an end says that there should be no other attempt, see
// LEARNING_PLAN.md, "Close codes" and "Refusals before the upgrade". A lost connection and
// a server that cannot be reached do not.
func forbids(end error) bool {
	// task 7.8: The Contract says which ends do.
	//- return false // placeholder: none does
	if _, ok := errors.AsType[*tls.CertificateVerificationError](end); ok {
		return true
	}
	if refused, ok := errors.AsType[*RefusedError](end); ok {
		passing := refused.Status == http.StatusRequestTimeout || refused.Status == http.StatusTooManyRequests
		return refused.Status >= 300 && refused.Status < 500 && !passing
	}
	closed, ok := errors.AsType[*websocket.CloseError](end)
	if !ok {
		return false
	}
	switch closed.Code {
	case websocket.CloseNormalClosure, websocket.CloseProtocolError, websocket.ClosePolicyViolation,
		websocket.CloseMandatoryExtension, websocket.CloseTLSHandshake:
		return true
	}
	return closed.Code >= 4000 // 4001 is taken over; what the others mean we do not know
	// end task 7.8
}

// wait lets a delay pass, if ctx does not end before. reason is why there is one.
func (c *Client) wait(ctx context.Context, delay time.Duration, reason error) error {
	c.cfg.OnState(Waiting, reason)
	// task 7.9: The end of ctx ends the wait too.
	//- time.Sleep(delay) // placeholder: this waits whatever ctx says
	//- return nil
	select {
	case <-time.After(delay):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
	// end task 7.9
}
