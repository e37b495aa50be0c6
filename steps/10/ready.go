package chat

import (
	"io"
	"net/http"
)

// serveReady answers GET /ready, which load balancers ask: should this server get new clients? It is
// not about health. A server that stops is healthy, and new clients belong elsewhere.
func (s *Server) serveReady(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	// TODO(10.3): From the beginning of a stop on, the answer is 503.
	io.WriteString(w, "ready\n") // placeholder: always
}

// retryLater says when another server will be in the place of this one, in whole seconds.
func (s *Server) retryLater(w http.ResponseWriter) {
	// TODO(10.3): That is when the stop is over, at the latest.
	_ = w // placeholder: nothing is said
}
