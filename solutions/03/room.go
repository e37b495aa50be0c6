package chat

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// room is who is in one room, a part of the state.
type room struct {
	members map[string]*client // by id; nil is a seat kept for a client who is shaking hands
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
}

// audience is who hears what is said by or about c; nil members are still shaking hands.
func (st *state) audience(c *client) map[string]*client {
	// task 3.2: Only the members of c's room.
	//- return st.members
	return st.rooms[c.roomID].members
	// end task 3.2
}

// reserve keeps a seat for a client who is about to shake hands, or says why there is
// none.
func (st *state) reserve(id, roomID string) error {
	// task 3.5: When the room has as many members as st.capacity allows, return an error
	// that names it. Zero is no limit.
	if rm := st.rooms[roomID]; rm != nil && st.capacity > 0 && len(rm.members) >= st.capacity {
		return fmt.Errorf("room %s is full", roomID)
	}
	// end task 3.5
	// task 3.6: Keep the seat from now on, or others take it during the handshake.
	st.seat(id, roomID, nil)
	// end task 3.6
	return nil
}

// release ends what reserve began, for each client that was admitted: when it has left, or
// when its handshake has failed.
func (st *state) release(id, roomID string) {
	// task 3.6: Free the seat here too: a client whose handshake failed never comes to leave.
	st.vacate(id, roomID)
	// end task 3.6
}

// seat puts c into a room; a nil c keeps the seat for it.
func (st *state) seat(id, roomID string, c *client) {
	// task 3.2: Put c among the members of st.rooms[roomID]; make the room if need be.
	rm := st.rooms[roomID]
	if rm == nil {
		rm = &room{members: map[string]*client{}}
		st.rooms[roomID] = rm
	}
	rm.members[id] = c
	// end task 3.2
}

// vacate gives a seat back; without one it does nothing.
func (st *state) vacate(id, roomID string) {
	rm := st.rooms[roomID]
	if rm == nil {
		return
	}
	// task 3.2: Take the client called id out of the room.
	delete(rm.members, id)
	// end task 3.2
	// task 3.4: Forget a room when its last seat is free, or rooms pile up for ever.
	if len(rm.members) == 0 {
		delete(st.rooms, roomID)
	}
	// end task 3.4
}

// describe tells who is in a room, or reports false when nobody is.
func (st *state) describe(roomID string) (Room, bool) {
	// task 3.3: Return the room with its members, see room.list. One whose first client is
	// still shaking hands has nobody in it.
	//- return Room{}, false
	rm := st.rooms[roomID]
	if rm == nil {
		return Room{}, false
	}
	members := rm.list()
	if len(members) == 0 && len(rm.members) > 0 {
		return Room{}, false
	}
	return Room{ID: roomID, Capacity: st.capacity, Members: members}, true
	// end task 3.3
}

// list tells who is in rm, sorted by id. The list is a copy: it may leave the lock.
func (rm *room) list() []Member {
	members := []Member{}
	// task 3.3: Add each member; a nil one is still shaking hands and is none yet.
	for _, c := range rm.members {
		if c == nil {
			continue
		}
		members = append(members, Member{
			ID:          c.id,
			RoomID:      c.roomID,
			RemoteAddr:  c.remoteAddr,
			ConnectedAt: c.connectedAt,
		})
	}
	slices.SortFunc(members, func(a, b Member) int { return cmp.Compare(a.ID, b.ID) })
	// end task 3.3
	return members
}
