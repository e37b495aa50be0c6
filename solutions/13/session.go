package chat

import (
	"crypto/rand"
	"time"
)

// session is a client in a room, over however many connections: it begins with the first
// and lasts for the ResumeWindow after the last. It is a part of the state.
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

// begin makes a new session for c. The one that its client id had is forgotten.
func (st *state) begin(c *client) *session {
	if before := st.sessions[c.id]; before != nil {
		st.forget(before)
	}
	s := &session{clientID: c.id, roomID: c.roomID, log: sessionLog{size: st.logSize}}
	// task 7.1: Give s an id that nobody can guess.
	s.id = rand.Text()
	// end task 7.1
	st.sessions[c.id] = s
	st.roomOf(c.roomID).sessions[c.id] = s
	return s
}

// deliver sends a message to the client of a session, and keeps it for when that comes back:
// also a client that is connected may never get it. Nil means that it was sent, or is kept.
func (st *state) deliver(s *session, e *envelope) error {
	// task 7.5: Keep e for a client that comes back and has not got it.
	if st.resumeWindow > 0 {
		s.log.add(e)
	}
	// end task 7.5
	if s.client == nil {
		return nil // it is kept, or s would be gone
	}
	err := s.client.send(e)
	// task 9.4: A message that is kept is accepted.
	if st.resumeWindow > 0 {
		return nil
	}
	// end task 9.4
	return err
}

// rest is for a session whose connection has ended: it waits to be resumed, for a while. Then
// it is for expire, which needs the lock.
func (st *state) rest(s *session, expire func(*session)) {
	s.client = nil
	if st.resumeWindow == 0 || st.closed {
		st.forget(s)
		return
	}
	// task 7.6: s expires when it has waited for st.resumeWindow.
	s.waitingSince = time.Now()
	s.expiry = time.AfterFunc(st.resumeWindow, func() { expire(s) })
	// end task 7.6
}

// expireLater is expire for a timer's goroutine.
func (h *hub) expireLater(s *session) {
	h.guard("expiry", func() { h.expire(s) })
}

// expire forgets a session that has waited for the whole window.
func (h *hub) expire(s *session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	// task 7.6: Forget s if its time is over; somebody may have got the lock before this timer.
	over := time.Since(s.waitingSince) >= h.resumeWindow
	// Others may have been quicker: then s has been resumed, and perhaps waits again, or is
	// forgotten already.
	if over && s.client == nil && h.sessions[s.clientID] == s {
		h.forget(s)
	}
	// end task 7.6
}

func (s *session) stopExpiry() {
	if s.expiry != nil {
		s.expiry.Stop()
	}
}

// forget ends a session for good.
func (st *state) forget(s *session) {
	s.client = nil
	s.stopExpiry()
	delete(st.sessions, s.clientID)
	delete(st.roomOf(s.roomID).sessions, s.clientID)
	st.tidy(s.roomID)
}
