package client

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// RefusedError is a handshake that was answered with a status other than 101.
type RefusedError struct{ Status int }

func (e *RefusedError) Error() string {
	return fmt.Sprintf("refused: %d %s", e.Status, http.StatusText(e.Status))
}

// delay is how long to wait before a retry, the first being 1: BaseDelay, then each time
// twice as long up to MaxDelay, and on top of that up to 30 % of it.
func (c *Client) delay(retry int) time.Duration {
	// task 7.7: Double it without overflow, whatever retry is; add 0.3 × c.cfg.Jitter() of it.
	//- return 0
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

// forbids tells whether an end says that there should be no other attempt, see
// LEARNING_PLAN.md, "Close codes" and "Refusals before the upgrade". A lost connection and
// a server that cannot be reached do not.
func forbids(end error) bool {
	// task 7.8: Some close codes forbid it, and most of the statuses from 400 to 499.
	//- return false
	if refused, ok := errors.AsType[*RefusedError](end); ok {
		temporary := refused.Status == http.StatusRequestTimeout || refused.Status == http.StatusTooManyRequests
		return refused.Status < 500 && !temporary
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
