package chat

import (
	"errors"
	"sync"
	"time"
)

var errClosed = errors.New("the server is closed")

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
