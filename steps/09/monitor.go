package chat

import (
	"sync"
	"time"
)

// monitor looks after all connections of a hub, in one goroutine.
type monitor struct {
	hub        *hub
	interval   time.Duration
	staleAfter time.Duration

	stopOnce sync.Once
	stopping chan struct{}
	running  sync.WaitGroup
}

// startMonitor starts a monitor, which stop ends. An interval of zero starts none.
func startMonitor(h *hub, interval, staleAfter time.Duration) *monitor {
	m := &monitor{hub: h, interval: interval, staleAfter: staleAfter, stopping: make(chan struct{})}
	// task 5.3: Run m.run in a goroutine that m.running counts, unless interval is zero.
	if interval > 0 {
		m.running.Go(m.run)
	}
	// end task 5.3
	return m
}

// stop ends the monitor and waits until it has ended. Stopping again does nothing.
func (m *monitor) stop() {
	// task 5.6: Close m.stopping, once, and wait for m.running.
	m.stopOnce.Do(func() { close(m.stopping) })
	m.running.Wait()
	// end task 5.6
}

// run looks after the connections once in every interval.
func (m *monitor) run() {
	// task 5.3: Call m.hub.checkUp at every tick of a time.Ticker, until m.stopping is closed.
	ticker := time.NewTicker(m.interval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			m.hub.background("check-up", func() { m.hub.checkUp(m.staleAfter) })
		case <-m.stopping:
			return
		}
	}
	// end task 5.3
}

// checkUp hangs up on every client that has been silent for longer than staleAfter, and
// sends the others a heartbeat. When staleAfter is zero, nobody is silent for too long.
func (h *hub) checkUp(staleAfter time.Duration) {
	heartbeat := seal(Message{Type: TypeHeartbeat})
	heartbeat.ping = true
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.sessions {
		c := s.client
		if c == nil {
			continue // it may come back
		}
		// task 5.5: Hang up with errStale on a client whose silence is longer than staleAfter,
		// and go on with the next. A staleAfter of zero cuts nobody.
		if staleAfter > 0 && c.health.silence() > staleAfter {
			c.hangUp(errStale)
			continue
		}
		// end task 5.5
		// task 5.3: Send c the heartbeat.
		c.send(heartbeat)
		// end task 5.3
	}
}

// answer tells a client that the server is alive: with the id of the client's heartbeat, so
// that it can measure how long that took.
func answer(c *client, messageID string) {
	// task 5.3: Send c a TypeHeartbeatAck with that id.
	c.send(seal(Message{Type: TypeHeartbeatAck, ID: messageID}))
	// end task 5.3
}
