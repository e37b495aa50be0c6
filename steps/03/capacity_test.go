package chat_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/03"
)

// expectFull fails unless the server refuses a client because the room is full, and says so.
// Then it lets a second pass: by then the id is free again.
func (s *server) expectFull(id, room string) {
	s.w.Helper()
	resp := s.Refused(path(id, room), []int{503}, testclient.As(id))
	if !strings.Contains(string(resp.Body), room) {
		s.w.Fatalf("%s was refused with 503 and the body %q; it must name the room that is full: %s", id, resp.Body, room)
	}
	s.w.Sleep(time.Second)
}

// Task 3.5 (15 points, after 3.1, 3.2): A full room is refused with 503 and its name.
func TestFullRoomIsRefused(t *testing.T) {
	run(t, chat.Config{RoomCapacity: 2}, func(w *testclient.World, s *server) {
		ana := s.join("ana", "reading-room")
		s.join("bob", "reading-room")
		s.expectFull("carol", "reading-room")
		s.expectFull("carol", "reading-room")
		s.hear(ana, "* bob joined")
	})
}

// Task 3.5: Each room has its own seats, and who was refused in one may go to another.
func TestOtherRoomsAreNotFull(t *testing.T) {
	run(t, chat.Config{RoomCapacity: 2}, func(w *testclient.World, s *server) {
		s.join("ana", "den")
		s.join("bob", "den")
		s.expectFull("carol", "den")
		s.join("carol", "lobby")
		s.join("dave", "lobby")
		s.expectFull("erin", "lobby")
		s.join("erin", "attic")
	})
}

// Task 3.5: Whoever leaves, in whatever way, makes room for one other and no more.
func TestLeavingMakesRoomForOne(t *testing.T) {
	run(t, chat.Config{RoomCapacity: 2}, func(w *testclient.World, s *server) {
		s.join("ana", "den")
		inside := s.join("bob", "den")
		for i := range 6 {
			next := fmt.Sprint("client", i)
			s.expectFull(next, "den")
			s.leave(inside, i%2 == 0)
			inside = s.join(next, "den")
			s.expectFull("bob", "den")
		}
	})
}

// Task 3.6 (20 points, after 3.1, 3.2, 3.5): Of twenty at once, as many get in as have a seat.
func TestTwentyArriveAtOnce(t *testing.T) {
	run(t, chat.Config{RoomCapacity: 5}, func(w *testclient.World, s *server) {
		inside := s.arrive(20, "den", slow()...)
		s.expectSeated(inside, 5, "the room has 5 seats and 20 arrived at the same moment")
		w.Sleep(time.Second)
		s.Refused(path("bob", "den"), []int{503}, testclient.As("bob"))

		s.leave(inside[0], true)
		s.leave(inside[1], false)
		s.expectSeated(s.arrive(20, "den", slow()...), 2, "2 of 5 have left and 20 arrived at the same moment")
		w.Sleep(time.Second)
		s.Refused(path("carol", "den"), []int{503}, testclient.As("carol"))
	})
}

// Task 3.6: The same where a handshake takes no time at all.
func TestTwentyArriveInARush(t *testing.T) {
	run(t, chat.Config{RoomCapacity: 5}, func(w *testclient.World, s *server) {
		for i := range 10 {
			s.expectSeated(s.arrive(20, fmt.Sprint("room", i)), 5, "the room has 5 seats and 20 arrived at the same moment")
		}
	})
}

// arrive has n clients ask for a seat at the same moment, and returns those who got in.
func (s *server) arrive(n int, room string, opts ...testclient.DialOption) []*testclient.Client {
	clients := make([]*testclient.Client, n)
	s.arrivals++
	s.w.Rush(n, func(i int) {
		id := fmt.Sprintf("client%d-%d", s.arrivals, i)
		c, resp := s.TryDial(path(id, room), append(opts, testclient.As(id))...)
		if c == nil && resp.Status != http.StatusServiceUnavailable {
			s.w.Fatalf("%s was refused with status %d, want 503 for those who find no seat", id, resp.Status)
		}
		clients[i] = c
	})
	var inside []*testclient.Client
	for _, c := range clients {
		if c != nil {
			inside = append(inside, c)
		}
	}
	return inside
}

func (s *server) expectSeated(inside []*testclient.Client, want int, why string) {
	s.w.Helper()
	switch got := len(inside); {
	case got > want:
		s.w.Fatalf("%d got in, want %d: %s.\nA seat that is free when a client asks must still be its own when the handshake is over.", got, want, why)
	case got < want:
		s.w.Fatalf("%d got in, want %d: %s.\nWhoever is refused must not keep a seat.", got, want, why)
	}
}

// Task 3.6: A handshake that fails after the check gives its seat back, and nobody hears of it.
func TestFailedHandshakeGivesItsSeatBack(t *testing.T) {
	run(t, chat.Config{RoomCapacity: 2}, func(w *testclient.World, s *server) {
		ana := s.join("ana", "den")
		for i := range 5 {
			s.failHandshake(fmt.Sprint("client", i), "den")
			s.failHandshake("bob", "den")
		}
		s.join("bob", "den")
		s.expectFull("carol", "den")
		s.hear(ana, "* bob joined")
	})
}

// failHandshake asks for a WebSocket as no client should: every WebSocket library refuses
// it, after the server's own checks. By the end of a second that must be forgotten.
func (s *server) failHandshake(id, room string) {
	s.w.Helper()
	req, err := http.NewRequest(http.MethodGet, "http://chat"+path(id, room), nil)
	require.NoError(s.w, err)
	req.Header.Set("Connection", "Upgrade")
	req.Header.Set("Upgrade", "websocket")
	req.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
	req.Header.Set("Sec-WebSocket-Version", "7")
	if resp := s.Do(req); resp.Status != 400 && resp.Status != 426 {
		s.w.Fatalf("a handshake of %s with Sec-WebSocket-Version: 7 got status %d (%q), want 400 or 426", id, resp.Status, resp.Body)
	}
	s.w.Sleep(time.Second)
}
