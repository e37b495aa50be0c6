// Package client is a client of the chat server that stays connected: when its connection
// ends it dials again, with growing delays, and continues its session.
package client

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/steps/12/wire"
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

	notBefore time.Time // when the server wants the next attempt; Run's, or the move's that Run waits for

	moving
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
	// task 10.7: Nothing of the client runs when Run has returned.
	defer c.leaving.Wait()
	// end task 10.7
	retry := 0 // which one comes next; those after a stable connection are counted anew
	for {
		held, end := c.connection(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		advice := adviceFor(end)
		var err error
		if retry, err = c.next(retry, held, advice, end); err != nil {
			return err
		}
		// task 8.8: A new session begins with nothing of the old one.
		if advice == wire.NewSession {
			c.sessionID, c.lastMessageID = "", ""
		}
		// end task 8.8
		if err := c.wait(ctx, c.atLeast(c.delay(retry, advice)), end); err != nil {
			return err
		}
	}
}

// connection dials once and holds the connection until it ends. It returns how long that was,
// and why it ended or did not begin.
func (c *Client) connection(ctx context.Context) (held time.Duration, end error) {
	c.cfg.OnState(Connecting, nil)
	// task 7.8: Return how long the connection has held, from the end of its handshake on.
	conn, err := c.dial(ctx)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	end = c.hold(ctx, conn)
	return time.Since(began), end
	// end task 7.8
}

// hold hears the server out until the connection ends, and returns why it did.
func (c *Client) hold(ctx context.Context, conn *websocket.Conn) error {
	defer c.use(nil)
	c.use(conn)
	c.cfg.OnState(Connected, nil)
	// task 10.7: A client that has moved goes on with the connection that it has moved to.
	for {
		next, end := c.moved(c.read(ctx, conn))
		if next == nil {
			conn.Close() // before c.use, which a Send that waits for the network would hold up
			return end
		}
		old := conn
		c.leaving.Go(func() { leave(old) })
		conn = next
	}
	// end task 10.7
}

// address is where to dial: with the session that there is to continue, if any.
func (c *Client) address() string {
	u := *c.url
	// task 10.7: A move asks for the session while messages arrive.
	c.noting.Lock()
	defer c.noting.Unlock()
	// end task 10.7
	// task 7.7: The query has what is known of the session.
	query := u.Query()
	if c.sessionID != "" {
		query.Set("session_id", c.sessionID)
		query.Set("last_message_id", c.lastMessageID)
	}
	u.RawQuery = query.Encode()
	// end task 7.7
	return u.String()
}

// remember notes where to continue after m.
func (c *Client) remember(m wire.Message) {
	// task 10.7: A move asks for the session while messages arrive.
	c.noting.Lock()
	defer c.noting.Unlock()
	// end task 10.7
	// task 7.7: Note what the next handshake will ask for.
	switch m.Type {
	case wire.TypeWelcome:
		if m.SessionID != c.sessionID {
			c.sessionID, c.lastMessageID = m.SessionID, ""
		}
	case wire.TypeMessage, wire.TypeBroadcast, wire.TypeDirect, wire.TypeSystem:
		c.lastMessageID = m.ID
	}
	// end task 7.7
}
