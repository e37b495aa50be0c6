package chat

import "wsworkshop/steps/07/wire"

var errTakenOver = &farewell{wire.CloseTakenOver, "taken over by a newer connection"}

// admit reserves a seat in the room, before the upgrade. Each success needs one dismiss. Who
// is connected already is let in too: it has come back, perhaps before the old connection was
// seen to end.
func (h *hub) admit(id, roomID string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return errClosed
	}
	// TODO(7.2): A client that is connected is admitted, too. Its handshake may still fail.
	if h.connection(id) != nil {
		return &farewell{1008, "this client id is connected already"} // placeholder: it has come back
	}
	if err := h.reserve(id, roomID); err != nil {
		return err
	}
	h.present.Add(1)
	return nil
}

// dismiss is for who was admitted, when its last goroutine is about to end.
func (h *hub) dismiss(id, roomID string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.release(id, roomID)
	h.present.Done()
}

// join has an admitted client take part.
func (h *hub) join(c *client, ask resumption) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		c.hangUp(errClosed)
		return
	}
	// TODO(7.2): If the client has a connection already, c replaces it.
	if h.connection(c.id) != nil {
		c.hangUp(&farewell{1008, "this client id is connected already"}) // placeholder: c must win
		return
	}
	h.enter(c, ask)
	h.notify(c, c.id+" joined")
}

// leave takes a client out again when its connection has ended. From here on nothing is sent
// to that connection.
func (h *hub) leave(c *client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	// TODO(7.2): The end of c takes out c, and never the connection that replaced it.
	if c.session == nil {
		return // it never joined
	}
	h.rest(c.session, h.expire) // placeholder: this is right only for a connection that was not replaced
	h.notify(c, c.id+" left")
}
