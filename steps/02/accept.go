package chat

import (
	"errors"
	"net/http"
	"regexp"

	"github.com/gorilla/websocket"
)

// validName is what a client may be called.
var validName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`)

// serveWS lets a client in: whatever there is to refuse is refused before the upgrade,
// while an HTTP status can still say why. Then it serves the client until it is gone.
func (s *Server) serveWS(w http.ResponseWriter, r *http.Request) {
	// task 1.1: Upgrade the request with s.upgrader and hand the connection to
	// s.serveClient. Whoever does not ask for a WebSocket gets 426 Upgrade Required.
	if !websocket.IsWebSocketUpgrade(r) {
		w.Header().Set("Upgrade", "websocket") // RFC 9110, section 15.5.22
		w.Header().Set("Connection", "Upgrade")
		http.Error(w, "this is a WebSocket endpoint", http.StatusUpgradeRequired)
		return
	}
	name := r.URL.Query().Get("name")
	// TODO(2.1): Refuse a name that is missing or malformed with 400 Bad Request.
	if err := s.hub.admit(name); err != nil {
		http.Error(w, err.Error(), admitStatus(err))
		return
	}
	defer s.hub.dismiss(name)
	conn, err := s.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered already
	}
	// task 1.5: However the connection ends, let go of it when serveWS returns: net/http
	// does not close what Upgrade has taken over.
	defer conn.Close()
	// end task 1.5
	conn.SetReadLimit(s.cfg.MaxMessageSize)
	s.serveClient(newClient(name, conn, s.cfg))
	// end task 1.1
}

// admitStatus is the HTTP status that tells a client why it is not let in.
func admitStatus(err error) int {
	if errors.Is(err, errClosed) {
		return http.StatusServiceUnavailable
	}
	return http.StatusConflict
}

// serveClient is one client's life in the hub. Reading happens here, in the goroutine
// that net/http started; writing in a second one. When either ends, both do.
func (s *Server) serveClient(c *client) {
	gone := s.logConnection(c)
	writing := make(chan struct{})
	go func() {
		defer close(writing)
		c.hangUp(c.writePump())
	}()
	s.hub.join(c)
	c.hangUp(s.readPump(c))
	s.hub.leave(c)
	<-writing
	gone(c.reason)
}
