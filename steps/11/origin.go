package chat

import (
	"net/http"
	"net/url"
	"strings"
)

// An origin is scheme, host and port (RFC 6454): where a page comes from. A browser says it with each
// WebSocket and each request that could do harm, and no page can change what it says.

// originOf takes an origin apart and returns it in the one form in which origins are compared. ok is
// false for what is none: "null", say, or an address with a path.
func originOf(text string) (origin string, ok bool) {
	// TODO(11.8): Hosts have no case. A port may be left out.
	return text, true // placeholder
}

// joinOrigin makes an origin of its parts. host may have a port.
func joinOrigin(scheme, host string) string {
	// TODO(11.8): The port of a scheme is the same as none.
	return scheme + "://" + host // placeholder
}

// checkOrigin tells whether the page that makes a request may do so. If not, it has been refused. If the
// page comes from elsewhere, the answer says that it may read it.
func (s *Server) checkOrigin(w http.ResponseWriter, r *http.Request) bool {
	// TODO(11.8): CORS does not keep anybody from opening a WebSocket: this does.
	origin := r.Header.Get("Origin")
	u, err := url.Parse(origin)
	if origin == "" || err == nil && strings.EqualFold(u.Host, r.Host) {
		return true // placeholder: the same host is not yet the same origin, and there is no list
	}
	s.refuse(w, r, http.StatusForbidden, "this origin may not connect")
	return false
}

// isElsewhere tells whether a browser says that the page which makes a request is of another origin. It does so
// where it sends no Origin, too: for an image, say.
func isElsewhere(site string) bool {
	// TODO(11.8): Any page can have images.
	return false // placeholder
}

// isAllowed tells whether a page of that origin may make r.
func (s *Server) isAllowed(text string, r *http.Request) bool {
	// TODO(11.8): Without a list, a page must be the server's own.
	return true // placeholder
}

// preflightAge is for how many seconds a browser need not ask again.
const preflightAge = "300"

// servePreflight answers what a browser asks before a page of another origin makes a request (Fetch
// standard, "CORS protocol").
func (s *Server) servePreflight(w http.ResponseWriter, r *http.Request) {
	// TODO(11.8): Name what the page may send.
	s.refuse(w, r, http.StatusMethodNotAllowed, "not written yet")
}

// checkOrigins tells what is wrong with Config.Origins.
func checkOrigins(origins []string) error {
	// TODO(11.8): A list with a mistake in it would let in nobody, or all.
	return nil // placeholder
}
