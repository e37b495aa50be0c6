package chat

import (
	"net/http"

	"github.com/gorilla/websocket"
)

// serveWS turns an HTTP request into a WebSocket connection and serves it until it ends.
// net/http runs it in a goroutine of its own for each client.
func (s *Server) serveWS(w http.ResponseWriter, r *http.Request) {
	// TODO(1.1): Upgrade the request with s.upgrader and hand the connection to s.serveConn.
	// Refuse a request that is no handshake or a broken one, and log an Upgrade that fails.
	http.Error(w, "not written yet", http.StatusNotImplemented)
}

// serveConn is one connection's life, from the upgrade to the last byte.
func (s *Server) serveConn(conn *websocket.Conn) {
	// TODO(1.5): However the connection ends, let go of it when serveConn returns: net/http
	// does not close what Upgrade has taken over.
	conn.SetReadLimit(s.cfg.MaxMessageSize)
	gone := s.logConnection(conn)
	gone(echo(conn))
}
