package chat

import (
	"errors"
	"sync"
	"time"
)

var (
	errClosed    = errors.New("the server is closed")
	errIDTaken   = errors.New("this client id is connected already")
	errTakenOver = &farewell{closeTakenOver, "taken over by a newer connection"}
)

// closeTakenOver tells a client that it has arrived anew. It must not come back for that:
// the newer connection would be thrown out in turn.
const closeTakenOver = 4001

// hub knows who is here, and in which room. One mutex guards all of it, the rooms and the
// sessions too, and nothing that is done under it waits: to send is only to queue. That one
// lock is also what gives all clients of a room the same order of messages and notices.
type hub struct {
	capacity     int // of each room; zero means no limit
	resumeWindow time.Duration
	logSize      int

	mu       sync.Mutex
	closed   bool
	sessions map[string]*session // by client id: who is connected, and who may come back
	rooms    map[string]*room    // by id; none is empty
	present  sync.WaitGroup      // counts the connections that were admitted and not dismissed
}

func newHub(cfg Config) *hub {
	return &hub{
		capacity:     cfg.RoomCapacity,
		resumeWindow: cfg.ResumeWindow,
		logSize:      cfg.resumeLogSize(),
		sessions:     map[string]*session{},
		rooms:        map[string]*room{},
	}
}

// admit reserves a seat in the room, before the upgrade. Each success needs one dismiss.
func (h *hub) admit(id, roomID string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return errClosed
	}
	// task 7.2: Let in who is connected already: it has come back, perhaps before the old
	// connection was seen to end.
	//- if h.connection(id) != nil {
	//- 	return errIDTaken
	//- }
	// end task 7.2
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

// connection returns the client who is connected under an id, or nil. The caller holds h.mu.
func (h *hub) connection(id string) *client {
	if s := h.sessions[id]; s != nil {
		return s.client
	}
	return nil
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
	// task 7.2: Take over: c enters, and old, if there is one, is hung up on with errTakenOver.
	// Tell old's room that it left and c's room that c joined, but not where both are the same.
	//- if old != nil {
	//- 	c.hangUp(errIDTaken)
	//- 	return
	//- }
	//- h.enter(c, ask)
	//- h.notify(c, c.id+" joined")
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

// leave takes a client out again; from here on nothing is sent to it. One that was taken
// over is out already: its id is that of a newer connection now, which stays.
func (h *hub) leave(c *client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c.session == nil || c.session.client != c {
		return
	}
	h.rest(c.session)
	h.notify(c, c.id+" left")
}

// toRoom sends to everyone in a room.
func (h *hub) toRoom(roomID string, e envelope) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.audience(roomID) {
		h.deliver(s, e)
	}
}

// toAll sends to everyone in every room.
func (h *hub) toAll(e envelope) {
	h.mu.Lock()
	defer h.mu.Unlock()
	// task 4.6: Queue it for every member.
	for _, s := range h.sessions {
		h.deliver(s, e)
	}
	// end task 4.6
}

// toOne sends to one client, in whatever room, and reports whether there is one of that id,
// or one that may come back for it.
func (h *hub) toOne(id string, e envelope) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	// task 2.4: Queue it for the client of that id, and for nobody else.
	s := h.sessions[id]
	if s == nil {
		return false
	}
	h.deliver(s, e)
	return true
	// end task 2.4
}

// notify tells everyone in about's room but about itself what has happened. The caller
// holds h.mu.
func (h *hub) notify(about *client, text string) {
	// task 4.5: Send a TypeSystem with the text as its data and the room it is about.
	e := seal(Message{Type: TypeSystem, RoomID: about.roomID, Data: encode(text)})
	for _, s := range h.audience(about.roomID) {
		if s.clientID != about.id {
			h.deliver(s, e)
		}
	}
	// end task 4.5
}

// close hangs up on everybody, refuses all who come later, and waits for the last to go.
func (h *hub) close() {
	// task 2.7: Mark the hub closed, hang up on everybody with errClosed, and wait
	// for h.present. Beware of waiting while holding the lock that they need to leave.
	h.mu.Lock()
	h.closed = true
	for _, s := range h.sessions {
		if s.client != nil {
			s.client.hangUp(errClosed)
		}
		h.forget(s)
	}
	h.mu.Unlock()
	h.present.Wait()
	// end task 2.7
}
