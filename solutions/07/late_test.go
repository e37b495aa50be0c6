package chat_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/07"
)

// oldEnds are ways in which an old connection ends later than its client comes back.
var oldEnds = []struct {
	what string
	do   func(s *server, ana, bob *visit)
	opts []testclient.DialOption
}{
	{"alive", func(*server, *visit, *visit) {}, nil},
	{"a second away, so that all that it does comes late", func(*server, *visit, *visit) {}, []testclient.DialOption{testclient.Latency(time.Second)}},
	{"in a black hole", func(_ *server, _, bob *visit) { bob.BlackHole() }, nil},
	{"reading no more, so that the server's writes wait", func(s *server, ana, bob *visit) {
		bob.Stall()
		for i := range 3 {
			text := fmt.Sprint(i, strings.Repeat("x", 2000))
			say(ana, text)
			hear(s.w, ana, "message "+text)
		}
	}, []testclient.DialOption{narrow}},
}

// Task 7.3 (10 points, after 7.2): A late end removes nothing of the new connection.
func TestLateEndRemovesNothing(t *testing.T) {
	for _, cfg := range []chat.Config{
		{RoomCapacity: 3},
		{RoomCapacity: 3, HeartbeatInterval: 30 * time.Second, StaleAfter: 70 * time.Second},
	} {
		for _, old := range oldEnds {
			run(t, cfg, func(w *testclient.World, s *server) {
				ana := s.join("ana", "den")
				bob := s.join("bob", "den", old.opts...)
				hear(w, ana, "system bob joined")
				w.Note("bob's old connection is %s", old.what)
				old.do(s, ana, bob)
				bob = s.join("bob", "den")
				for _, after := range []time.Duration{0, 10 * time.Second, 10 * time.Minute} {
					w.Sleep(after)
					s.expectWho("den", "ana bob", "bob has come back, and his old connection is not his new one")
					say(ana, "hello")
					hear(w, ana, "message hello")
					hear(w, bob, "message hello")
					tell(ana, "bob", "psst")
					hear(w, bob, "direct psst")
				}
				carl := s.expectSeat("carl", "den", "it has 3 seats, and ana and bob have two. Bob is one client, however often he comes")
				hear(w, ana, "system carl joined")
				s.expectFull("dora", "den", "it has 3 seats, for ana, bob and carl. Has the end of bob's old connection freed the seat of his new one?")
				s.leave(carl, true)
				s.leave(bob, true)
				hear(w, ana, "system carl left", "system bob left")
				hearNoMore(w, ana)
				s.expectWho("den", "ana", "bob and carl have left")
			})
		}
	}
}

// Task 7.3: A new connection that ends before the old one does leaves as any other: told once, its seat free.
func TestNewConnectionEndsFirst(t *testing.T) {
	for _, old := range oldEnds {
		run(t, chat.Config{RoomCapacity: 2}, func(w *testclient.World, s *server) {
			ana := s.join("ana", "den")
			bob := s.join("bob", "den", old.opts...)
			hear(w, ana, "system bob joined")
			w.Note("bob's old connection is %s", old.what)
			old.do(s, ana, bob)
			again := s.arrive("bob", "den", "", "")
			again.Cut()
			hear(w, ana, "system bob left")
			w.Sleep(5 * time.Second)
			s.expectWho("den", "ana", "bob has left")
			carl := s.expectSeat("carl", "den", "it has 2 seats, one for ana, and one that bob has given back: both of his connections have ended")
			hear(w, ana, "system carl joined")
			hearNoMore(w, ana, carl)
			s.expectFull("dora", "den", "it has 2 seats, for ana and carl")
			s.leave(carl, false)
			s.leave(ana, false)
			if resp := s.Get("/rooms/den"); resp.Status != http.StatusNotFound {
				w.Fatalf("GET /rooms/den got status %d, want 404: the last one has left", resp.Status)
			}
		})
	}
}

// Task 7.3: However often a client comes back, it has one seat.
func TestClientHasOneSeat(t *testing.T) {
	run(t, chat.Config{RoomCapacity: 3, OutboxSize: 1000}, func(w *testclient.World, s *server) {
		ana := s.join("ana", "den")
		s.storm(50, "bob", []string{"den"})
		for range 5 {
			s.join("bob", "den")
			w.Sleep(5 * time.Second)
		}
		bob := s.join("bob", "den")
		w.Sleep(5 * time.Second)
		s.expectWho("den", "ana bob", "bob has come back many times, and is one client")
		carl := s.expectSeat("carl", "den", "it has 3 seats, and ana and bob have two. Bob is one client, however often he comes")
		s.expectFull("dora", "den", "it has 3 seats, for ana, bob and carl")
		s.leave(bob, true)
		w.Sleep(5 * time.Second)
		s.expectSeat("dora", "den", "bob has left, all of his connections have ended, and his seat is free")
		s.expectFull("erin", "den", "it has 3 seats, for ana, carl and dora")
		hear(w, ana, "system bob joined", "system carl joined", "system bob left", "system dora joined")
		hear(w, carl, "system bob left", "system dora joined")
		hearNoMore(w, ana, carl)
	})
}

// Task 7.3: Nobody takes over whose handshake fails: the connection that there is keeps its seat.
func TestFailedHandshakeTakesNothing(t *testing.T) {
	run(t, chat.Config{RoomCapacity: 2}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		for range 3 {
			req, err := http.NewRequest(http.MethodGet, "http://chat"+path("bob", "den", "", ""), nil)
			require.NoError(w, err)
			req.Header.Set("Connection", "Upgrade")
			req.Header.Set("Upgrade", "websocket")
			req.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
			req.Header.Set("Sec-WebSocket-Version", "7")
			if resp := s.Do(req); resp.Status < 400 || resp.Status > 499 {
				w.Fatalf("a handshake with Sec-WebSocket-Version: 7 got status %d, want one of 400 to 499", resp.Status)
			}
			w.Sleep(time.Second)
			s.expectFull("carl", "den", "it has 2 seats, for ana and bob. A second handshake of bob's has failed, his connection is still there")
			say(ana, "hello")
			hear(w, bob, "message hello")
		}
		s.expectWho("den", "ana bob", "bob has been there all the time")
	})
}
