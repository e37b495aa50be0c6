package chat_test

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/07"
)

// Task 7.1 (5 points): The welcome names a session that nobody can guess.
//
// Rules: 7.a.
func TestWelcomeNamesASession(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		seen := map[string]string{}
		for _, end := range []func(*chattest.Client){leave, vanish, leave, vanish, leave} {
			for _, id := range []string{"ana", "bob"} {
				v := s.Join(id, "den")
				expectFresh(w, v)
				if other := seen[v.Session]; other != "" {
					w.Fatalf("%s got the session_id %q, which %s had before: each fresh start is a session of its own", v.Name(), v.Session, other)
				}
				seen[v.Session] = v.Name()
				end(v)
			}
		}
	})
}

// expectFresh fails unless the welcome says that a client has begun anew.
func expectFresh(w *testclient.World, v *chattest.Client) {
	w.Helper()
	switch {
	case v.Session == "":
		w.Fatalf("%s was welcomed without a session_id", v.Name())
	case v.Resumed:
		w.Fatalf("%s was welcomed with resumed true, want false: %s", v.Name(), whyFresh(v))
	case v.Reconnects != 0:
		w.Fatalf("%s was welcomed with reconnects %d, want 0: its session is new", v.Name(), v.Reconnects)
	}
}

func whyFresh(v *chattest.Client) string {
	if v.Since.Session == "" {
		return "it named no session, and begins anew"
	}
	return "it named a session that it cannot continue, and begins anew"
}

// Task 7.1: Session ids have at least 64 bits that follow neither from other ids nor from the time.
//
// Rules: 7.b.
func TestSessionIDCannotBeGuessed(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		twin := start(w, chat.Config{})
		const many = 100
		var ids []string
		seen := map[string]bool{}
		for i := range many {
			for _, on := range []*server{s, twin} {
				v := on.Arrive(fmt.Sprint("c", i), fmt.Sprint("room", i), chattest.Since{})
				if seen[v.Session] {
					w.Fatalf("%s got the session_id %q. The same client got it from another server at the same time:\n"+
						"an id that follows from time and order is one that others can work out", v.Name(), v.Session)
				}
				seen[v.Session] = true
				ids = append(ids, v.Session)
			}
		}
		if got := bits(ids); got < 50 {
			w.Fatalf("session ids vary by about %.0f bits, want 64 random ones at least: whoever guesses one reads what its client missed.\n"+
				"Some of them: %q", got, ids[:4])
		}
	})
}

// bits estimates how many bits of these ids vary: for each place, the entropy of what stands there.
func bits(ids []string) float64 {
	sum := 0.0
	for at := range 256 {
		counts := map[byte]int{}
		for _, id := range ids {
			if at < len(id) {
				counts[id[at]]++
			}
		}
		for _, n := range counts {
			p := float64(n) / float64(len(ids))
			sum -= p * math.Log2(p)
		}
	}
	return sum
}

// Task 7.1: Only its own client sees a session id.
//
// Rules: 7.c.
func TestSessionIDIsASecret(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		bob := s.Join("bob", "den")
		expectFresh(w, bob)
		bob.Say("hello")
		w.Settle()
		for _, m := range ana.Drain() {
			if bytes.Contains(m.Data, []byte(bob.Session)) {
				w.Fatalf("ana got %s: bob's session_id is his secret", m)
			}
		}
		for _, p := range []string{"/rooms", "/rooms/den"} {
			if body := s.Get(p).Body; bytes.Contains(body, []byte(bob.Session)) {
				w.Fatalf("GET %s got %s: bob's session_id is his secret", p, body)
			}
		}
	})
}
