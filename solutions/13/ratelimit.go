package chat

import (
	"fmt"
	"log/slog"
	"time"
)

// mayReceive tells whether a message of c is within its rate, or how long c must wait. A
// message that is refused for other reasons has the zero Type and counts too: it cost the
// same to read.
func (s *Server) mayReceive(c *client, m Message) (wait time.Duration, ok bool) {
	// task 6.5: Answers to heartbeats are free: the server has asked for them.
	// task 9.5: Only for as many as it has sent.
	if m.Type == TypeHeartbeatAck {
		if !c.health.ackDue() {
			s.control(c)
		}
		return 0, true
	}
	// end task 9.5
	// end task 6.5
	// task 6.3: Ask s.rate, for c's id.
	return s.rate.Allow(c.id)
	// end task 6.3
}

// refuseFlood tells c how long to wait. Of those answers too there are so many and no more
// in a window; what comes beyond that is dropped in silence.
func (s *Server) refuseFlood(c *client, messageID string, wait time.Duration) {
	// task 9.5: It is a bad message, whether c is told or not.
	if !s.forgives(c) {
		return
	}
	// end task 9.5
	// task 6.6: Say nothing when s.complaints does not allow it.
	if _, ok := s.complaints.Allow(c.id); !ok {
		return
	}
	// end task 6.6
	// task 6.3: Refuse the message, with CodeRateLimited and when to try again.
	p := &problem{
		code:       CodeRateLimited,
		sentence:   fmt.Sprintf("at most %d messages in %v", s.cfg.RateLimit, s.cfg.RateWindow),
		retryAfter: wait,
	}
	s.tell(c, messageID, p, slog.LevelInfo, p)
	// end task 6.3
}

// milliseconds rounds up: who waits that long has waited long enough.
func milliseconds(d time.Duration) int64 {
	// task 6.3: Round up.
	return int64((d + time.Millisecond - 1) / time.Millisecond)
	// end task 6.3
}
