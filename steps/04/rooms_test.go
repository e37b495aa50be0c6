package chat_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/04"
)

// show writes rooms as "den[ana bob] lobby[carl]", in the order in which they come.
func show(rooms []chat.Room) string {
	var list []string
	for _, room := range rooms {
		var ids []string
		for _, m := range room.Members {
			ids = append(ids, m.ID)
		}
		list = append(list, fmt.Sprintf("%s[%s]", room.ID, strings.Join(ids, " ")))
	}
	return strings.Join(list, " ")
}

// expectRooms asks in Go and over HTTP who is where.
func (s *server) expectRooms(want string) {
	s.w.Helper()
	if got := show(s.chat.Rooms()); got != want {
		s.w.Fatalf("Rooms() tells %q, want %q", got, want)
	}
	var body struct {
		Rooms []chat.Room `json:"rooms"`
	}
	s.Get("/rooms").JSON(&body)
	if got := show(body.Rooms); got != want {
		s.w.Fatalf("GET /rooms tells %q, want %q", got, want)
	}
}

// Task 4.5: Who is welcomed is listed, who has left is not, and an empty room is forgotten.
func TestWhoIsWelcomedIsListed(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		bob, ana, zoe := s.dial("bob", "den"), s.dial("ana", "den"), s.dial("zoe", "")
		wantWelcome(w, zoe, "zoe", "lobby")
		w.Sleep(time.Second)
		s.expectRooms("den[ana bob] lobby[zoe]")
		s.leave(ana, true)
		s.leave(zoe, false)
		s.expectRooms("den[bob]")
		if resp := s.Get("/rooms/lobby"); resp.Status != http.StatusNotFound {
			w.Fatalf("GET /rooms/lobby got status %d, want 404: the last one has left", resp.Status)
		}
		s.leave(bob, true)
		s.expectRooms("")
	})
}

// Task 4.5: The list may be asked for at any moment, also while many come and go.
func TestListWhileManyComeAndGoInARush(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		wantWelcome(w, s.dial("ana", "den"), "ana", "den")
		w.Rush(20, func(i int) {
			if i%2 == 0 {
				for range 20 {
					if got := show(s.chat.Rooms()); !strings.Contains(got, "den[ana") {
						w.Fatalf("Rooms() tells %q while others come and go; ana is in den all the time", got)
					}
				}
				return
			}
			for _, room := range []string{"den", "lobby"} {
				c := s.dial(fmt.Sprint("c", i), room)
				time.Sleep(7 * time.Millisecond)
				s.leave(c, i%4 == 1)
			}
		})
		w.Sleep(time.Second)
		s.expectRooms("den[ana]")
	})
}
