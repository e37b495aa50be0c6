package chat

import (
	"errors"
	"sync"
)

var (
	errClosed    = errors.New("the server is closed")
	errNameTaken = errors.New("this name is taken")
)

// hub knows who is here: it is the state, and the lock that guards it. Its methods are the
// only ones that lock. Nothing that is done under the lock waits: to send is only to queue,
// and to hang up is only to say so.
//
// The order of all messages and notices is the order in which their senders got the lock.
type hub struct {
	mu sync.Mutex
	state
	present sync.WaitGroup // counts the names in members
}

func newHub() *hub {
	return &hub{state: state{members: map[string]*client{}}}
}

// admit reserves a name, so that of two clients who ask for it at the same moment one is
// refused before the upgrade. Each success needs one dismiss.
func (h *hub) admit(name string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return errClosed
	}
	if _, taken := h.members[name]; taken {
		return errNameTaken
	}
	h.members[name] = nil
	h.present.Add(1)
	return nil
}

// dismiss frees a name when its client's last goroutine is about to end.
func (h *hub) dismiss(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.members, name)
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
	h.members[c.name] = c
	// end task 2.2
	// task 2.3: Tell the others that c joined: "* ana joined".
	h.notify(c, "* "+c.name+" joined")
	// end task 2.3
}

// leave takes a client out again; from here on nothing is sent to it.
func (h *hub) leave(c *client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.members[c.name] != c {
		return // it never joined
	}
	// task 2.2: From here on c is no member: h.members has nil under its name.
	h.members[c.name] = nil
	// end task 2.2
	// task 2.3: Tell the others that c left: "* ana left".
	if !h.closed {
		h.notify(c, "* "+c.name+" left")
	}
	// end task 2.3
}

// broadcast sends text to every member.
func (h *hub) broadcast(text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	// task 2.2: Queue text for every member. A nil member is still shaking hands.
	for _, m := range h.members {
		if m != nil {
			m.send(text)
		}
	}
	// end task 2.2
}

// direct sends text to one member and reports whether there is one of that name.
func (h *hub) direct(to, text string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	// task 2.4: Queue text for the member called to, and for nobody else.
	//- return false
	m := h.members[to]
	if m == nil {
		return false
	}
	m.send(text)
	return true
	// end task 2.4
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
