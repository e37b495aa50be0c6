package chat

import (
	"time"
)

// mayReceive tells whether a message of c is within its rate, or how long c must wait. A
// message that is refused for other reasons has the zero Type and counts too: it cost the
// same to read.
func (s *Server) mayReceive(c *client, m Message) (wait time.Duration, ok bool) {
	// TODO(6.5): Answers to heartbeats are free: the server has asked for them.
	// TODO(6.3): Ask s.rate, for c's id.
	return 0, true
}

// refuseFlood tells c how long to wait. Of those answers too there are so many and no more
// in a window; what comes beyond that is dropped in silence.
func (s *Server) refuseFlood(c *client, messageID string, wait time.Duration) {
	// TODO(6.6): Say nothing when s.complaints does not allow it.
	// TODO(6.3): Refuse the message, with CodeRateLimited and when to try again.
}

// milliseconds rounds up: who waits that long has waited long enough.
func milliseconds(d time.Duration) int64 {
	// TODO(6.3): Round up.
	return d.Milliseconds()
}
