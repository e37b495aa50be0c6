// Package chat is the server that grows through the workshop. For now it echoes.
package chat

import (
	"log/slog"
	"net/http"

	"github.com/gorilla/websocket"
)

// Server is an http.Handler with a WebSocket endpoint at /ws and a page at /.
// It is safe for concurrent use.
type Server struct {
	cfg      Config
	log      *slog.Logger
	mux      *http.ServeMux
	upgrader websocket.Upgrader
}

// New returns a server, or an error that names the field of cfg that is out of range.
func New(cfg Config) (*Server, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	s := &Server{
		cfg:      cfg,
		log:      cfg.logger(),
		mux:      http.NewServeMux(),
		upgrader: websocket.Upgrader{Error: answerRefusal},
	}
	s.mux.HandleFunc("GET /ws", s.serveWS)
	s.mux.Handle("GET /", page())
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mux.ServeHTTP(w, r)
}
