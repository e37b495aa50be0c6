package chat

import (
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/steps/12/metrics"
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

// feedUpgrader lets in pages of the same origin alone, wherever clients may come from: a WebSocket is
// open to the script of any page otherwise. A refusal is no client's.
var feedUpgrader = websocket.Upgrader{HandshakeTimeout: feedTimeout, Error: answerRefusal}

// serveFeed answers GET /admin/live, a WebSocket. A dashboard is no client: it is in no room, and does
// not count.
func (s *Server) serveFeed(w http.ResponseWriter, r *http.Request) {
	conn, err := s.upgradeBy(feedUpgrader, w, r)
	if err != nil {
		return // upgrade has answered already
	}
	conn.writeTimeout, conn.maxMessage = feedTimeout, 1024
	go s.feed(conn)
}

// feed writes to a dashboard until it has gone, or the last client has, at the end of the server.
func (s *Server) feed(conn *socket) {
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
	// TODO(12.10): A dashboard hears at once what has been, and then every second.
	<-gone // placeholder: it hears nothing
}
