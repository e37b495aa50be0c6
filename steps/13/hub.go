package chat

import (
	"crypto/rand"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
)

// hub knows who is here, and in which room: it is the state, and the lock that guards it. Its
// methods are the only ones that lock. Nothing that is done under the lock waits: to send is
// only to queue, and to hang up is only to say so.
//
// The order of all that a room hears is the order in which its senders got the lock. Neither
// timestamps nor message ids tell it: they are given before. Each session's log is in that
// order.
type hub struct {
	mu sync.Mutex
	state
	log    *slog.Logger
	failed func(Failure) // see Server.failed
}

func newHub(cfg Config) *hub {
	return &hub{log: cfg.logger(), state: state{
		instance:     rand.Text(),
		capacity:     cfg.RoomCapacity,
		resumeWindow: cfg.ResumeWindow,
		logSize:      cfg.resumeLogSize(),
		sessions:     map[string]*session{},
		connections:  map[*client]struct{}{},
		empty:        make(chan struct{}),
		rooms:        map[string]*room{},
	}}
}

// toRoom sends to everyone in a room. The error joins a *DeliveryError for each client that has not
// accepted e; the others have.
func (h *hub) toRoom(roomID string, e *envelope) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	// task 12.6: Count it.
	if rm := h.rooms[roomID]; rm != nil {
		rm.said++
	}
	// end task 12.6
	// task 9.4: One client that does not accept e is no reason to leave out the others.
	var failed []error
	for _, s := range h.audience(roomID) {
		if err := h.deliver(s, e); err != nil {
			failed = append(failed, &DeliveryError{ClientID: s.clientID, Err: err})
		}
	}
	return errors.Join(failed...)
	// end task 9.4
}

// toAll sends to everyone in every room.
func (h *hub) toAll(e *envelope) {
	h.mu.Lock()
	defer h.mu.Unlock()
	// task 7.5: A client that may come back gets e, too, when it does.
	// task 4.6: Queue it for every member.
	for _, s := range h.sessions {
		h.deliver(s, e)
	}
	// end task 4.6
	// end task 7.5
}

// toOne sends to one client, in whatever room. Nil means that it has accepted e, or that e is kept
// for it. Without such a client the error is ErrNoSuchClient.
func (h *hub) toOne(id string, e *envelope) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	// task 7.5: A client that may come back gets e, too, when it does, and true is the answer.
	// task 2.4: Queue it for the client of that id, and for nobody else.
	s := h.sessions[id]
	if s == nil {
		return ErrNoSuchClient
	}
	return h.deliver(s, e)
	// end task 2.4
	// end task 7.5
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
