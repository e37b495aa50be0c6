package chat_test

import (
	"fmt"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
)

// Task 6.4 (10 points, after 6.1, 6.3): Each client has a limit of its own, and keeps it.
//
// Rules: 6.g.
func TestFloodTouchesNobodyElse(t *testing.T) {
	run(t, limited(5, 10*time.Second), func(w *testclient.World, s *server) {
		ana := s.join("ana", "den", testclient.From("203.0.113.7"))
		bob := s.join("bob", "lobby", testclient.From("203.0.113.7"))
		large := s.join("Ana", "lobby", testclient.From("203.0.113.7"))
		use(ana, 5, "flood")
		say(ana, "flood")
		expectRefused(w, ana, "")
		for range 5 {
			for range 20 {
				say(ana, "flood")
			}
			w.Sleep(100 * time.Millisecond)
			sent := w.Elapsed()
			say(bob, "in peace")
			for _, c := range []*testclient.Client{bob, large} {
				if m := hearSince(c, "in peace", "what ana does changes nothing for "+c.Name()); m.At != sent {
					w.Fatalf("%s got %s after %v, want it at once: nobody waits for another's limit", c.Name(), m, m.At-sent)
				}
			}
		}
		say(bob, "one too many")
		say(large, "Ana is not ana")
		hearSince(large, "Ana is not ana", "it has said nothing before; ana and bob are others")
	})
}

// Task 6.4: The Limiter keeps clients apart, in any pattern, and has none wait for another.
//
// Rules: 6.g.
func TestLimiterKeepsClientsApart(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		newGate(w, 1, 24*time.Hour).askAt("ana", "0s 12h 24h")
		for _, c := range patterns {
			newGate(w, c.limit, c.window).askOften(300, "ana", "bob", "carol")
		}
	})
}

// Task 6.4: Whoever comes again comes with what it has used, from wherever and into whatever room.
//
// Rules: 6.u.
func TestReconnectingDoesNotEscape(t *testing.T) {
	run(t, limited(10, time.Minute), func(w *testclient.World, s *server) {
		w.Sleep(59 * time.Second)
		for i, room := range []string{"den", "den", "lobby", "lobby", "attic"} {
			ana := s.join("ana", room, testclient.From(fmt.Sprint("203.0.113.", 7+i)))
			use(ana, 2, "well")
			s.leave(ana, i%2 == 0)
		}
		ana := s.join("ana", "den")
		for i := range 8 {
			w.Note("ana said the last of ten things %v ago, on five connections", time.Duration(2+2*i)*time.Second)
			say(ana, "one too many")
			expectRefused(w, ana, "")
			s.leave(ana, i%2 == 0)
			ana = s.join("ana", "den", testclient.From("203.0.113.99"))
		}
		w.Sleep(time.Minute)
		use(ana, 10, "a minute later")
	})
}

// Task 6.4: Many flood at once, and each gets its share.
//
// Rules: 6.d.
func TestManyFloodAtOnce(t *testing.T) {
	const clients, limit = 16, 3
	run(t, limited(limit, 10*time.Second), func(w *testclient.World, s *server) {
		listener := s.join("listener", "den")
		var all [clients]*testclient.Client
		for i := range all {
			all[i] = s.join(fmt.Sprint("client", i), "den")
		}
		w.Rush(clients, func(i int) {
			for range 8 {
				say(all[i], "flood")
			}
		})
		w.Sleep(time.Second)
		heard := map[string]int{}
		for _, m := range received(listener, "message") {
			heard[m.From]++
		}
		for _, c := range all {
			if n := heard[c.Name()]; n != limit {
				w.Fatalf("of what %s said when %d clients flooded the server, %d messages were passed on, want %d", c.Name(), clients, n, limit)
			}
		}
	})
}

// Task 6.4: Many clients ask a Limiter at the same instant.
//
// Rules: 6.d.
func TestManyClientsAskAtOnce(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		g := newGate(w, 5, 10*time.Second)
		for range 5 {
			var admitted [60]int
			w.Rush(len(admitted), func(i int) {
				for range 8 {
					if _, ok := g.Allow(fmt.Sprint("client", i)); ok {
						admitted[i]++
					}
				}
			})
			for i, n := range admitted {
				if n != g.limit {
					w.Fatalf("client%d asked 8 times while others did, %d times it was admitted, want %d", i, n, g.limit)
				}
			}
			w.Sleep(g.window)
		}
	})
}
