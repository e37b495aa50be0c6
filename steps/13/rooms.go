package chat

import (
	"encoding/json"
	"net/http"
	"slices"
)

// Rooms tells who is where, rooms and members sorted by id.
func (s *Server) Rooms() []Room { return s.hub.list() }

// serveRooms answers GET /rooms.
func (s *Server) serveRooms(w http.ResponseWriter, r *http.Request) {
	who, ok := s.identifyReader(w, r)
	if !ok {
		return
	}
	// task 11.5: A token shows the rooms that it is for.
	rooms := slices.DeleteFunc(s.Rooms(), func(room Room) bool { return who != nil && !who.MayEnter(room.ID) })
	// end task 11.5
	writeJSON(w, struct {
		Rooms []Room `json:"rooms"`
	}{rooms})
}

// serveRoom answers GET /rooms/{room_id}: 404 for one that nobody is in.
func (s *Server) serveRoom(w http.ResponseWriter, r *http.Request) {
	who, ok := s.identifyReader(w, r)
	if !ok {
		return
	}
	// task 3.3: Answer with the room whose id is r.PathValue("room_id"), see hub.room; 404 when
	// nobody is in it.
	room, ok := s.hub.room(r.PathValue("room_id"))
	// task 11.5: Of the others it does not even tell whether somebody is there.
	if who != nil && !who.MayEnter(room.ID) {
		ok = false
	}
	// end task 11.5
	if !ok {
		http.Error(w, "nobody is in this room", http.StatusNotFound)
		return
	}
	writeJSON(w, room)
	// end task 3.3
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	json.NewEncoder(w).Encode(v) // an error means that the client is gone
}
