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
	id           string
	roomID       string
	remoteAddr   string
	health       *health
	conn         *websocket.Conn
	outbox       outbox
	writeTimeout time.Duration

	session *session   // set by hub.join
	backlog []envelope // what is written before anything in outbox; set by hub.join

	hangUpOnce sync.Once
	gone       chan struct{} // closed by hangUp
	reason     error         // why; may be read once gone is closed
}

func newClient(id, roomID string, conn *websocket.Conn, cfg Config) *client {
	return &client{
		id:           id,
		roomID:       roomID,
		remoteAddr:   conn.RemoteAddr().String(),
		health:       newHealth(),
		conn:         conn,
		outbox:       newOutbox(cfg.outboxSize()),
		writeTimeout: cfg.WriteTimeout,
		gone:         make(chan struct{}),
	}
}

// send queues a message. All that goes to a client goes through here, and it never waits:
// who reads too slowly for its outbox is disconnected rather than waited for.
func (c *client) send(e envelope) {
	// task 2.5: Do not wait for a client that reads too slowly: when c.outbox has no room,
	// hang up with errSlow.
	if !c.outbox.put(e) {
		c.hangUp(errSlow)
	}
	// end task 2.5
}

// hangUp ends the connection from whatever goroutine, without waiting for it: closing
// takes the socket from under both pumps, and they end. The first reason counts. One that
// is a farewell is told to the client first, by the writePump, if that can be done soon.
func (c *client) hangUp(reason error) {
	c.hangUpOnce.Do(func() {
		c.reason = reason
		close(c.gone)
		if _, ok := errors.AsType[*farewell](reason); ok {
			// The timer ends by itself, soon, and closing twice does no harm: nobody stops it.
			time.AfterFunc(farewellTimeout, func() { c.conn.Close() })
		} else {
			c.conn.Close()
		}
	})
}

// writePump writes the backlog and then what is in the outbox, in order, until the client is
// gone.
func (c *client) writePump() error {
	for _, e := range c.backlog {
		if err := c.write(e); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	c.backlog = nil
	// task 2.2: Write what comes out of c.outbox.queue; end when a write fails or c.gone
	// is closed, whichever is first.
	for {
		select {
		case e := <-c.outbox.queue:
			if err := c.write(e); err != nil {
				return fmt.Errorf("write: %w", err)
			}
		case <-c.gone:
			c.sayFarewell()
			return nil
		}
	}
	// end task 2.2
}

func (c *client) write(e envelope) error {
	// task 2.6: Give this write c.writeTimeout from now; zero means no deadline.
	if c.writeTimeout > 0 {
		c.conn.SetWriteDeadline(time.Now().Add(c.writeTimeout))
	}
	// end task 2.6
	if err := c.conn.WriteMessage(websocket.TextMessage, e.data); err != nil {
		return err
	}
	// task 5.1: Count what has been written, with c.health.wrote.
	c.health.wrote()
	// end task 5.1
	// task 5.4: If e.ping is set, write a ping too, without a payload.
	if e.ping {
		return c.conn.WriteMessage(websocket.PingMessage, nil)
	}
	// end task 5.4
	return nil
}

// readPump hears a client out until it is gone, and returns why it ended.
func (s *Server) readPump(c *client) error {
	// task 5.2: Give c.conn a pong handler that calls c.health.seen. It runs inside
	// ReadMessage, in this goroutine: who does not read never hears of a pong.
	c.conn.SetPongHandler(func(string) error {
		c.health.seen()
		return nil
	})
	// end task 5.2
	for {
		kind, data, err := c.conn.ReadMessage()
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
		// task 5.1: Count what has been read, with c.health.read.
		c.health.read()
		// end task 5.1
		// task 5.2: Call c.health.seen: any message is a sign of life, whatever is in it.
		c.health.seen()
		// end task 5.2
		if kind == websocket.TextMessage {
			s.receive(c, data)
		}
	}
}
