package chat

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// room is who is in one room, a part of the state.
type room struct {
	visits   map[string]int      // by client id; each key is a seat that is taken
	sessions map[string]*session // by client id: who hears what is said here
	said     int64               // messages
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
func (st *state) audience(roomID string) map[string]*session {
	if rm := st.rooms[roomID]; rm != nil {
		return rm.sessions
	}
	return nil
}

// roomOf returns a room, a new one if need be.
func (st *state) roomOf(roomID string) *room {
	rm := st.rooms[roomID]
	if rm == nil {
		rm = &room{visits: map[string]int{}, sessions: map[string]*session{}}
		st.rooms[roomID] = rm
	}
	return rm
}

// reserve keeps a seat for a client who is about to shake hands, or says why there is
// none.
func (st *state) reserve(id, roomID string) error {
	rm := st.roomOf(roomID)
	// task 7.2: A full room has a seat for its own member, who comes back.
	// task 3.5: When as many seats are taken as st.capacity allows, return an error that
	// names the room. Zero is no limit.
	if rm.visits[id] == 0 && st.capacity > 0 && len(rm.visits) >= st.capacity {
		return fmt.Errorf("room %s is full", roomID)
	}
	// end task 3.5
	// end task 7.2
	// task 7.3: Note that one more connection needs this seat.
	rm.visits[id]++
	// end task 7.3
	return nil
}

// release ends what reserve began, for each connection that was admitted: when it has ended,
// or when its handshake has failed.
func (st *state) release(id, roomID string) {
	rm := st.roomOf(roomID)
	// task 7.3: The seat is free when no connection needs it any more.
	rm.visits[id]--
	if rm.visits[id] == 0 {
		delete(rm.visits, id)
	}
	// end task 7.3
	st.tidy(roomID)
}

// tidy forgets a room when its last seat and its last session are gone, or rooms pile up
// for ever.
func (st *state) tidy(roomID string) {
	// task 7.3, 7.4: A room stays as long as there is a seat or a session in it.
	// task 3.4: Delete it.
	if rm := st.rooms[roomID]; len(rm.visits) == 0 && len(rm.sessions) == 0 {
		delete(st.rooms, roomID)
	}
	// end task 3.4
	// end task 7.3, 7.4
}

// describe tells who is in a room, or reports false when nobody is.
func (st *state) describe(roomID string) (Room, bool) {
	// task 3.3: Return the room with its members, see room.list. One whose first client is
	// still shaking hands, or whose last may come back, has nobody in it.
	rm := st.rooms[roomID]
	if rm == nil {
		return Room{}, false
	}
	members := rm.list()
	if len(members) == 0 {
		return Room{}, false
	}
	return Room{ID: roomID, Capacity: st.capacity, Members: members}, true
	// end task 3.3
}

// list tells who is in rm, sorted by id. The list is a copy: it may leave the lock.
func (rm *room) list() []Member {
	members := []Member{}
	// task 3.3: Add each member; who may only come back is none.
	for _, s := range rm.sessions {
		c := s.client
		if c == nil {
			continue
		}
		m := Member{ID: c.id, RoomID: c.roomID, RemoteAddr: c.remoteAddr, Reconnects: s.reconnects}
		c.health.report(&m)
		members = append(members, m)
	}
	slices.SortFunc(members, func(a, b Member) int { return cmp.Compare(a.ID, b.ID) })
	// end task 3.3
	return members
}
