package chat

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/steps/13/metrics"
	"wsworkshop/steps/13/wire"
)

// What a dashboard gets, in one text message each second. The first one has what the server remembers,
// fifteen minutes at most; each later one has the second that has passed.
type update struct {
	StartedAt time.Time        `json:"started_at"` // another one than before: the server has been restarted
	Samples   []metrics.Sample `json:"samples"`    // the oldest first
	Stats     Stats            `json:"stats"`
}

// feedTimeout bounds each write to a dashboard.
const feedTimeout = 10 * time.Second

// feedUpgrader is for dashboards. serveFeed has looked at their origin: gorilla would compare hosts alone.
var feedUpgrader = websocket.Upgrader{
	HandshakeTimeout: feedTimeout,
	CheckOrigin:      func(*http.Request) bool { return true },
	Error:            answerRefusal,
}

// serveFeed answers GET /admin/live, a WebSocket. A dashboard is no client: it is in no room, and does
// not count.
func (s *Server) serveFeed(w http.ResponseWriter, r *http.Request) {
	// task 12.10: Not every page may watch.
	if !s.isOwn(r) {
		const sentence = "this origin may not watch"
		http.Error(w, sentence, http.StatusForbidden)
		s.logRefusal(r, slog.Int("status", http.StatusForbidden), slog.String("reason", sentence))
		return
	}
	// end task 12.10
	conn, err := s.upgradeBy(feedUpgrader, w, r)
	if err != nil {
		return // upgrade has answered already
	}
	conn.writeTimeout, conn.maxMessage = feedTimeout, 1024
	s.feed(r.Context(), conn)
}

// isOwn tells whether a request comes from a page of the address that it asks, or from no page.
func (s *Server) isOwn(r *http.Request) bool {
	// task 12.10: See originOf and joinOrigin.
	given := r.Header.Values("Origin")
	if len(given) == 0 {
		return true
	}
	origin, ok := originOf(given[0])
	return ok && len(given) == 1 && origin == joinOrigin(s.schemeOf(r), r.Host)
	// end task 12.10
}

// feed writes to a dashboard until it has gone, or the last client has, at the end of the server. ctx
// ends earlier if Config.GuardAdmin says so.
func (s *Server) feed(ctx context.Context, conn *socket) {
	defer conn.drop()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		for {
			if _, _, err := conn.read(); err != nil {
				return
			}
		}
	}()
	// task 12.10: Write an update, and another one every second, until the end.
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for next := int64(0); ; {
		var samples []metrics.Sample
		samples, next = s.metrics.Samples(next)
		if conn.write(&envelope{data: encode(update{s.metrics.Started.UTC(), samples, s.stats()})}) != nil {
			return
		}
		select {
		case <-tick.C:
		case <-gone:
			return
		case <-ctx.Done():
			conn.writeClose(wire.ClosePolicyViolation, "the time of this dashboard is over")
			return
		case <-s.hub.empty:
			conn.writeClose(wire.CloseGoingAway, "the server is closing")
			return
		}
	}
	// end task 12.10
}
