package chat

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

var errSlow = errors.New("reads too slowly: its outbox is full")

// client is one connected client. Its readPump alone reads from conn and its writePump
// alone writes: gorilla allows one of each at a time.
type client struct {
	name         string
	conn         *websocket.Conn
	outbox       outbox
	writeTimeout time.Duration

	hangUpOnce sync.Once
	gone       chan struct{} // closed by hangUp
	reason     error         // why; may be read once gone is closed
}

func newClient(name string, conn *websocket.Conn, cfg Config) *client {
	return &client{
		name:         name,
		conn:         conn,
		outbox:       newOutbox(cfg.outboxSize()),
		writeTimeout: cfg.WriteTimeout,
		gone:         make(chan struct{}),
	}
}

// send queues a text. All that goes to a client goes through here, and it never waits:
// who reads too slowly for its outbox is disconnected rather than waited for.
func (c *client) send(text string) {
	// TODO(2.5): Do not wait for a client that reads too slowly: when c.outbox has no room,
	// hang up with errSlow.
	select {
	case c.outbox.queue <- text: // waits for room
	case <-c.gone:
	}
}

// hangUp ends the connection from whatever goroutine, without waiting for it: closing
// takes the socket from under both pumps, and they end. The first reason counts.
func (c *client) hangUp(reason error) {
	c.hangUpOnce.Do(func() {
		c.reason = reason
		close(c.gone)
		c.conn.Close()
	})
}

// writePump writes what is in the outbox, in order, until the client is gone.
func (c *client) writePump() error {
	// TODO(2.2): Write what comes out of c.outbox.queue; end when a write fails or c.gone
	// is closed, whichever is first.
	<-c.gone
	return nil
}

func (c *client) write(text string) error {
	// TODO(2.6): Give this write c.writeTimeout from now; zero means no deadline.
	return c.conn.WriteMessage(websocket.TextMessage, []byte(text))
}

// readPump hears a client out until it is gone, and returns why it ended.
func (s *Server) readPump(c *client) error {
	for {
		kind, data, err := c.conn.ReadMessage()
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
		if kind == websocket.TextMessage {
			s.receive(c, string(data))
		}
	}
}
