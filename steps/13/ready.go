package chat

import (
	"io"
	"net/http"
	"strconv"
	"time"
)

// serveReady answers GET /ready, which load balancers ask: should this server get new clients? It is
// not about health. A server that stops is healthy, and new clients belong elsewhere.
func (s *Server) serveReady(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	// task 10.3: From the beginning of a stop on, the answer is 503.
	if s.hub.isShut() {
		s.retryLater(w)
		http.Error(w, ErrClosed.Error(), http.StatusServiceUnavailable)
		return
	}
	io.WriteString(w, "ready\n") // an error means that the client is gone
	// end task 10.3
}

// retryLater says when another server will be in the place of this one, in whole seconds.
func (s *Server) retryLater(w http.ResponseWriter) {
	// task 10.3: That is when the stop is over, at the latest.
	longest := s.cfg.DrainPeriod + s.cfg.ShutdownTimeout
	seconds := max(1, int((longest+time.Second-1)/time.Second))
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	// end task 10.3
}
