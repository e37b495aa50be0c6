package chat

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"wsworkshop/solutions/13/metrics"
	"wsworkshop/solutions/13/wire"
)

// client is one connected client, over whichever transport. Its writePump alone writes to conn.
// Server.hear takes its messages.
type client struct {
	id         string
	roomID     string
	remoteAddr string
	address    string // as limits count
	pass       pass
	health     *health
	conn       transport
	outbox     outbox
	log        *slog.Logger // its lines say whose they are; hub.join adds the session

	session *session    // set by hub.join
	backlog []*envelope // what is written before anything in outbox; set by hub.join
	resumed bool        // it continues a session; set by hub.join

	metrics *metrics.Metrics
	failed  func(Failure) // see Server.failed
	trips   roundTrips

	// hangUp ends the connection: from any goroutine, under any lock, without waiting. The
	// first reason counts; see serveClient, which sets it. hangUp ends ctx.
	hangUp context.CancelCauseFunc
	ctx    context.Context
}

func (s *Server) newClient(in entry, r *http.Request, conn transport) *client {
	return &client{
		id:         in.clientID,
		roomID:     in.roomID,
		remoteAddr: r.RemoteAddr,
		address:    in.address,
		pass:       pass{who: in.who},
		health:     newHealth(),
		conn:       conn,
		outbox:     newOutbox(s.cfg.outboxSize()),
		log:        s.logOf(in, r),
		metrics:    s.metrics,
		failed:     s.failed,
	}
}

// entry is what admit and dismiss need to know of c.
func (c *client) entry() entry {
	return entry{clientID: c.id, roomID: c.roomID, address: c.address}
}

// send queues a message. All that goes to a client goes through here, and it never waits:
// who reads too slowly for its outbox is disconnected rather than waited for.
//
// Nil means that the message is in the outbox of a connection that nobody has hung up on.
func (c *client) send(e *envelope) error {
	// task 9.4: A client that is hung up on may be there for another second.
	if c.ctx.Err() != nil {
		return ErrNoSuchClient
	}
	// end task 9.4
	// task 2.5: Do not wait for a client that reads too slowly: when c.outbox has no room,
	// hang up with errSlow.
	if !c.outbox.put(e) {
		c.hangUp(errSlow)
		// task 9.4: Say so.
		return ErrTooSlow
		// end task 9.4
	}
	return nil
	// end task 2.5
}

// writePump writes the backlog and then what is in the outbox, in order, until the client is
// gone. Then it ends the connection.
func (s *Server) writePump(ctx context.Context, c *client) {
	// task 9.3: After a panic, c is still to be told why its connection ends. What is queued cannot be
	// written any more.
	err := safely(c.writeQueued)
	if is[*panicked](err) {
		c.endWith(err)
		end := endingOf(context.Cause(ctx))
		c.conn.writeClose(end.code, end.reason)
		return
	}
	// end task 9.3
	if err != nil {
		c.hangUp(&ending{code: wire.CloseAbnormal, cause: fmt.Errorf("write: %w", err)})
	}
	s.sayEnd(c, endingOf(context.Cause(ctx)))
}

// endWith hangs up on c because of err. "client disconnected" tells of the first reason alone, so that
// a later panic leaves a record here.
func (c *client) endWith(err error) {
	c.hangUp(err)
	// task 9.3: No panic goes unseen.
	if is[*panicked](err) && !errors.Is(context.Cause(c.ctx), err) {
		c.log.LogAttrs(c.ctx, slog.LevelError, "panic after the end", causeAttrs(err)...)
		// task 12.3: It is an error.
		c.failed(c.failure("", err))
		// end task 12.3
	}
	// end task 9.3
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
	// task 2.2: Write what comes out of c.outbox.queue; end when a write fails or c.ctx
	// ends, whichever is first.
	for {
		select {
		case e := <-c.outbox.queue:
			if err := c.write(e); err != nil {
				return err
			}
		case <-c.ctx.Done():
			return nil
		}
	}
	// end task 2.2
}

func (c *client) write(e *envelope) error {
	// task 9.5: Note what c has been asked, before it can answer.
	if e.ping {
		c.health.asked()
	}
	// end task 9.5
	// task 12.4: It may begin a round trip.
	if e.ping {
		c.trips.begin(e.id)
	}
	// end task 12.4
	if err := c.conn.write(e); err != nil {
		return err
	}
	// task 5.1: Count what has been written, with c.health.wrote.
	c.health.wrote()
	// end task 5.1
	// task 12.3: It counts.
	c.metrics.Sent()
	// end task 12.3
	return nil
}
