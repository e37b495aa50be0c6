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
			inside = s.succeed(next, "den", inside.Name()+" has left")
			s.expectFull("bob", "den")
		}
	})
}

// Task 3.5: So does a client that reads too slowly, when the server disconnects it.
func TestDroppedClientMakesRoom(t *testing.T) {
	run(t, chat.Config{RoomCapacity: 2, OutboxSize: 8}, func(w *testclient.World, s *server) {
		ana := s.join("ana", "den")
		stalled := s.join("stalled", "den", testclient.Buffer(1024))
		s.expectFull("bob", "den")
		stalled.Stall()
		for i := range 40 {
			text := fmt.Sprint(i, strings.Repeat("x", 500))
			ana.Send(text)
			ana.Await("her own message", func(m testclient.Message) bool { return m.Text() == "ana: "+text })
		}
		stalled.ServerHungUp(time.Second)
		w.Sleep(time.Second)
		s.succeed("bob", "den", "the server has disconnected stalled, who read too slowly")
		s.expectFull("carol", "den")
	})
}

// succeed is join into a room that was full until somebody left.
func (s *server) succeed(id, room, why string) *testclient.Client {
	s.w.Helper()
	c, resp := s.TryDial(path(id, room), testclient.As(id))
	if c == nil {
		s.w.Fatalf("%s was refused with status %d (%q), want 101: %s.\nWhoever leaves gives its seat back, in whatever way; "+
			"and whoever was refused keeps none.", id, resp.Status, strings.TrimSpace(string(resp.Body)), why)
	}
	s.w.Sleep(time.Second)
	return c
}

// Task 3.6 (20 points, after 3.1, 3.2, 3.3, 3.4, 3.5): Of twenty at once, as many get in as have a seat.
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

// badHandshakes are asked for as no client should: every WebSocket library refuses them,
// after the server's own checks.
var badHandshakes = []struct{ what, header, value string }{
	{"Sec-WebSocket-Version: 7", "Sec-WebSocket-Version", "7"},
	{"a Sec-WebSocket-Key that is none", "Sec-WebSocket-Key", "short"},
	{"the Origin of another host", "Origin", "http://elsewhere.example"},
}

// Task 3.6: A handshake that fails after the check gives its seat back, and nobody hears of it.
func TestFailedHandshakeGivesItsSeatBack(t *testing.T) {
	run(t, chat.Config{RoomCapacity: 2}, func(w *testclient.World, s *server) {
		for i := range badHandshakes {
			room := fmt.Sprint("den", i)
			ana := s.join(fmt.Sprint("ana", i), room)
			bob := fmt.Sprint("bob", i)
			for _, id := range []string{bob, fmt.Sprint("erin", i), bob, bob} {
				s.failHandshake(i, id, room)
			}
			s.join(bob, room)
			s.expectFull("carol", room)
			s.hear(ana, "* "+bob+" joined")
		}
	})
}

// Task 3.6: A room that somebody wanted to join, and did not, is none.
func TestFailedHandshakeLeavesNoRoom(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		for i, bad := range badHandshakes {
			room := fmt.Sprint("attic", i)
			s.leave(s.join("ana", room), true)
			s.expectForgotten(room, "the last one has left. Rooms that stay for ever fill the memory")
			s.failHandshake(i, "bob", room)
			s.expectForgotten(room, "nobody is there. The last who asked for it was bob, whose handshake failed: it had "+bad.what)
		}
	})
}

// failHandshake asks for a WebSocket with the i-th of badHandshakes. By the end of a second
// that must be forgotten.
func (s *server) failHandshake(i int, id, room string) {
	req, err := http.NewRequest(http.MethodGet, "http://chat"+path(id, room), nil)
	require.NoError(s.w, err)
	req.Header.Set("Connection", "Upgrade")
	req.Header.Set("Upgrade", "websocket")
	req.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
	req.Header.Set("Sec-WebSocket-Version", "13")
	req.Header.Set(badHandshakes[i].header, badHandshakes[i].value)
	resp, what := s.Do(req), badHandshakes[i].what
	switch body := strings.TrimSpace(string(resp.Body)); {
	case resp.Status == http.StatusServiceUnavailable:
		s.w.Fatalf("a handshake of %s got status 503 (%q); the room has a free seat.\n"+
			"Others have failed before it: the seats that were kept for them must be free again. Each had %s.", id, body, what)
	case resp.Status < 400 || resp.Status > 499:
		s.w.Fatalf("a handshake of %s with %s got status %d (%q), want one of 400 to 499", id, what, resp.Status, body)
	}
	s.w.Sleep(time.Second)
}
