package chat

import (
	"io/fs"
	"net/http"
	"net/http/pprof"
	"time"
)

// Admin returns what operators see, and nobody else: GET /stats, /metrics, /health with details, the
// dashboard at /admin/, and profiles below /debug/pprof/. It belongs on an address of its own that is
// not public.
func (s *Server) Admin() http.Handler {
	mux := http.NewServeMux()
	// task 12.1: Prometheus reads /metrics.
	mux.Handle("GET /metrics", s.metrics.Handler())
	// end task 12.1
	mux.HandleFunc("GET /stats", s.serveStats)
	mux.HandleFunc("GET /health", s.serveDetails)
	mux.Handle("GET /admin", http.RedirectHandler("/admin/", http.StatusSeeOther))
	mux.Handle("GET /admin/", dashboard())
	mux.HandleFunc("GET /admin/live", s.serveFeed)
	handlePprof(mux)
	// task 12.1: See Config.GuardAdmin.
	//- return mux // placeholder: everybody gets in
	if s.cfg.GuardAdmin != nil {
		return s.cfg.GuardAdmin(mux)
	}
	return mux
	// end task 12.1
}

// handlePprof serves profiles. To import net/http/pprof also puts them on http.DefaultServeMux, which
// nobody must serve. Cmdline is left out: a command line may have secrets.
func handlePprof(mux *http.ServeMux) {
	// task 12.1: See package net/http/pprof.
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	// end task 12.1
}

// dashboard serves the page of /admin/ and its parts.
func dashboard() http.Handler {
	files, err := fs.Sub(web, "web")
	if err != nil {
		panic(err) // only for a malformed path
	}
	server := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// task 12.1: What may the page load?
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src data:; frame-ancestors 'none'")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		// end task 12.1
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
