package chat

import (
	"crypto/subtle"
	"slices"
)

// resumption is what a client asks for when it comes back. A zero one asks for nothing.
type resumption struct {
	sessionID     string
	lastMessageID string // of what it has got; empty if that is nothing
}

// Reasons in a welcome why a session could not be resumed, or not wholly. Whatever is wrong
// with a session id, the answer is the same: nobody can find out which ids exist.
const (
	reasonUnknownSession = "unknown_session"
	reasonLogOverflow    = "log_overflow"
)

// enter gives c its session, old or new. What c gets first is its welcome, then what it
// missed. What is sent from now on comes after that: whoever sends needs the lock, under which
// this runs.
func (st *state) enter(c *client, ask resumption) {
	s := st.resume(c, ask.sessionID)
	told := welcome{ClientID: c.id, RoomID: c.roomID, Resumed: s != nil}
	var missed []*envelope
	complete := true
	if s == nil {
		s = st.begin(c)
	} else {
		missed, complete = s.log.after(ask.lastMessageID)
	}
	s.client, c.session = c, s
	s.stopExpiry()
	told.Reason = ask.reason(told.Resumed, complete)
	told.Reconnects = s.reconnects
	first := seal(Message{Type: TypeWelcome, RoomID: c.roomID, SessionID: s.id, Data: encode(told)})
	c.backlog = slices.Insert(missed, 0, first)
}

// reason says why a client does not get what it asks for, or not all of it; "" if it does.
func (ask resumption) reason(resumed, complete bool) string {
	// task 7.6: Return reasonUnknownSession to who asks for a session that is not resumed, and
	// reasonLogOverflow if what it missed is not complete.
	//- return ""
	switch {
	case ask.sessionID != "" && !resumed:
		return reasonUnknownSession
	case !complete:
		return reasonLogOverflow
	}
	return ""
	// end task 7.6
}

// resume returns the session that c continues, or nil if c begins anew.
func (st *state) resume(c *client, sessionID string) *session {
	// task 7.4: Return the session of c's client id, and count that in its reconnects, if
	// sessionID names it, it is of c's room, and sessions are resumed here at all.
	//- return nil
	s := st.sessions[c.id]
	if st.resumeWindow == 0 || s == nil || s.roomID != c.roomID || !s.is(sessionID) {
		return nil
	}
	s.reconnects++
	return s
	// end task 7.4
}

// is compares ids in a time that does not tell where they differ.
func (s *session) is(id string) bool {
	return subtle.ConstantTimeCompare([]byte(s.id), []byte(id)) == 1
}
