package chat

import (
	"time"

	"wsworkshop/solutions/08/wire"
)

// lingerTimeout is how long the server reads on after a frame that broke the protocol.
const lingerTimeout = time.Second

// patience is how long the closing handshake may take, from its beginning until TCP is cut.
func (s *Server) patience(end *ending) time.Duration {
	// task 8.5: That depends on the ending and on s.cfg.CloseTimeout.
	//- return 0 // placeholder: nobody has time to answer
	switch {
	case end.code == wire.CloseAbnormal:
		return 0 // there is nobody to answer
	case s.cfg.CloseTimeout == 0:
		return lingerTimeout // for the close frame itself; nobody waits for the answer
	case end.code == wire.CloseProtocolError:
		return min(lingerTimeout, s.cfg.CloseTimeout)
	}
	return s.cfg.CloseTimeout
	// end task 8.5
}

// sayEnd ends what c is sent.
func (s *Server) sayEnd(c *client, end *ending) {
	// task 8.5: What is queued goes out first, the close frame last.
	//- c.conn.writeClose(end.code, end.reason) // placeholder: what is queued is lost
	//- c.conn.drop()
	if end.code == wire.CloseAbnormal || c.writeRest() != nil {
		return
	}
	c.conn.writeClose(end.code, end.reason)
	if s.cfg.CloseTimeout == 0 {
		c.conn.drop()
	}
	// end task 8.5
}

// writeRest writes what is queued at the moment.
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

// linger is called when nothing more can be understood of what c sends. TCP must not be closed
// while the client still sends: what it has sent unread would make the system reset the
// connection, and the close frame would be lost on the way.
func (s *Server) linger(c *client, end *ending) {
	// task 8.6: Read on, without looking at it, while the close frame is on its way.
	if end.code == wire.CloseProtocolError && !end.byPeer && s.cfg.CloseTimeout > 0 {
		c.conn.discard()
	}
	// end task 8.6
}
