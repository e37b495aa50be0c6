// Package client is a client of the chat server that stays connected: when its connection
// ends it dials again, with growing delays, and continues its session.
package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	chat "wsworkshop/solutions/07"
)

var (
	// ErrNotConnected is what Send returns while there is no connection.
	ErrNotConnected = errors.New("not connected")

	// ErrGaveUp is in what Run returns when it does not try again, beside the reason.
	ErrGaveUp = errors.New("gave up")
)

// Client is one chat client, over however many connections. Run is called once; Send may be
// called by several goroutines.
type Client struct {
	cfg Config
	url *url.URL

	mu   sync.Mutex      // guards conn, and serves as gorilla's one writer at a time
	conn *websocket.Conn // nil while there is none

	sessionID     string // of the latest welcome
	lastMessageID string // of the latest message that a session keeps
}

// New returns a client, or an error that names the field of cfg that is out of range.
func New(cfg Config) (*Client, error) {
	u, err := cfg.validate()
	if err != nil {
		return nil, err
	}
	return &Client{cfg: cfg.withDefaults(), url: u}, nil
}

// Run connects, and connects again whenever the connection ends, until ctx ends, an attempt
// is forbidden or too many have failed. It returns ctx.Err() or an error that is ErrGaveUp
// and the reason.
func (c *Client) Run(ctx context.Context) error {
	for retry := 1; ; retry++ {
		held, err := c.connection(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		// task 7.8: Give up after an end that forbids another attempt, and when cfg.MaxAttempts
		// retries in a row have brought no stable connection. One that has held for
		// cfg.StableAfter makes the next retry the first again.
		if forbids(err) {
			return fmt.Errorf("%w: %w", ErrGaveUp, err)
		}
		if held >= c.cfg.StableAfter {
			retry = 1
		}
		if c.cfg.MaxAttempts > 0 && retry > c.cfg.MaxAttempts {
			return fmt.Errorf("%w after %d attempts: %w", ErrGaveUp, c.cfg.MaxAttempts, err)
		}
		// end task 7.8
		// task 7.7: Wait for c.delay(retry), or until ctx ends.
		//- return fmt.Errorf("%w: %w", ErrGaveUp, err)
		if err := c.wait(ctx, c.delay(retry), err); err != nil {
			return err
		}
		// end task 7.7
	}
}

// connection dials once and hears the server out until the connection ends. It returns how
// long that held, and why it ended or did not begin.
func (c *Client) connection(ctx context.Context) (held time.Duration, err error) {
	c.cfg.OnState(Connecting, nil)
	conn, response, err := c.cfg.Dialer.DialContext(ctx, c.address(), c.cfg.Header)
	if err != nil {
		return 0, refusal(response, err)
	}
	defer conn.Close()
	began := time.Now()
	c.use(conn)
	defer c.use(nil)
	stop := context.AfterFunc(ctx, func() { farewell(conn) })
	defer stop()
	c.cfg.OnState(Connected, nil)
	err = c.read(conn)
	return time.Since(began), err
}

// address is where to dial: with the session that there is to continue, if any.
func (c *Client) address() string {
	u := *c.url
	// task 7.7: Add session_id and last_message_id to the query, once they are known.
	query := u.Query()
	if c.sessionID != "" {
		query.Set("session_id", c.sessionID)
	}
	if c.lastMessageID != "" {
		query.Set("last_message_id", c.lastMessageID)
	}
	u.RawQuery = query.Encode()
	// end task 7.7
	return u.String()
}

// remember notes where to continue after m.
func (c *Client) remember(m chat.Message) {
	// task 7.7: Note the session id of a welcome, and the id of each message, broadcast,
	// direct and system: those are what a session keeps.
	switch m.Type {
	case chat.TypeWelcome:
		if m.SessionID != c.sessionID {
			c.sessionID, c.lastMessageID = m.SessionID, ""
		}
	case chat.TypeMessage, chat.TypeBroadcast, chat.TypeDirect, chat.TypeSystem:
		c.lastMessageID = m.ID
	}
	// end task 7.7
}

// wait lets a delay pass. reason is why there is one.
func (c *Client) wait(ctx context.Context, delay time.Duration, reason error) error {
	c.cfg.OnState(Waiting, reason)
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// refusal is err, with the status if the server answered the handshake with one.
func refusal(response *http.Response, err error) error {
	if errors.Is(err, websocket.ErrBadHandshake) && response != nil {
		return &RefusedError{Status: response.StatusCode}
	}
	return err
}
