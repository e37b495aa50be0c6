package chat

import (
	"sync"
	"time"
)

// roundTrips are the heartbeats that a client has not answered. The goroutine that writes adds to
// them; several that hear the client may take from them.
type roundTrips struct {
	mu   sync.Mutex
	open []asked // the oldest first
}

type asked struct {
	id string // of the heartbeat
	at time.Time
}

// maxOpenTrips bounds what is kept of a client that answers nothing.
const maxOpenTrips = 8

// begin notes that a heartbeat leaves now.
func (r *roundTrips) begin(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	// task 12.4: Keep the latest maxOpenTrips.
	r.open = append(r.open, asked{id, time.Now()})
	if len(r.open) > maxOpenTrips {
		r.open = r.open[1:]
	}
	// end task 12.4
}

// end returns how long ago the heartbeat left that is answered now. ok is false if there is none.
func (r *roundTrips) end(id string) (took time.Duration, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	// task 12.4: The answer ends it.
	for i, a := range r.open {
		if a.id == id {
			r.open = append(r.open[:i:i], r.open[i+1:]...)
			return time.Since(a.at), true
		}
	}
	// end task 12.4
	return 0, false
}

// noteRoundTrip notes that c has answered a heartbeat.
func (s *Server) noteRoundTrip(c *client, messageID string) {
	// task 12.4: Metrics are told of round trips.
	if took, ok := c.trips.end(messageID); ok {
		s.metrics.RoundTrip(took)
	}
	// end task 12.4
}
