package chat

import (
	"net/http"

	"github.com/gorilla/websocket"
)

// serveWS turns an HTTP request into a WebSocket connection and serves it until it ends.
// net/http runs it in a goroutine of its own for each client.
func (s *Server) serveWS(w http.ResponseWriter, r *http.Request) {
	// task 1.1: Upgrade the request with s.upgrader and hand the connection to s.serveConn.
	// Refuse a request that is no handshake or a broken one, and log an Upgrade that fails.
	//- http.Error(w, "not written yet", http.StatusNotImplemented)
	if !r.ProtoAtLeast(1, 1) || r.ContentLength != 0 || !websocket.IsWebSocketUpgrade(r) {
		// HTTP/1.0 has no upgrade (RFC 9110, section 7.8). gorilla would take a body for
		// frames that came too early, and drop the connection without an answer.
		s.refuse(w, r, http.StatusUpgradeRequired,
			"this is a WebSocket endpoint: open it with a WebSocket handshake, in HTTP/1.1 and without a body")
		return
	}
	conn, err := s.upgrader.Upgrade(w, r, nil)
	if err != nil { // Upgrade has answered already
		s.log.Info("handshake refused", "remote", r.RemoteAddr, "reason", err.Error())
		return
	}
	s.serveConn(conn)
	// end task 1.1
}

// serveConn is one connection's life, from the upgrade to the last byte.
func (s *Server) serveConn(conn *websocket.Conn) {
	// task 1.5: However the connection ends, let go of it when serveConn returns: net/http
	// does not close what Upgrade has taken over.
	defer conn.Close()
	// end task 1.5
	conn.SetReadLimit(s.cfg.MaxMessageSize)
	gone := s.logConnection(conn)
	gone(echo(conn))
}
