package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"

	"github.com/gorilla/websocket"
)

// RefusedError is a handshake that was answered with a status other than 101.
type RefusedError struct {
	Status   int
	Location string // where a redirect points to; a client does not follow it
}

func (e *RefusedError) Error() string {
	text := fmt.Sprintf("refused: %d %s", e.Status, http.StatusText(e.Status))
	if e.Location != "" {
		text += ", to " + e.Location
	}
	return text
}

// dial connects and shakes hands. While it waits for the answer, gorilla heeds a deadline of ctx,
// but not its cancellation. So the connection has to be taken from under it.
func (c *Client) dial(ctx context.Context) (*websocket.Conn, error) {
	attempt := ctx
	// task 7.7: attempt ends when the server has been silent for c.cfg.IdleTimeout.
	if c.cfg.IdleTimeout > 0 {
		limited, cancel := context.WithTimeout(ctx, c.cfg.IdleTimeout)
		defer cancel()
		attempt = limited
	}
	// end task 7.7
	stop := func() bool { return true }
	var handshake error // of TLS
	traced := httptrace.WithClientTrace(attempt, &httptrace.ClientTrace{
		GotConn: func(got httptrace.GotConnInfo) {
			// task 7.9: The end of ctx closes got.Conn, unless stop is called before.
			stop = context.AfterFunc(ctx, func() { got.Conn.Close() })
			// end task 7.9
		},
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) { handshake = err },
	})
	conn, response, err := c.cfg.Dialer.DialContext(traced, c.address(), c.cfg.Header)
	stop()
	if errors.Is(err, websocket.ErrBadHandshake) {
		return nil, &RefusedError{Status: response.StatusCode, Location: response.Header.Get("Location")}
	}
	// TODO(13.7): The error of a TLS handshake that would fail again is ErrTLS too, and keeps its reason.
	_ = handshake // placeholder
	return conn, err
}
