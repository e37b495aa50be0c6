package chat

import (
	"errors"
	"log/slog"
	"net/http"
)

// refuse answers a request that does not become a WebSocket connection, and leaves one
// record of it. sentence tells a person what is wrong. The caller must return afterwards:
// a request has one answer.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, status int, sentence string) {
	s.answerRefused(w, r, status, errors.New(sentence))
	s.logRefusal(r, slog.Int("status", status), slog.String("reason", sentence))
}

// refuseEntry answers a request that the hub does not admit.
func (s *Server) refuseEntry(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, ErrClosed):
		s.retryLater(w)
	case errors.Is(err, errCrowded):
		s.refuseForNow(w, r, crowdedFor, err.Error())
		return
	}
	s.refuse(w, r, http.StatusServiceUnavailable, err.Error())
}

// answerRefused answers each request that is refused. s.upgrader calls it for what Upgrade refuses.
func (s *Server) answerRefused(w http.ResponseWriter, r *http.Request, status int, reason error) {
	// task 12.2: Count it, if it has asked for a connection.
	if isConnection(r.Pattern) {
		s.metrics.Refused(status, r.PathValue("client_id"), r.URL.Query().Get("room_id"))
	}
	// end task 12.2
	answerRefusal(w, r, status, reason)
}

// answerRefusal sends the answer alone.
func answerRefusal(w http.ResponseWriter, r *http.Request, status int, reason error) {
	header := w.Header()
	switch status {
	case http.StatusUpgradeRequired: // RFC 9110, section 15.5.22
		header.Set("Upgrade", "websocket")
		header.Set("Connection", "Upgrade")
	case http.StatusMethodNotAllowed: // RFC 9110, section 15.5.6
		header.Set("Allow", http.MethodGet)
	}
	if r.Header.Get("Sec-WebSocket-Version") != "13" {
		header.Set("Sec-WebSocket-Version", "13") // RFC 6455, section 4.4
	}
	http.Error(w, reason.Error(), status)
}
