package chat

import (
	"context"
	"fmt"

	"wsworkshop/steps/08/wire"
)

// client is one connected client. Its readPump alone reads from conn and its writePump
// alone writes.
type client struct {
	id         string
	roomID     string
	remoteAddr string
	health     *health
	conn       *socket
	outbox     outbox

	session *session    // set by hub.join
	backlog []*envelope // what is written before anything in outbox; set by hub.join

	// hangUp ends the connection: from any goroutine, under any lock, without waiting. The
	// first reason counts; see serveClient, which sets it.
	hangUp context.CancelCauseFunc
	gone   <-chan struct{} // closed by hangUp
}

func newClient(id, roomID string, conn *socket, cfg Config) *client {
	return &client{
		id:         id,
		roomID:     roomID,
		remoteAddr: conn.remoteAddr(),
		health:     newHealth(),
		conn:       conn,
		outbox:     newOutbox(cfg.outboxSize()),
	}
}

// send queues a message. All that goes to a client goes through here, and it never waits:
// who reads too slowly for its outbox is disconnected rather than waited for.
func (c *client) send(e *envelope) {
	// task 2.5: Do not wait for a client that reads too slowly: when c.outbox has no room,
	// hang up with errSlow.
	if !c.outbox.put(e) {
		c.hangUp(errSlow)
	}
	// end task 2.5
}

// writePump writes the backlog and then what is in the outbox, in order, until the client is
// gone. Then it ends the connection.
func (s *Server) writePump(ctx context.Context, c *client) {
	if err := c.writeQueued(); err != nil {
		c.hangUp(&ending{code: wire.CloseAbnormal, cause: fmt.Errorf("write: %w", err)})
	}
	s.sayEnd(c, endingOf(context.Cause(ctx)))
}

// writeQueued returns nil when c is gone, and an error when a write has failed.
func (c *client) writeQueued() error {
	// task 7.5: Write c.backlog first.
	for _, e := range c.backlog {
		if err := c.write(e); err != nil {
			return err
		}
	}
	c.backlog = nil
	// end task 7.5
	// task 2.2: Write what comes out of c.outbox.queue; end when a write fails or c.gone
	// is closed, whichever is first.
	for {
		select {
		case e := <-c.outbox.queue:
			if err := c.write(e); err != nil {
				return err
			}
		case <-c.gone:
			return nil
		}
	}
	// end task 2.2
}

func (c *client) write(e *envelope) error {
	if err := c.conn.write(e.data); err != nil {
		return err
	}
	// task 5.1: Count what has been written, with c.health.wrote.
	c.health.wrote()
	// end task 5.1
	// task 5.4: If e.ping is set, write a ping too.
	if e.ping {
		return c.conn.ping()
	}
	// end task 5.4
	return nil
}

// readPump hears a client out until nothing more can be read, and returns why. ctx ends when c is
// hung up on; then only the client's close frame matters.
func (s *Server) readPump(ctx context.Context, c *client) error {
	// task 5.2: Have c.conn call c.health.seen at each pong.
	c.conn.onPong(c.health.seen)
	// end task 5.2
	for {
		data, isText, err := c.conn.read()
		if err != nil {
			return err
		}
		// TODO(8.3): After a hang-up nothing that c sends counts, except for its close frame.
		// task 5.1: Count what has been read, with c.health.read.
		c.health.read()
		// end task 5.1
		// task 5.2: Call c.health.seen: any message is a sign of life, whatever is in it.
		c.health.seen()
		// end task 5.2
		if err := c.conn.judge(data, isText); err != nil {
			c.hangUp(err)
			continue
		}
		s.receive(ctx, c, data)
	}
}
