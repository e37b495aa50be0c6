package chat

// admit reserves a seat in the room, before the upgrade. Each success needs one dismiss. Who
// is connected already is let in too: it has come back, perhaps before the old connection was
// seen to end.
func (h *hub) admit(id, roomID string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	// task 10.3: A stop begins when the hub is shut, long before it is closed.
	if h.state.shut {
		return ErrClosed
	}
	// end task 10.3
	// task 7.2: A client that is connected is admitted, too. Its handshake may still fail.
	if err := h.reserve(id, roomID); err != nil {
		return err
	}
	h.admitted++
	return nil
	// end task 7.2
}

// dismiss is for who was admitted, when its last goroutine is about to end.
func (h *hub) dismiss(id, roomID string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.release(id, roomID)
	h.admitted--
	h.noteEmpty()
}

// join has an admitted client take part.
func (h *hub) join(c *client, ask resumption) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.connections[c] = struct{}{}
	if h.closed {
		c.hangUp(errClosing)
		return
	}
	// task 7.2: If the client has a connection already, c replaces it.
	old := h.connection(c.id)
	h.enter(c, ask)
	if old != nil {
		old.hangUp(errTakenOver)
		if old.roomID == c.roomID {
			return
		}
		h.notify(old, old.id+" left")
	}
	h.notify(c, c.id+" joined")
	// end task 7.2
}

// leave takes a client out again when its connection has ended. From here on nothing is sent
// to that connection.
func (h *hub) leave(c *client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.connections, c)
	// task 7.2: The end of c takes out c, and never the connection that replaced it.
	if c.session == nil || c.session.client != c {
		return // it never joined, or is out already
	}
	h.rest(c.session, h.expireLater)
	h.notify(c, c.id+" left")
	// end task 7.2
}
