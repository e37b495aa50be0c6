package chat

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"
)

// room is who is in one room. The hub's mutex guards it.
type room struct {
	seats    map[string]*seat    // taken or reserved, by client id
	sessions map[string]*session // who hears what is said here, by client id
}

// seat is one client's place in a room. It is the same for all of its connections that
// are there at the same time.
type seat struct {
	id     string // of the client
	roomID string
	client *client // nil while it shakes hands
	visits int     // connections that were admitted to it and not dismissed
}

// Room is what can be told about a room.
type Room struct {
	ID       string   `json:"id"`
	Capacity int      `json:"capacity,omitempty"` // zero means no limit
	Members  []Member `json:"members"`            // by id
}

// Member is what can be told about a client in a room. Its address is for the operator
// alone and never goes out as JSON.
type Member struct {
	ID          string    `json:"id"`
	RoomID      string    `json:"-"`
	RemoteAddr  string    `json:"-"`
	ConnectedAt time.Time `json:"connected_at"`
	LastSeen    time.Time `json:"last_seen"` // its latest message or pong; before the first, ConnectedAt
	MessagesIn  int64     `json:"messages_in"`
	MessagesOut int64     `json:"messages_out"`
	Reconnects  int       `json:"reconnects"` // how often its session was resumed
}

// audience is who hears what is said in a room, with the sessions that wait to be resumed.
// The caller holds h.mu.
func (h *hub) audience(roomID string) map[string]*session {
	if rm := h.rooms[roomID]; rm != nil {
		return rm.sessions
	}
	return nil
}

// roomOf returns a room, a new one if need be. The caller holds h.mu.
func (h *hub) roomOf(roomID string) *room {
	rm := h.rooms[roomID]
	if rm == nil {
		rm = &room{seats: map[string]*seat{}, sessions: map[string]*session{}}
		h.rooms[roomID] = rm
	}
	return rm
}

// reserve keeps a seat for a client who is about to shake hands, or says why there is
// none. Who has a seat already needs no other. The caller holds h.mu.
func (h *hub) reserve(id, roomID string) (*seat, error) {
	rm := h.roomOf(roomID)
	st := rm.seats[id]
	// task 3.5: When the room has as many members as h.capacity allows, return an error
	// that names it. Zero is no limit.
	if st == nil && h.capacity > 0 && len(rm.seats) >= h.capacity {
		return nil, fmt.Errorf("room %s is full", roomID)
	}
	// end task 3.5
	if st == nil {
		st = &seat{id: id, roomID: roomID}
		rm.seats[id] = st
	}
	st.visits++
	return st, nil
}

// release ends what reserve began, for each client that was admitted: when it has left, or
// when its handshake has failed. The caller holds h.mu.
func (h *hub) release(st *seat) {
	st.visits--
	// task 7.3: Free the seat, but not one that another connection of this client's needs,
	// nor a newer one: an old connection may end long after the next has come.
	//- h.free(st)
	if rm := h.rooms[st.roomID]; st.visits == 0 && rm != nil && rm.seats[st.id] == st {
		h.free(st)
	}
	// end task 7.3
}

// take makes c a member and gives it its seat. The caller holds h.mu.
func (h *hub) take(c *client) {
	h.members[c.id] = c
	c.seat.client = c
}

// vacate takes c out of its seat, unless a newer connection has it, and frees the seat
// unless a newer one is shaking hands. The caller holds h.mu.
func (h *hub) vacate(c *client) {
	if c.seat.client != c {
		return
	}
	c.seat.client = nil
	if c.seat.visits == 1 {
		h.free(c.seat)
	}
}

// free gives the seat back that the client of st has. The caller holds h.mu.
func (h *hub) free(st *seat) {
	if rm := h.rooms[st.roomID]; rm != nil {
		delete(rm.seats, st.id)
		h.tidy(st.roomID)
	}
}

// tidy forgets a room when its last seat and its last session are gone, or rooms pile up
// for ever. The caller holds h.mu.
func (h *hub) tidy(roomID string) {
	// task 3.4: Delete it.
	if rm := h.rooms[roomID]; len(rm.seats) == 0 && len(rm.sessions) == 0 {
		delete(h.rooms, roomID)
	}
	// end task 3.4
}

// list tells who is where, rooms and members sorted by id.
func (h *hub) list() []Room {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := []Room{}
	// task 3.3: Add each room with its members, see room.list.
	for _, id := range slices.Sorted(maps.Keys(h.rooms)) {
		rm := h.rooms[id]
		members := rm.list()
		if len(members) == 0 {
			continue // its first client is still shaking hands, or its last may come back
		}
		list = append(list, Room{ID: id, Capacity: h.capacity, Members: members})
	}
	// end task 3.3
	return list
}

// list tells who is in rm, sorted by id. The caller holds the hub's mutex; what it gets is
// a copy, which nobody will change under its hands.
func (rm *room) list() []Member {
	members := []Member{}
	// task 3.3: Add each member; who is still shaking hands is none yet.
	for _, s := range rm.seats {
		c := s.client
		if c == nil {
			continue
		}
		m := Member{ID: c.id, RoomID: c.roomID, RemoteAddr: c.remoteAddr, Reconnects: c.session.reconnects}
		c.health.report(&m)
		members = append(members, m)
	}
	slices.SortFunc(members, func(a, b Member) int { return cmp.Compare(a.ID, b.ID) })
	// end task 3.3
	return members
}
