package chat

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// An origin is scheme, host and port (RFC 6454): where a page comes from. A browser says it with each
// WebSocket and each request that could do harm, and no page can change what it says.

// originOf takes an origin apart and returns it in the one form in which origins are compared. ok is
// false for what is none: "null", say, or an address with a path.
func originOf(text string) (origin string, ok bool) {
	// task 11.8: Hosts have no case. A port may be left out.
	//- return text, true // placeholder
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return "", false
	}
	if *u != (url.URL{Scheme: u.Scheme, Host: u.Host}) || strings.HasSuffix(text, "#") {
		return "", false // it is more than an origin
	}
	return joinOrigin(u.Scheme, u.Host), true
	// end task 11.8
}

// joinOrigin makes an origin of its parts. host may have a port.
func joinOrigin(scheme, host string) string {
	// task 11.8: The port of a scheme is the same as none.
	//- return scheme + "://" + host // placeholder
	usual := map[string]string{"http": ":80", "https": ":443"}[scheme]
	return scheme + "://" + strings.TrimSuffix(strings.ToLower(host), usual)
	// end task 11.8
}

// checkOrigin tells whether the page that makes a request may do so. If not, it has been refused. If the
// page comes from elsewhere, the answer says that it may read it.
func (s *Server) checkOrigin(w http.ResponseWriter, r *http.Request) bool {
	// task 11.8: CORS does not keep anybody from opening a WebSocket: this does.
	//- origin := r.Header.Get("Origin")
	//- u, err := url.Parse(origin)
	//- if origin == "" || err == nil && strings.EqualFold(u.Host, r.Host) {
	//- 	return true // placeholder: the same host is not yet the same origin, and there is no list
	//- }
	//- s.refuse(w, r, http.StatusForbidden, "this origin may not connect")
	//- return false
	w.Header().Add("Vary", "Origin")
	given := r.Header.Values("Origin")
	if len(given) == 0 && !s.cfg.RequireOrigin && !isElsewhere(r.Header.Get("Sec-Fetch-Site")) {
		return true
	}
	if len(given) != 1 || !s.isAllowed(given[0], r) {
		s.refuse(w, r, http.StatusForbidden, "this origin may not connect")
		return false
	}
	w.Header().Set("Access-Control-Allow-Origin", given[0])
	return true
	// end task 11.8
}

// isElsewhere tells whether a browser says that the page which makes a request is of another origin. It does so
// where it sends no Origin, too: for an image, say.
func isElsewhere(site string) bool {
	// task 11.8: Any page can have images.
	//- return false // placeholder
	return site == "cross-site" || site == "same-site"
	// end task 11.8
}

// isAllowed tells whether a page of that origin may make r.
func (s *Server) isAllowed(text string, r *http.Request) bool {
	// task 11.8: Without a list, a page must be the server's own.
	//- return true // placeholder
	origin, ok := originOf(text)
	if !ok {
		return false
	}
	if len(s.cfg.Origins) == 0 {
		return origin == joinOrigin(s.schemeOf(r), r.Host)
	}
	return slices.ContainsFunc(s.cfg.Origins, func(allowed string) bool {
		allowed, _ = originOf(allowed)
		return origin == allowed
	})
	// end task 11.8
}

// preflightAge is for how many seconds a browser need not ask again.
const preflightAge = "300"

// servePreflight answers what a browser asks before a page of another origin makes a request (Fetch
// standard, "CORS protocol").
func (s *Server) servePreflight(w http.ResponseWriter, r *http.Request) {
	// task 11.8: Name what the page may send.
	//- s.refuse(w, r, http.StatusMethodNotAllowed, "not written yet")
	if !s.checkOrigin(w, r) {
		return
	}
	header := w.Header()
	header.Set("Access-Control-Allow-Methods", "GET, POST")
	header.Set("Access-Control-Allow-Headers", strings.Join([]string{"Authorization", "Content-Type", sessionHeader, instanceHeader}, ", "))
	header.Set("Access-Control-Max-Age", preflightAge)
	w.WriteHeader(http.StatusNoContent)
	// end task 11.8
}

// checkOrigins tells what is wrong with Config.Origins.
func checkOrigins(origins []string) error {
	// task 11.8: A list with a mistake in it would let in nobody, or all.
	//- return nil // placeholder
	for _, one := range origins {
		u, err := url.Parse(one)
		if err != nil || u.Hostname() == "" || one != u.Scheme+"://"+u.Host || strings.ContainsAny(u.Host, "*,") ||
			u.Scheme != "http" && u.Scheme != "https" || strings.HasSuffix(u.Host, ":") {
			return fmt.Errorf("config: Origins has %q, want scheme://host or scheme://host:port", one)
		}
	}
	return nil
	// end task 11.8
}
