package chat

import (
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

var errStale = &farewell{websocket.CloseGoingAway, "silent for too long"}

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
	// TODO(5.3): Run m.run in a goroutine that m.running counts, unless interval is zero.
	return m
}

// stop ends the monitor and waits until it has ended. Stopping again does nothing.
func (m *monitor) stop() {
	// TODO(5.6): Close m.stopping, once, and wait for m.running.
	if m.interval > 0 {
		close(m.stopping)
	}
}

// run looks after the connections once in every interval.
func (m *monitor) run() {
	// TODO(5.3): Call m.hub.checkUp at every tick of a time.Ticker, until m.stopping is closed.
}

// checkUp hangs up on every client that has been silent for longer than staleAfter, and
// sends the others a heartbeat. When staleAfter is zero, nobody is silent for too long.
func (h *hub) checkUp(staleAfter time.Duration) {
	heartbeat := seal(Message{Type: TypeHeartbeat})
	heartbeat.ping = true
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.members {
		if c == nil {
			continue // still shaking hands
		}
		// TODO(5.5): Hang up with errStale on a client whose silence is longer than staleAfter,
		// and go on with the next. A staleAfter of zero cuts nobody.
		// TODO(5.3): Send c the heartbeat.
	}
}

// answer tells a client that the server is alive: with the id of the client's heartbeat, so
// that it can measure how long that took.
func answer(c *client, messageID string) {
	// TODO(5.3): Send c a TypeHeartbeatAck with that id.
}
