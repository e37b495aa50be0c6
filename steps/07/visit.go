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
	old := h.connection(c.id)
	// TODO(7.2): Take over: c enters, and old, if there is one, is hung up on with errTakenOver.
	// Tell old's room that it left and c's room that c joined, but not where both are the same.
	if old != nil {
		c.hangUp(&farewell{1008, "this client id is connected already"})
		return
	}
	h.enter(c, ask)
	h.notify(c, c.id+" joined")
}

// leave takes a client out again; from here on nothing is sent to it. One that was taken
// over is out already: its id is that of a newer connection now, which stays.
func (h *hub) leave(c *client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c.session == nil || c.session.client != c {
		return
	}
	h.rest(c.session, h.expire)
	h.notify(c, c.id+" left")
}
