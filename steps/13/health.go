package chat

import (
	"sync/atomic"
	"time"
)

// health is what is known of a connection's life. Its methods are safe for concurrent use:
// the pumps write it down, the monitor and whoever lists a room read it.
type health struct {
	since    time.Time
	lastSeen atomic.Int64 // nanoseconds after since, by the monotonic clock
	in, out  atomic.Int64 // messages
	acks     atomic.Int64 // answers to heartbeats that are due
	pongs    atomic.Int64 // and answers to the pings that go with them
}

func newHealth() *health { return &health{since: time.Now()} }

// seen notes a sign of life.
func (h *health) seen() {
	// task 5.2: Note that the client is alive now. Two places in client.go call this.
	h.lastSeen.Store(int64(time.Since(h.since)))
	// end task 5.2
}

func (h *health) read()  { h.in.Add(1) }
func (h *health) wrote() { h.out.Add(1) }

// asked notes that the client is sent a heartbeat, and over a WebSocket a ping.
func (h *health) asked() {
	h.acks.Add(1)
	h.pongs.Add(1)
}

// ackDue tells whether the server has asked for this heartbeat_ack. Each is due once.
func (h *health) ackDue() bool { return due(&h.acks) }

// pongDue is ackDue for a pong.
func (h *health) pongDue() bool { return due(&h.pongs) }

// due takes one from n, unless nothing is left. Several answers may come at the same time.
func due(n *atomic.Int64) bool {
	// task 9.5: Each is due once, also if several answers come at the same time.
	for left := n.Load(); left > 0; left = n.Load() {
		if n.CompareAndSwap(left, left-1) {
			return true
		}
	}
	return false
	// end task 9.5
}

// silence is how long ago the client was last seen.
func (h *health) silence() time.Duration {
	return time.Since(h.since) - time.Duration(h.lastSeen.Load())
}

// report fills in what m tells of the connection.
func (h *health) report(m *Member) {
	// task 5.1: Fill in ConnectedAt, LastSeen, MessagesIn and MessagesOut. The two other places
	// of 5.1 count; nobody sees their counts before this one.
	m.ConnectedAt = h.since.UTC()
	m.LastSeen = m.ConnectedAt.Add(time.Duration(h.lastSeen.Load()))
	m.MessagesIn = h.in.Load()
	m.MessagesOut = h.out.Load()
	// end task 5.1
}
