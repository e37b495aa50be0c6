package chat_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/07"
)

// oldEnd is a way in which an old connection ends later than its client comes back.
type oldEnd struct {
	what string
	opts []testclient.DialOption
	do   func(ana, bob *chattest.Client) // what happens to bob's connection; nil: nothing
}

var (
	alive = oldEnd{what: "alive"}

	farAway = oldEnd{
		what: "a second away, so that all that it does comes late",
		opts: []testclient.DialOption{testclient.Latency(time.Second)},
	}

	inABlackHole = oldEnd{
		what: "in a black hole",
		do:   func(_, bob *chattest.Client) { bob.BlackHole() },
	}

	readingNoMore = oldEnd{
		what: "reading no more, so that the server's writes wait",
		opts: []testclient.DialOption{narrow},
		do: func(ana, bob *chattest.Client) {
			bob.Stall()
			flood(ana, 3)
		},
	}

	oldEnds = []oldEnd{alive, farAway, inABlackHole, readingNoMore}
)

// begins has the old connection of bob come to this.
func (o oldEnd) begins(w *testclient.World, ana, bob *chattest.Client) {
	w.Note("bob's old connection is %s", o.what)
	if o.do != nil {
		o.do(ana, bob)
	}
}

// flood has a client say so many things, each of which is more than a narrow network holds.
func flood(ana *chattest.Client, n int) {
	for i := range n {
		text := fmt.Sprint(i, strings.Repeat("x", 2000))
		ana.Say(text)
		ana.Hear("message " + text)
	}
}

// Task 7.3 (10 points, after 7.2): A late end takes nothing from the new connection.
//
// Rules: 7.m, 7.n.
func TestLateEndRemovesNothing(t *testing.T) {
	for _, cfg := range []chat.Config{
		{RoomCapacity: 3},
		{RoomCapacity: 3, HeartbeatInterval: 30 * time.Second, StaleAfter: 70 * time.Second},
	} {
		for _, old := range oldEnds {
			run(t, cfg, func(w *testclient.World, s *server) {
				ana := s.Join("ana", "den")
				bob := s.Join("bob", "den", old.opts...)
				ana.Hear("system bob joined")
				old.begins(w, ana, bob)
				bob = s.Join("bob", "den")
				for _, after := range []time.Duration{0, 10 * time.Second, 10 * time.Minute} {
					w.Sleep(after)
					s.expectWho("den", "ana bob", "bob has come back, and his old connection is not his new one")
					ana.Say("hello")
					ana.Hear("message hello")
					bob.Hear("message hello")
					ana.Tell("bob", "psst")
					bob.Hear("direct psst")
				}
				carl := s.ExpectSeat("carl", "den", "it has 3 seats, and ana and bob have two. Bob is one client, however often he comes")
				ana.Hear("system carl joined")
				s.ExpectFull("dora", "den", "it has 3 seats, for ana, bob and carl. Has the end of bob's old connection freed the seat of his new one?")
				carl.Leave()
				bob.Leave()
				ana.Hear("system carl left", "system bob left")
				s.HearNoMore(ana)
				s.expectWho("den", "ana", "bob and carl have left")
			})
		}
	}
}

// Task 7.3: How long the old connection has been silent does not count against the new one.
//
// Rules: 7.m.
func TestSilenceIsNotInherited(t *testing.T) {
	const interval, stale = 30 * time.Second, 70 * time.Second
	for _, before := range []time.Duration{2 * interval, 3 * interval} { // the latter closes a silent client
		for _, phase := range []time.Duration{-time.Millisecond, time.Millisecond} {
			run(t, chat.Config{HeartbeatInterval: interval, StaleAfter: stale}, func(w *testclient.World, s *server) {
				ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
				w.Note("bob's old connection is in a black hole, so that the server hears nothing from it")
				bob.BlackHole()
				w.Sleep(before + phase - w.Elapsed())
				again := s.Arrive("bob", "den", chattest.Since{})
				for _, later := range []time.Duration{time.Second, 2 * interval} {
					w.Sleep(later)
					ana.Say("hello")
					again.Hear("message hello")
				}
				s.expectWho("den", "ana bob", "bob's new connection answers heartbeats: the silence of his old one does not count")
			})
		}
	}
}

