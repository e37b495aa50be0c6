package chat

import (
	"net/http"
	"net/url"
)

// serveTicket answers POST /ticket. A page that has a token cannot send it with an EventSource: it gets a
// ticket, and puts that into the URL.
func (s *Server) serveTicket(w http.ResponseWriter, r *http.Request) {
	// TODO(11.4): Only a token gets a ticket, and only where a connection would be let in.
	s.refuse(w, r, http.StatusNotImplemented, "not written yet")
}

// headerOf returns what the header Authorization says, and nothing else: for requests that need no other
// place.
func headerOf(r *http.Request) []credential {
	only := http.Header{"Authorization": r.Header["Authorization"]}
	return credentialsOf(&http.Request{Header: only, URL: &url.URL{}})
}
