package chat

import (
	"io"
	"net/http"
	"strconv"
	"time"
)

// Whoever can reach the server may ask these three. The answers tell no details: see Admin.

// serveLive answers GET /livez: should this process be started again? As long as it can answer, that
// would only harm.
func (s *Server) serveLive(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	// task 12.9: Say so.
	io.WriteString(w, "alive\n") // an error means that the client is gone
	// end task 12.9
}

// serveReady answers GET /readyz, and GET /ready, which load balancers ask: should this server get new
// clients? It is not about life. A server that stops is alive, and new clients belong elsewhere.
func (s *Server) serveReady(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	// task 12.9: See fitness.
	// task 10.3: From the beginning of a stop on, the answer is 503.
	if !s.fitness().Ready {
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return
	}
	io.WriteString(w, "ready\n") // an error means that the client is gone
	// end task 10.3
	// end task 12.9
}

// serveHealth answers GET /health: how is it? A server that is degraded still serves.
func (s *Server) serveHealth(w http.ResponseWriter, r *http.Request) {
	status := s.fitness().Status
	writeHealth(w, status, struct {
		Status Status `json:"status"`
	}{status})
}

// writeHealth answers with what is told of a status.
func writeHealth(w http.ResponseWriter, status Status, told any) {
	// task 12.9: A program looks at the status code alone.
	if status == Draining {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	// end task 12.9
	writeJSON(w, told)
}

// retryLater says when another server will be in the place of this one, in whole seconds.
func (s *Server) retryLater(w http.ResponseWriter) {
	// task 10.3: That is when the stop is over, at the latest.
	longest := s.cfg.DrainPeriod + s.cfg.ShutdownTimeout
	seconds := max(1, int((longest+time.Second-1)/time.Second))
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	// end task 10.3
}
