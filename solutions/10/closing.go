package chat

import (
	"time"

	"wsworkshop/solutions/10/wire"
)

// The closing handshake of a connection, in the goroutines that serveClient has started: one side
// sends a close frame, the other side answers with one, and then the server closes TCP (RFC 6455,
// section 7). It begins when somebody hangs up.

const (
	lingerTimeout = time.Second     // how long the server reads on after a frame that broke the protocol
	graceTimeout  = time.Second / 2 // for the close frame, where nobody waits for the answer
)

// beginClosing is called in a goroutine of its own as soon as c is hung up on. The writer may be in
// the middle of a write, and the reader waits for c.
func (s *Server) beginClosing(c *client, end *ending) {
	// task 8.5: See to it that the handshake is over in time, whatever c does.
	patience := s.patience(end)
	if patience == 0 {
		c.conn.drop() // without a timer: a timer of zero can crash Go's race detector in a test's bubble
		return
	}
	c.conn.dropIn(patience)
	// end task 8.5
}

// patience is how long a closing handshake may take, from its beginning until TCP is closed.
func (s *Server) patience(end *ending) time.Duration {
	switch {
	case end.code == wire.CloseAbnormal:
		return 0 // there is nobody to answer
	case s.cfg.CloseTimeout == 0:
		return graceTimeout
	case end.code == wire.CloseProtocolError && !end.byPeer:
		return min(lingerTimeout, s.cfg.CloseTimeout)
	}
	return s.cfg.CloseTimeout
}

// sayEnd is called by the goroutine that writes to c, as the last thing that it does.
func (s *Server) sayEnd(c *client, end *ending) {
	// task 8.5: Write what c is still to get.
	if end.code == wire.CloseAbnormal || c.writeRest() != nil {
		return
	}
	c.conn.writeClose(end.code, end.reason)
	if s.cfg.CloseTimeout == 0 {
		c.conn.drop()
	}
	// end task 8.5
}

// writeRest writes what is in the outbox at the moment.
func (c *client) writeRest() error {
	for {
		select {
		case e := <-c.outbox.queue:
			if err := c.write(e); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

// linger is called by the goroutine that reads from conn, when it has read all that it understands.
// why says what has come then: the client's close frame, the end of TCP, or a broken frame.
func (s *Server) linger(conn *socket, why *ending) {
	// task 8.6: Closing TCP while c still sends makes the system reset the connection, and then the
	// close frame may never arrive.
	if why.code == wire.CloseProtocolError && !why.byPeer && s.cfg.CloseTimeout > 0 {
		conn.discard()
	}
	// end task 8.6
}
