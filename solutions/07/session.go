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

	client     *client // its connection; nil while it waits to be resumed
	reconnects int
	log        sessionLog

	waitingSince time.Time
	expiry       *time.Timer // nil unless it has waited
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

// newSession begins a session for c.
func (h *hub) newSession(c *client) *session {
	s := &session{clientID: c.id, roomID: c.roomID, log: sessionLog{size: h.logSize}}
	// task 7.1: Give s an id that nobody can guess, see crypto/rand.
	s.id = rand.Text()
	// end task 7.1
	return s
}

// deliver sends a message to a session's client, and keeps it for a client that comes back:
// also one that was connected may not have got it.
func (h *hub) deliver(s *session, e envelope) {
	// task 7.5: Add e to the log of s, unless sessions are not resumed here.
	if h.resumeWindow > 0 {
		s.log.add(e)
	}
	// end task 7.5
	if s.client != nil {
		s.client.send(e)
	}
}

// enter gives c its session, old or new, and makes it a member. What c gets first is its
// welcome, then what it missed; what is sent from now on comes after that. The caller holds
// h.mu.
func (h *hub) enter(c *client, ask resumption) {
	s, told := h.resume(c, ask)
	var missed []envelope
	if s == nil {
		s = h.newSession(c)
		h.replace(s)
	} else {
		missed = h.catchUp(s, ask.lastMessageID, &told)
	}
	s.client = c
	c.session = s
	told.ClientID, told.RoomID, told.Reconnects = c.id, c.roomID, s.reconnects
	c.backlog = append([]envelope{seal(Message{
		Type:      TypeWelcome,
		RoomID:    c.roomID,
		SessionID: s.id,
		Data:      encode(told),
	})}, missed...)
}

// resume returns the session that c continues and counts that, or nil if c begins anew.
func (h *hub) resume(c *client, ask resumption) (s *session, told welcome) {
	// task 7.4: Return the session of c.id if ask names it and it is of the same room: stop
	// its expiry, and count the reconnection.
	//- return nil, told
	if ask.sessionID == "" {
		return nil, told
	}
	s = h.sessions[c.id]
	if h.resumeWindow == 0 || s == nil || s.roomID != c.roomID || !s.is(ask.sessionID) {
		// task 7.6: Say why it is not resumed.
		told.Reason = reasonUnknownSession
		// end task 7.6
		return nil, told
	}
	if s.expiry != nil {
		s.expiry.Stop()
	}
	s.reconnects++
	told.Resumed = true
	return s, told
	// end task 7.4
}

// is compares ids in a time that tells nothing about where they differ.
func (s *session) is(id string) bool {
	return subtle.ConstantTimeCompare([]byte(s.id), []byte(id)) == 1
}

// catchUp returns what the client of s missed after the message that it got last.
func (h *hub) catchUp(s *session, lastMessageID string, told *welcome) []envelope {
	// task 7.5: Return what s.log has after that message.
	//- return nil
	missed, complete := s.log.after(lastMessageID)
	// task 7.6: Say so when more was missed than was kept.
	if !complete {
		told.Reason = reasonLogOverflow
	}
	// end task 7.6
	return missed
	// end task 7.5
}

// replace makes s the session of its client; the one before is forgotten.
func (h *hub) replace(s *session) {
	if before := h.sessions[s.clientID]; before != nil {
		h.forget(before)
	}
	h.sessions[s.clientID] = s
	h.roomOf(s.roomID).sessions[s.clientID] = s
}

// rest is for a session whose connection has ended: it waits to be resumed.
func (h *hub) rest(s *session) {
	s.client = nil
	// task 7.4: Keep s, if sessions are resumed here.
	//- h.forget(s)
	if h.resumeWindow == 0 {
		h.forget(s)
		return
	}
	// task 7.6: Have it expire after h.resumeWindow, unless it has been resumed by then.
	s.waitingSince = time.Now()
	s.expiry = time.AfterFunc(h.resumeWindow, func() { h.expire(s) })
	// end task 7.6
	// end task 7.4
}

// expire forgets a session that has waited long enough. One that was resumed while this
// waited for the lock has a client, or has begun to wait anew.
func (h *hub) expire(s *session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.client == nil && h.sessions[s.clientID] == s && time.Since(s.waitingSince) >= h.resumeWindow {
		h.forget(s)
	}
}

// forget ends a session for good.
func (h *hub) forget(s *session) {
	if s.expiry != nil {
		s.expiry.Stop()
	}
	delete(h.sessions, s.clientID)
	if rm := h.rooms[s.roomID]; rm != nil {
		delete(rm.sessions, s.clientID)
		h.tidy(s.roomID)
	}
}
