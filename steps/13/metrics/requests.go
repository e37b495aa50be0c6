package metrics

import (
	"net/http"
	"strconv"
	"time"
)

// Observe returns a handler that measures how long next takes, for requests that are no connections.
// isConnection tells those that are by the pattern of http.ServeMux that they match.
func (m *Metrics) Observe(next http.Handler, isConnection func(pattern string) bool) http.Handler {
	// task 12.5: See watchedWriter.
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		watched := &watchedWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(watched, r)
		if isConnection(r.Pattern) {
			return
		}
		m.requests.WithLabelValues(routeLabel(r), strconv.Itoa(watched.status)).Observe(time.Since(began).Seconds())
	})
	// end task 12.5
}

// routeLabel is where a request went, as a label.
func routeLabel(r *http.Request) string {
	// task 12.5: See http.Request.Pattern.
	if r.Pattern == "" {
		return "other"
	}
	return r.Pattern
	// end task 12.5
}

// watchedWriter notes the status of an answer.
type watchedWriter struct {
	http.ResponseWriter
	status int
	wrote  bool
}

func (w *watchedWriter) WriteHeader(status int) {
	// task 12.5: An answer may begin with one or more of 1xx.
	if status >= 200 && !w.wrote {
		w.wrote, w.status = true, status
	}
	// end task 12.5
	w.ResponseWriter.WriteHeader(status)
}

func (w *watchedWriter) Write(p []byte) (int, error) {
	w.wrote = true
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController find what w has beside the methods of a ResponseWriter: Hijack,
// Flush, deadlines.
func (w *watchedWriter) Unwrap() http.ResponseWriter {
	// task 12.5: Return it.
	return w.ResponseWriter
	// end task 12.5
}
