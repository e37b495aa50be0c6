package chat

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"wsworkshop/solutions/13/metrics"
)

// Stats is what GET /stats tells.
type Stats struct {
	StartedAt     time.Time `json:"started_at"`
	UptimeSeconds float64   `json:"uptime_seconds"`
	Fitness
	MaxConnections int `json:"max_connections,omitempty"`

	Totals metrics.Totals           `json:"totals"`
	Rates  map[string]metrics.Rates `json:"per_minute"` // in the last "1m" and "5m"

	RoundTrip metrics.Percentiles `json:"round_trip"`
	Rooms     []RoomStats         `json:"rooms"` // by id

	RecentErrors []metrics.Failure `json:"recent_errors"` // the newest first
	RecentEvents []metrics.Event   `json:"recent_events"`
}

// RoomStats is what can be counted in a room.
type RoomStats struct {
	ID       string `json:"id"`
	Members  int    `json:"members"`
	Messages int64  `json:"messages"` // to it, since it began to exist
}

// stats tells how things are now.
func (s *Server) stats() Stats {
	return Stats{
		StartedAt:      s.metrics.Started.UTC(),
		UptimeSeconds:  time.Since(s.metrics.Started).Seconds(),
		Fitness:        s.fitness(),
		MaxConnections: s.cfg.MaxConnections,
		Totals:         s.metrics.Totals(),
		Rates:          map[string]metrics.Rates{"1m": s.metrics.Rates(1), "5m": s.metrics.Rates(5)},
		RoundTrip:      s.metrics.RoundTrips(),
		Rooms:          s.hub.roomStats(),
		RecentErrors:   s.metrics.RecentErrors(),
		RecentEvents:   s.metrics.RecentEvents(),
	}
}

// serveStats answers GET /stats.
func (s *Server) serveStats(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, s.stats())
}

// roomStats tells of each room with somebody in it, sorted by id.
func (h *hub) roomStats() []RoomStats {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := []RoomStats{}
	// task 12.6: See rm.list.
	for _, id := range slices.Sorted(maps.Keys(h.rooms)) {
		rm := h.rooms[id]
		if members := len(rm.list()); members > 0 {
			list = append(list, RoomStats{ID: id, Members: members, Messages: rm.said})
		}
	}
	// end task 12.6
	return list
}
