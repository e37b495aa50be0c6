package chat

import (
	"strings"
	"time"

	"wsworkshop/steps/13/wire"
)

// transportName is a transport as a label.
func transportName(t transport) string {
	if _, ok := t.(*stream); ok {
		return "events"
	}
	return "websocket"
}

// opened notes that a connection has opened. One that a server refuses at its very end has no session.
func (s *Server) opened(c *client) {
	if c.session != nil {
		s.crowd.opened(c.id)
		s.metrics.Opened(transportName(c.conn), c.id, c.roomID, c.resumed)
	}
}

// closed notes that a connection has ended of which opened was told.
func (s *Server) closed(c *client, code wire.CloseCode) {
	if c.session != nil {
		s.crowd.closed(c.id)
		s.metrics.Closed(transportName(c.conn), c.id, c.roomID, code, time.Since(c.health.since))
	}
}

// isConnection tells whether requests that match a pattern of s.mux become connections.
func isConnection(pattern string) bool {
	return strings.HasPrefix(pattern, "GET /ws/") || strings.HasPrefix(pattern, "GET /events/")
}

// timed measures how long it takes to queue a message for all who get it.
func (s *Server) timed(queue func()) {
	// task 12.3: Tell the metrics.
	began := time.Now()
	queue()
	s.metrics.Broadcast(time.Since(began))
	// end task 12.3
}

// addGauges adds the numbers that are read when somebody asks. A number that is read cannot be wrong
// because somebody has forgotten to count.
func (s *Server) addGauges() {
	s.metrics.Gauge("chat_rooms", "Rooms with somebody in them.", func() float64 { return float64(len(s.hub.roomStats())) })
	s.metrics.Gauge("chat_ready", "1 if new clients are welcome, else 0.", func() float64 {
		if s.fitness().Ready {
			return 1
		}
		return 0
	})
	if s.cfg.MaxConnections > 0 {
		s.metrics.Gauge("chat_connections_max", "Connections that the server takes.", func() float64 { return float64(s.cfg.MaxConnections) })
	}
}
