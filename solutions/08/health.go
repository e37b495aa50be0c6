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
