package chat

import (
	"net/http"
	"regexp"

	"github.com/gorilla/websocket"
)

const defaultRoom = "lobby"

// task 3.1: Let ids have 1 to 64 letters, digits, "_", "-" and ".", beginning with a letter
// or a digit. An id ends up in URLs, in logs and on other people's screens.

// validID is what a client or a room may be called: a bound on the length, and an alphabet
// that is harmless in URLs, in logs and on other people's screens. The first character
// rules out "." and "..", which a path takes for something else.
var validID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`)

// end task 3.1

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
	// task 3.1: Take the client id from the path and the room from ?room_id=, or
	// defaultRoom; refuse what is malformed with 400 Bad Request.
	id, roomID := r.PathValue("client_id"), r.URL.Query().Get("room_id")
	if roomID == "" {
		roomID = defaultRoom
	}
	if !validID.MatchString(id) || !validID.MatchString(roomID) {
		http.Error(w, "client_id, room_id: 1 to 64 letters, digits, _ - . and the first a letter or digit", http.StatusBadRequest)
		return
	}
	// end task 3.1
	if err := s.hub.admit(id, roomID); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	defer s.hub.dismiss(id, roomID)
	ask := resumption{
		sessionID:     r.URL.Query().Get("session_id"),
		lastMessageID: r.URL.Query().Get("last_message_id"),
	}
	conn, err := s.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered already
	}
	// task 1.5: However the connection ends, let go of it when serveWS returns: net/http
	// does not close what Upgrade has taken over.
	defer conn.Close()
	// end task 1.5
	conn.SetReadLimit(s.cfg.MaxMessageSize)
	s.serveClient(newClient(id, roomID, conn, s.cfg), ask)
	// end task 1.1
}

// serveClient is one client's life in the hub. Reading happens here, in the goroutine
// that net/http started; writing in a second one. When either ends, both do.
func (s *Server) serveClient(c *client, ask resumption) {
	gone := s.logConnection(c)
	s.hub.join(c, ask)
	writing := make(chan struct{})
	go func() {
		defer close(writing)
		c.hangUp(c.writePump())
	}()
	c.hangUp(s.readPump(c))
	s.hub.leave(c)
	<-writing
	gone(c.reason)
}
