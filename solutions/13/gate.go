package chat

import (
	"errors"
	"net/http"

	"wsworkshop/solutions/13/auth"
)

// gate lets a request for a connection go on, or refuses it: whatever there is to refuse before the hub is
// asked for a seat.
func (s *Server) gate(w http.ResponseWriter, r *http.Request) (in entry, ok bool) {
	if !s.mayCome(w, r) {
		return in, false
	}
	who, ok := s.identify(w, r, credentialsOf(r))
	if !ok {
		return in, false
	}
	in, ok = s.entryOf(w, r)
	if !ok {
		return in, false
	}
	in.who, in.address = who, s.addressOf(r)
	if in.who == nil {
		return in, true
	}
	if err := allows(*in.who, in.clientID, in.roomID); err != nil {
		s.refuse(w, r, http.StatusForbidden, err.Error())
		return in, false
	}
	return in, true
}

// mayCome tells whether a request comes from where it may. If not, it has been refused.
func (s *Server) mayCome(w http.ResponseWriter, r *http.Request) bool {
	// task 11.9: An attempt that an origin is refused for does not count: any page can have its visitors
	// make such attempts.
	return s.checkOrigin(w, r) && s.checkAttempts(w, r)
	// end task 11.9
}

var (
	errSubject = errors.New("the token is for another client id")
	errRoom    = errors.New("the token is not for this room")
)

// allows returns why somebody may not be a client in a room, or nil.
func allows(who auth.Identity, clientID, roomID string) error {
	// task 11.5: A client id and its session are somebody's, and so is a room.
	switch {
	case who.Subject != clientID:
		return errSubject
	case !who.MayEnter(roomID):
		return errRoom
	}
	return nil
	// end task 11.5
}

// admit has a client take a seat, on the server and in its room. Each success needs one dismiss.
func (s *Server) admit(in entry) error {
	if err := s.crowd.enter(in.clientID, in.address); err != nil {
		return err
	}
	if err := s.hub.admit(in.clientID, in.roomID); err != nil {
		s.crowd.leave(in.clientID, in.address)
		return err
	}
	return nil
}

// dismiss is for who was admitted, when its last goroutine is about to end.
func (s *Server) dismiss(in entry) {
	s.crowd.leave(in.clientID, in.address)
	s.hub.dismiss(in.clientID, in.roomID)
}
