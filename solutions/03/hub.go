package chat

import (
	"errors"
	"maps"
	"slices"
	"sync"
)

var (
	errClosed  = errors.New("the server is closed")
	errIDTaken = errors.New("this client id is connected already")
)

// hub knows who is here, and in which room: it is the state, and the lock that guards it. Its
// methods are the only ones that lock. Nothing that is done under the lock waits: to send is
// only to queue, and to hang up is only to say so.
//
// The order of all that a room hears is the order in which its senders got the lock.
type hub struct {
	mu sync.Mutex
	state
	present sync.WaitGroup // counts the ids in members
}

func newHub(capacity int) *hub {
	return &hub{state: state{capacity: capacity, members: map[string]*client{}, rooms: map[string]*room{}}}
}

// admit reserves an id and a seat in the room, so that of two clients who ask at the same
// moment one is refused before the upgrade. Each success needs one dismiss.
func (h *hub) admit(id, roomID string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return errClosed
	}
	if _, taken := h.members[id]; taken {
		return errIDTaken
	}
	if err := h.reserve(id, roomID); err != nil {
		return err
	}
	h.members[id] = nil
	h.present.Add(1)
	return nil
}

// dismiss frees an id, and what is left of its seat, when its client's last goroutine is
// about to end.
func (h *hub) dismiss(id, roomID string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.release(id, roomID)
	delete(h.members, id)
	h.present.Done()
}

// join makes an admitted client one of the members.
func (h *hub) join(c *client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		c.hangUp(errClosed)
		return
	}
	// task 2.2: From here on c is a member: h.members has it under its name.
	h.members[c.id] = c
	// end task 2.2
	h.seat(c.id, c.roomID, c)
	// task 2.3: Tell the others that c joined: "* ana joined".
	h.notify(c, "* "+c.id+" joined")
	// end task 2.3
}

// leave takes a client out again; from here on nothing is sent to it.
func (h *hub) leave(c *client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.members[c.id] != c {
		return // it never joined
	}
	// task 2.2: From here on c is no member: h.members has nil under its name.
	h.members[c.id] = nil
	// end task 2.2
	// task 2.3: Tell the others that c left: "* ana left".
	if !h.closed {
		h.notify(c, "* "+c.id+" left")
	}
	// end task 2.3
	h.vacate(c.id, c.roomID)
}

// broadcast sends text to every member of the sender's room.
func (h *hub) broadcast(from *client, text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	// task 2.2: Queue text for every member. A nil member is still shaking hands.
	for _, m := range h.audience(from) {
		if m != nil {
			m.send(text)
		}
	}
	// end task 2.2
}

// direct sends text to one member, in whatever room, and reports whether there is one of
// that id.
func (h *hub) direct(to, text string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	// task 2.4: Queue text for the member called to, and for nobody else.
	m := h.members[to]
	if m == nil {
		return false
	}
	m.send(text)
	return true
	// end task 2.4
}

// list tells who is where, rooms and members sorted by id.
func (h *hub) list() []Room {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := []Room{}
	// task 3.3: Add each room with its members, see describe.
	for _, id := range slices.Sorted(maps.Keys(h.rooms)) {
		if room, ok := h.describe(id); ok {
			list = append(list, room)
		}
	}
	// end task 3.3
	return list
}

// room tells who is in one room, or reports false when nobody is.
func (h *hub) room(id string) (Room, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.describe(id)
}

// close hangs up on every member, refuses all who come later, and waits for the last to go.
func (h *hub) close() {
	// task 2.7: Mark the hub closed, hang up on every member with errClosed, and wait
	// for h.present. Beware of waiting while holding the lock that they need to leave.
	h.mu.Lock()
	h.closed = true
	for _, m := range h.members {
		if m != nil {
			m.hangUp(errClosed)
		}
	}
	h.mu.Unlock()
	h.present.Wait()
	// end task 2.7
}
