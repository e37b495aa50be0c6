package chat_test

import (
	"net/http"
	"testing"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/03"
)

// expectForgotten fails unless GET /rooms/{id} says that there is no such room.
func (s *server) expectForgotten(room, why string) {
	s.w.Helper()
	if resp := s.Get("/rooms/" + room); resp.Status != http.StatusNotFound {
		s.w.Fatalf("GET /rooms/%s got status %d, want 404: %s", room, resp.Status, why)
	}
}

// Task 3.4 (10 points, after 3.1, 3.2, 3.3): A room is forgotten when the last one has left.
func TestEmptyRoomIsForgotten(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		s.join("zoe", "lobby")
		for _, farewell := range []bool{true, false} {
			ana, bob := s.join("ana", "den"), s.join("bob", "den")
			s.expectRooms("den[ana bob] lobby[zoe]")
			s.leave(ana, farewell)
			s.expectRooms("den[bob] lobby[zoe]")
			s.leave(bob, farewell)
			s.expectForgotten("den", "the last one has left. Rooms that stay for ever fill the memory")
			s.expectRooms("lobby[zoe]")
		}
	})
}
