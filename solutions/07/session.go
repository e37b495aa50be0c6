package chat

import (
	"crypto/rand"
	"crypto/subtle"
	"time"
)

// session is a client in a room, over however many connections: it begins with the first
// and lasts for the ResumeWindow after the last. The hub's mutex guards it.
type session struct {
	id       string // known to its client alone: who names it may read what the client missed
	clientID string
	roomID   string

	client     *client // its connection, the latest; nil while it waits to be resumed
	reconnects int     // how often it was resumed
	log        sessionLog

	waitingSince time.Time
	expiry       *time.Timer // nil if it never waited
}

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
// missed. What is sent from now on comes after that: whoever sends needs h.mu, and the
// caller holds it.
func (h *hub) enter(c *client, ask resumption) {
	s := h.resume(c, ask.sessionID)
	told := welcome{ClientID: c.id, RoomID: c.roomID, Resumed: s != nil}
	var missed []envelope
	complete := true
	if s == nil {
		s = h.begin(c)
	} else {
		missed, complete = s.log.after(ask.lastMessageID)
	}
	s.client, c.session = c, s
	s.stopExpiry()
	told.Reason = ask.reason(told.Resumed, complete)
	told.Reconnects = s.reconnects
	first := seal(Message{Type: TypeWelcome, RoomID: c.roomID, SessionID: s.id, Data: encode(told)})
	c.backlog = append([]envelope{first}, missed...)
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

// resume returns the session that c continues, or nil if c begins anew. The caller holds h.mu.
func (h *hub) resume(c *client, sessionID string) *session {
	// task 7.4: Return the session of c's client id, and count that in its reconnects, if
	// sessionID names it, it is of c's room, and sessions are resumed here at all.
	//- return nil
	s := h.sessions[c.id]
	if h.resumeWindow == 0 || s == nil || s.roomID != c.roomID || !s.is(sessionID) {
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

// begin makes a new session for c. The one that its client id had is forgotten. The caller
// holds h.mu.
func (h *hub) begin(c *client) *session {
	if before := h.sessions[c.id]; before != nil {
		h.forget(before)
	}
	s := &session{clientID: c.id, roomID: c.roomID, log: sessionLog{size: h.logSize}}
	// task 7.1: Give s an id that nobody can guess, see crypto/rand.
	s.id = rand.Text()
	// end task 7.1
	h.sessions[c.id] = s
	h.roomOf(c.roomID).sessions[c.id] = s
	return s
}

// deliver sends a message to the client of a session, and keeps it for when that comes back:
// also a client that is connected may never get it. The caller holds h.mu.
func (h *hub) deliver(s *session, e envelope) {
	// task 7.5: Add e to the log of s, if sessions are resumed here.
	if h.resumeWindow > 0 {
		s.log.add(e)
	}
	// end task 7.5
	if s.client != nil {
		s.client.send(e)
	}
}

// rest is for a session whose connection has ended: it waits to be resumed, for a while. The
// caller holds h.mu.
func (h *hub) rest(s *session) {
	s.client = nil
	if h.resumeWindow == 0 {
		h.forget(s)
		return
	}
	s.waitingSince = time.Now()
	// task 7.6: Have s.expiry call h.expire after h.resumeWindow.
	s.expiry = time.AfterFunc(h.resumeWindow, func() { h.expire(s) })
	// end task 7.6
}

// expire forgets a session that has waited for the whole window. Others may have been
// quicker to get the lock: then it has been resumed, and perhaps waits anew, or is forgotten.
func (h *hub) expire(s *session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	// task 7.6: Forget s, if it is a session still, waits, and has for h.resumeWindow.
	if h.sessions[s.clientID] == s && s.client == nil && time.Since(s.waitingSince) >= h.resumeWindow {
		h.forget(s)
	}
	// end task 7.6
}

func (s *session) stopExpiry() {
	if s.expiry != nil {
		s.expiry.Stop()
	}
}

// forget ends a session for good. The caller holds h.mu.
func (h *hub) forget(s *session) {
	s.client = nil
	s.stopExpiry()
	delete(h.sessions, s.clientID)
	delete(h.roomOf(s.roomID).sessions, s.clientID)
	h.tidy(s.roomID)
}
