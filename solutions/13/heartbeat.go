package chat

import (
	"math/rand/v2"
	"sync"
	"time"
)

// heartbeat looks after one connection, once in every HeartbeatInterval.
type heartbeat struct {
	mu    sync.Mutex
	timer *time.Timer // nil once it is stopped
}

// startHeartbeat begins to look after c. The first time is at random, so that connections that began
// together, after a restart for example, are not looked after at the same moment for ever.
func (s *Server) startHeartbeat(c *client) *heartbeat {
	h := &heartbeat{}
	interval := s.cfg.HeartbeatInterval
	if interval == 0 {
		return h
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	// task 10.6: Connections that begin together do not beat together.
	first := interval - rand.N(interval/2+1)
	h.timer = time.AfterFunc(first, func() {
		s.hub.guard("heartbeat", func() { s.checkUp(c) })
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.timer != nil {
			h.timer.Reset(interval)
		}
	})
	// end task 10.6
	return h
}

// stop ends the heartbeat. One that has begun may still go on for a moment.
func (h *heartbeat) stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.timer != nil {
		h.timer.Stop()
		h.timer = nil
	}
}

// checkUp hangs up on c if it has been silent for longer than StaleAfter, or sends it a heartbeat. When
// StaleAfter is zero, nobody is silent for too long.
func (s *Server) checkUp(c *client) {
	// task 5.5: Hang up with errStale on a client whose silence is longer than StaleAfter.
	if s.cfg.StaleAfter > 0 && c.health.silence() > s.cfg.StaleAfter {
		c.hangUp(errStale)
		return
	}
	// end task 5.5
	// task 5.3: Send c the heartbeat.
	e := seal(Message{Type: TypeHeartbeat})
	e.ping = true
	c.send(e)
	// end task 5.3
}

// answer tells a client that the server is alive: with the id of the client's heartbeat, so
// that it can measure how long that took.
func answer(c *client, messageID string) {
	// task 5.3: Send c a TypeHeartbeatAck with that id.
	c.send(seal(Message{Type: TypeHeartbeatAck, ID: messageID}))
	// end task 5.3
}
