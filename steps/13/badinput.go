package chat

import "time"

// badWindow is the time in which Config.MaxBadMessages counts.
const badWindow = time.Minute

// forgives counts one bad message of c. It hangs up on c and returns false when that was one too
// many.
func (s *Server) forgives(c *client) bool {
	// task 9.5: A client that comes back does not begin anew.
	if _, ok := s.bad.Allow(c.id); !ok {
		c.hangUp(errBadInput)
		return false
	}
	return true
	// end task 9.5
}

// control counts a ping of c, or an answer to a heartbeat or ping that nobody has asked for. These
// are free, up to the number of messages that c may send.
func (s *Server) control(c *client) {
	// task 9.5: Each one over that is bad.
	if _, ok := s.controls.Allow(c.id); !ok {
		s.forgives(c)
	}
	// end task 9.5
}
