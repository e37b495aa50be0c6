package chat

import (
	"net/http"
	"strconv"
	"time"

	"wsworkshop/steps/12/auth"
)

// resumeShare is how many attempts of clients that come back count as one: after a restart, all who share
// an address come back at the same time.
const resumeShare = 10

// checkAttempts counts an attempt to connect, or to get a ticket. If that was one too many from its
// address, it has been refused.
func (s *Server) checkAttempts(w http.ResponseWriter, r *http.Request) bool {
	// task 11.9: Attempts to resume have a limit of their own: what a client says about itself is not
	// proved yet, so that they may not be free.
	limit := s.attempts
	if r.URL.Query().Get("session_id") != "" || r.Header.Get("Last-Event-ID") != "" {
		limit = s.resumes
	}
	wait, ok := limit.Allow(s.addressOf(r))
	if !ok {
		s.refuseForNow(w, r, wait, "too many attempts from this address")
	}
	return ok
	// end task 11.9
}

// identifyReader is identify for the lists of rooms. Each token that is shown there counts: somebody must look at it.
func (s *Server) identifyReader(w http.ResponseWriter, r *http.Request) (who *auth.Identity, ok bool) {
	given := headerOf(r)
	// task 11.9: Nobody may have tokens verified without end, and a page that asks often must still get in.
	if s.cfg.Auth != nil && len(given) > 0 {
		if wait, ok := s.reads.Allow(s.addressOf(r)); !ok {
			s.refuseForNow(w, r, wait, "too many requests from this address")
			return nil, false
		}
	}
	// end task 11.9
	return s.identify(w, r, given)
}

// crowdedFor is when to try again where nobody knows when somebody will leave.
const crowdedFor = 10 * time.Second

// refuseForNow answers 429, and says in how long to try again.
func (s *Server) refuseForNow(w http.ResponseWriter, r *http.Request, wait time.Duration, sentence string) {
	w.Header().Set("Retry-After", wholeSeconds(wait))
	s.refuse(w, r, http.StatusTooManyRequests, sentence)
}

// wholeSeconds is how Retry-After writes a time: rounded up, and one at least.
func wholeSeconds(d time.Duration) string {
	return strconv.Itoa(max(1, int((d+time.Second-1)/time.Second)))
}
