package chat

import (
	"net/http"
	"net/url"

	"wsworkshop/steps/13/auth"
)

// serveTicket answers POST /ticket. A page that has a token cannot send it with an EventSource: it gets a
// ticket, and puts that into the URL.
func (s *Server) serveTicket(w http.ResponseWriter, r *http.Request) {
	// task 11.4: Only a token gets a ticket, and only where a connection would be let in.
	if s.cfg.Auth == nil {
		http.NotFound(w, r)
		return
	}
	if !s.mayCome(w, r) {
		return
	}
	who, ok := s.identify(w, r, headerOf(r))
	if !ok {
		return
	}
	writeJSON(w, struct {
		Ticket    string `json:"ticket"`
		ExpiresIn int    `json:"expires_in"` // seconds
	}{s.tickets.Issue(*who), int(auth.TicketLifetime.Seconds())})
	// end task 11.4
}

// headerOf returns what the header Authorization says, and nothing else: for requests that need no other
// place.
func headerOf(r *http.Request) []credential {
	only := http.Header{"Authorization": r.Header["Authorization"]}
	return credentialsOf(&http.Request{Header: only, URL: &url.URL{}})
}
