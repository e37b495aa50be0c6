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

// enter gives c a session, and the welcome that says which. Whoever sends a message needs the
// lock, under which this runs.
func (st *state) enter(c *client, ask resumption) {
	// task 7.4: c continues the session that it asks for, or begins a new one.
	s := st.resume(c, ask.sessionID)
	resumed := s != nil
	if !resumed {
		s = st.begin(c)
	}
	// end task 7.4
	c.session, c.resumed = s, resumed
	c.log = c.log.With("session", s.logName())
	s.stopExpiry()
	// task 7.5: c gets its welcome, then what it missed, then what is sent from now on.
	var missed []*envelope
	complete := true
	if resumed {
		missed, complete = s.log.after(ask.lastMessageID)
	}
	s.client = c
	c.backlog = slices.Insert(missed, 0, st.welcome(c, ask, resumed, complete))
	// end task 7.5
}

// welcome is what c gets first. It names the session that c has from now on.
func (st *state) welcome(c *client, ask resumption, resumed, complete bool) *envelope {
	told := welcome{
		ClientID:   c.id,
		RoomID:     c.roomID,
		Instance:   st.instance,
		Resumed:    resumed,
		Reason:     ask.reason(resumed, complete),
		Reconnects: c.session.reconnects,
	}
	e := seal(Message{Type: TypeWelcome, RoomID: c.roomID, SessionID: c.session.id, Data: encode(told)})
	e.welcome.sessionID = c.session.id
	if resumed && complete { // an id that the log does not know is the client's own, and may be anything
		e.welcome.lastMessageID = ask.lastMessageID
	}
	return e
}

// reason says why a client does not get what it asks for, or not all of it; "" if it does.
func (ask resumption) reason(resumed, complete bool) string {
	// task 7.6: Return the reason that the client should be told.
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
	// task 7.4: Return the session that sessionID names, if c may have it, and count that.
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