// Task 7.3: When the new connection ends before the old one, the room hears it once, and the seat is free.
//
// Rules: 7.n, 7.o.
func TestNewConnectionEndsFirst(t *testing.T) {
	for _, old := range oldEnds {
		run(t, chat.Config{RoomCapacity: 2}, func(w *testclient.World, s *server) {
			ana := s.Join("ana", "den")
			bob := s.Join("bob", "den", old.opts...)
			ana.Hear("system bob joined")
			old.begins(w, ana, bob)
			again := s.Arrive("bob", "den", chattest.Since{})
			again.Cut()
			ana.Hear("system bob left")
			w.Sleep(5 * time.Second)
			s.expectWho("den", "ana", "bob has left")
			carl := s.ExpectSeat("carl", "den", "it has 2 seats, one for ana, and one that bob has given back: both of his connections have ended")
			ana.Hear("system carl joined")
			s.HearNoMore(ana, carl)
			s.ExpectFull("dora", "den", "it has 2 seats, for ana and carl")
			carl.Vanish()
			ana.Vanish()
			if resp := s.Get("/rooms/den"); resp.Status != http.StatusNotFound {
				w.Fatalf("GET /rooms/den got status %d, want 404: the last one has left", resp.Status)
			}
		})
	}
}

// Task 7.3: An old connection that lives on does not need a seat of its own.
//
// Rules: 7.n.
func TestOldAndNewShareASeat(t *testing.T) {
	for _, old := range oldEnds {
		run(t, chat.Config{RoomCapacity: 3}, func(w *testclient.World, s *server) {
			ana := s.Join("ana", "den")
			bob := s.Join("bob", "den", old.opts...)
			ana.Hear("system bob joined")
			old.begins(w, ana, bob)
			again := s.Arrive("bob", "den", chattest.Since{})
			carl := s.ExpectSeat("carl", "den", "it has 3 seats, one for ana and one for both of bob's connections")
			s.ExpectFull("dora", "den", "it has 3 seats, for ana, bob and carl")
			ana.Hear("system carl joined")
			again.Hear("system carl joined")
			s.HearNoMore(ana, again, carl)
		})
	}
}

// Task 7.3: A client that comes back often has one seat.
//
// Rules: 7.n.
func TestClientHasOneSeat(t *testing.T) {
	run(t, chat.Config{RoomCapacity: 3, OutboxSize: 1000}, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		s.Rush(50, "bob", []string{"den"})
		for range 5 {
			s.Join("bob", "den")
			w.Sleep(5 * time.Second)
		}
		bob := s.Join("bob", "den")
		w.Sleep(5 * time.Second)
		s.expectWho("den", "ana bob", "bob has come back many times, and is one client")
		carl := s.ExpectSeat("carl", "den", "it has 3 seats, and ana and bob have two. Bob is one client, however often he comes")
		s.ExpectFull("dora", "den", "it has 3 seats, for ana, bob and carl")
		bob.Leave()
		w.Sleep(5 * time.Second)
		s.ExpectSeat("dora", "den", "bob has left, all of his connections have ended, and his seat is free")
		s.ExpectFull("erin", "den", "it has 3 seats, for ana, carl and dora")
		ana.Hear("system bob joined", "system carl joined", "system bob left", "system dora joined")
		carl.Hear("system bob left", "system dora joined")
		s.HearNoMore(ana, carl)
	})
}

// Task 7.3: A handshake that fails takes over nothing: the first connection keeps its seat.
//
// Rules: 7.l.
func TestFailedHandshakeTakesNothing(t *testing.T) {
	run(t, chat.Config{RoomCapacity: 2}, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		for range 3 {
			req, err := http.NewRequest(http.MethodGet, "http://chat"+chattest.Path("bob", "den"), nil)
			require.NoError(w, err)
			req.Header.Set("Connection", "Upgrade")
			req.Header.Set("Upgrade", "websocket")
			req.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
			req.Header.Set("Sec-WebSocket-Version", "7")
			if resp := s.Do(req); resp.Status < 400 || resp.Status > 499 {
				w.Fatalf("a handshake with Sec-WebSocket-Version: 7 got status %d, want one of 400 to 499", resp.Status)
			}
			w.Sleep(time.Second)
			s.ExpectFull("carl", "den", "it has 2 seats, for ana and bob. A second handshake of bob's has failed, his connection is still there")
			ana.Say("hello")
			bob.Hear("message hello")
		}
		s.expectWho("den", "ana bob", "bob has been there all the time")
	})
}
