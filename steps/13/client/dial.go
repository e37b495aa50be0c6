package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

// RefusedError is a handshake that was answered with a status other than 101.
type RefusedError struct {
	Status   int
	Location string // where a redirect points to; a client does not follow it

	RetryAfter time.Duration // how long to wait at least; zero if the server says nothing

	renewable bool // another attempt would have another token
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
	header, err := c.header(attempt)
	if err != nil {
		return nil, err
	}
	conn, response, err := c.cfg.Dialer.DialContext(traced, c.address(), header)
	stop()
	if errors.Is(err, websocket.ErrBadHandshake) {
		refused := &RefusedError{
			Status: response.StatusCode, Location: response.Header.Get("Location"),
			RetryAfter: retryAfter(response.Header), renewable: c.cfg.Token != nil,
		}
		c.notBefore = time.Now().Add(refused.RetryAfter)
		return nil, refused
	}
	// TODO(13.7): The error of an attempt whose TLS would fail again is ErrTLS too, and keeps its reason.
	_ = handshake // placeholder
	return conn, err
}

// header is what goes with a handshake.
func (c *Client) header(ctx context.Context) (http.Header, error) {
	header := c.cfg.Header.Clone()
	// task 11.12: Each attempt has a token of its own.
	if c.cfg.Token != nil {
		token, err := c.cfg.Token(ctx)
		if err != nil {
			return nil, errors.New("token: " + err.Error()) // what it wraps says nothing about the chat server
		}
		if header == nil {
			header = http.Header{}
		}
		header.Set("Authorization", "Bearer "+token)
	}
	// end task 11.12
	return header, nil
}

// retryAfter reads Retry-After: seconds, or a date (RFC 9110, section 10.2.3). Zero means that the server says
// nothing.
func retryAfter(header http.Header) time.Duration {
	text := header.Get("Retry-After")
	// task 11.12: A refusal may say when to come again.
	if date, err := http.ParseTime(text); err == nil {
		return max(0, time.Until(date))
	}
	seconds, _ := strconv.ParseUint(text, 10, 32) // zero for no number, and the largest for one that is too large
	return time.Duration(seconds) * time.Second
	// end task 11.12
}
