package chat

import (
	"context"
	"errors"
	"fmt"
)

var errSlow = errors.New("reads too slowly: its outbox is full")

// client is one connected client. Its readPump alone reads from conn and its writePump
// alone writes.
type client struct {
	name   string
	conn   *socket
	outbox outbox

	// hangUp ends the connection: from any goroutine, under any lock, without waiting. The
	// first reason counts; see serveClient, which sets it.
	hangUp context.CancelCauseFunc
	gone   <-chan struct{} // closed by hangUp
}

func newClient(name string, conn *socket, cfg Config) *client {
	return &client{name: name, conn: conn, outbox: newOutbox(cfg.outboxSize())}
}

// send queues a text. All that goes to a client goes through here, and it never waits:
// who reads too slowly for its outbox is disconnected rather than waited for.
func (c *client) send(text string) {
	// task 2.5: Do not wait for a client that reads too slowly: when c.outbox has no room,
	// hang up with errSlow.
	//- select {
	//- case c.outbox.queue <- text: // waits for room
	//- case <-c.gone:
	//- }
	if !c.outbox.put(text) {
		c.hangUp(errSlow)
	}
	// end task 2.5
}

// writePump writes what is in the outbox, in order, until the client is gone.
func (c *client) writePump() error {
	// task 2.2: Write what comes out of c.outbox.queue; end when a write fails or c.gone
	// is closed, whichever is first.
	//- <-c.gone
	//- return nil
	for {
		select {
		case text := <-c.outbox.queue:
			if err := c.write(text); err != nil {
				return fmt.Errorf("write: %w", err)
			}
		case <-c.gone:
			return nil
		}
	}
	// end task 2.2
}

func (c *client) write(text string) error { return c.conn.write(text) }

// readPump hears a client out until it is gone, and returns why it ended.
func (s *Server) readPump(ctx context.Context, c *client) error {
	for {
		data, isText, err := c.conn.read()
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
		if isText {
			s.receive(ctx, c, string(data))
		}
	}
}
