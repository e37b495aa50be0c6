package chat

import (
	"io/fs"
	"net/http"
	"time"
)

// Admin returns what operators see, and nobody else: GET /stats, /metrics, /health with details, the
// dashboard at /admin/, and profiles below /debug/pprof/. It belongs on an address of its own that is
// not public.
func (s *Server) Admin() http.Handler {
	mux := http.NewServeMux()
	// TODO(12.1): Prometheus reads /metrics.
	mux.HandleFunc("GET /stats", s.serveStats)
	mux.HandleFunc("GET /health", s.serveDetails)
	mux.Handle("GET /admin", http.RedirectHandler("/admin/", http.StatusSeeOther))
	mux.Handle("GET /admin/", dashboard())
	mux.HandleFunc("GET /admin/live", s.serveFeed)
	handlePprof(mux)
	// TODO(12.1): See Config.GuardAdmin.
	return mux // placeholder: everybody gets in
}

// handlePprof serves profiles. To import net/http/pprof also puts them on http.DefaultServeMux, which
// nobody must serve. Cmdline is left out: a command line may have secrets.
func handlePprof(mux *http.ServeMux) {
	// TODO(12.1): See package net/http/pprof.
}

// dashboard serves the page of /admin/ and its parts.
func dashboard() http.Handler {
	files, err := fs.Sub(web, "web")
	if err != nil {
		panic(err) // only for a malformed path
	}
	server := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// TODO(12.1): What may the page load?
		server.ServeHTTP(w, r)
	})
}

// serveDetails answers GET /health for operators.
func (s *Server) serveDetails(w http.ResponseWriter, r *http.Request) {
	fitness := s.fitness()
	writeHealth(w, fitness.Status, struct {
		Fitness
		MaxConnections int     `json:"max_connections,omitempty"`
		UptimeSeconds  float64 `json:"uptime_seconds"`
	}{fitness, s.cfg.MaxConnections, time.Since(s.metrics.Started).Seconds()})
}
