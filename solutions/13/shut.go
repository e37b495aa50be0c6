package chat

import (
	"context"
	"maps"
	"slices"
)

// The end of a hub has two parts: from shut on nobody is let in, and from close on nobody stays.

// shut lets nobody in any more. Those who are here stay.
func (h *hub) shut() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.state.shut = true
	h.noteEmpty()
}

// isShut tells whether nobody is let in any more.
func (h *hub) isShut() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state.shut
}

// noteEmpty closes empty when the hub is shut and the last connection has ended.
func (st *state) noteEmpty() {
	if !st.shut || st.admitted > 0 {
		return
	}
	select {
	case <-st.empty: // it is closed already
	default:
		close(st.empty)
	}
}

// connected returns the clients whose connections have not ended, with those that are in the middle of
// their closing.
func (h *hub) connected() []*client {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Collect(maps.Keys(h.connections))
}

// tell sends to every client that is connected, and keeps nothing for those who come back.
func (h *hub) tell(e *envelope) {
	for _, c := range h.connected() {
		c.send(e) // one that does not take it is hung up on already
	}
}

// close ends all connections at the same time, and waits until they have ended. At the end of limit it
// cuts those that have not.
func (h *hub) close(limit context.Context) {
	// task 10.4: A client that does not answer holds up nobody for longer than limit.
	h.shut()
	h.hangUpAll()
	select {
	case <-h.empty:
		return
	case <-limit.Done():
	}
	for _, c := range h.connected() {
		c.conn.drop()
	}
	<-h.empty
	// end task 10.4
}

// hangUpAll also forgets the clients that may come back.
func (h *hub) hangUpAll() {
	// task 2.7: Mark the hub closed, and hang up on everybody with errClosing.
	// task 10.4: A client stays in its room until its connection has ended.
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for _, s := range h.sessions {
		if s.client == nil {
			h.forget(s)
		}
	}
	for c := range h.connections {
		c.hangUp(errClosing)
	}
	// end task 10.4
	// end task 2.7
}
