package chat

import (
	"time"

	"wsworkshop/solutions/13/wire"
)

// The closing handshake of a connection, in the goroutines that serveClient has started: one side
// sends a close frame, the other side answers with one, and then the server closes TCP (RFC 6455,
// section 7). It begins when somebody hangs up.

// beginClosing is called in a goroutine of its own as soon as c is hung up on. The writer may be in
// the middle of a write, and the reader waits for c.
func (s *Server) beginClosing(c *client, end *ending) {
	// task 8.5: The handshake is over in time, whatever c does.
	most := s.cfg.CloseTimeout
	switch {
	case end.code == wire.CloseAbnormal:
		c.conn.drop() // there is nobody to answer
		return
	case most == 0:
		most = time.Second / 2 // for the close frame, if c does not read
	case end.code == wire.CloseProtocolError && !end.byPeer:
		most = min(most, time.Second)
	}
	c.conn.dropIn(most)
	// end task 8.5
}

// sayEnd is called by the goroutine that writes to c, as the last thing that it does.
func (s *Server) sayEnd(c *client, end *ending) {
	// task 8.5: c gets everything that it is still to get.
	if end.code == wire.CloseAbnormal {
		return
	}
	for range len(c.outbox.queue) {
		if c.write(<-c.outbox.queue) != nil {
			return
		}
	}
	c.conn.writeClose(end.code, end.reason)
	if s.cfg.CloseTimeout == 0 {
		c.conn.drop()
	}
	// end task 8.5
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
