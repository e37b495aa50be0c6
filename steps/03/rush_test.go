package chat_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/03"
)

// slow makes a handshake take some time, so that others happen in the middle of it: neither
// request nor answer fits into the network's buffer.
func slow() []testclient.DialOption {
	return []testclient.DialOption{testclient.Buffer(64), testclient.Latency(10 * time.Millisecond)}
}

// Task 3.3: The list may be asked for at any moment, also while many come and go.
func TestListWhileManyComeAndGo(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		s.join("ana", "den")
		s.join("bob", "lobby")
		w.Rush(30, func(i int) {
			switch i % 3 {
			case 0:
				s.askOften()
			case 1:
				s.comeAndGo(fmt.Sprint("client", i), i%2 == 0)
			case 2:
				s.comeAndGo(fmt.Sprint("slow", i), i%2 == 0, slow()...)
			}
		})
		w.Sleep(time.Second)
		s.expectRooms("den[ana] lobby[bob]")
	})
}

// askOften asks who is where, again and again. It sleeps by itself: what World.Sleep guards
// its own state with would hide races.
func (s *server) askOften() {
	for i := range 60 {
		if i%2 == 1 {
			time.Sleep(5 * time.Millisecond)
		}
		got := s.chat.Rooms()
		if !sorted(got) || !strings.Contains(show(got), "den[ana") {
			s.w.Fatalf("Rooms() tells %q while others come and go; ana is in den all the time, and all is sorted by id", show(got))
		}
		if i%3 == 2 {
			s.get("/rooms", new(struct{}))
			s.get("/rooms/den", new(roomJSON))
		}
	}
}

func sorted(rooms []chat.Room) bool {
	for _, r := range rooms {
		if !slices.IsSortedFunc(r.Members, func(a, b chat.Member) int { return strings.Compare(a.ID, b.ID) }) {
			return false
		}
	}
	return slices.IsSortedFunc(rooms, func(a, b chat.Room) int { return strings.Compare(a.ID, b.ID) })
}

// comeAndGo joins one room after the other.
func (s *server) comeAndGo(id string, farewell bool, opts ...testclient.DialOption) {
	for _, room := range []string{"den", "lobby", "den"} {
		c := s.Dial(path(id, room), append(opts, testclient.As(id))...)
		time.Sleep(7 * time.Millisecond)
		s.leave(c, farewell)
	}
}
