package chat_test

import (
	"fmt"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/07"
)

// expectResumed fails unless the welcome says that a client continues its session.
func expectResumed(w *testclient.World, v, before *visit, reason string) {
	w.Helper()
	switch {
	case !v.resumed:
		w.Fatalf("%s was welcomed with resumed false and the reason %q, want true: it named its session, in time", v.Name(), v.reason)
	case v.session != before.session:
		w.Fatalf("%s was welcomed with the session_id %q, want %q, which it continues", v.Name(), v.session, before.session)
	case v.reason != reason && reason == "":
		w.Fatalf("%s was welcomed with the reason %q, want %q: all that came after what it has is kept still", v.Name(), v.reason, reason)
	case v.reason != reason:
		w.Fatalf("%s was welcomed with the reason %q, want %q: not all that came after what it has is kept", v.Name(), v.reason, reason)
	}
}

// expectCounted is expectResumed of one who has come back so many times.
func expectCounted(w *testclient.World, v, before *visit, reconnects int) {
	w.Helper()
	expectResumed(w, v, before, "")
	if v.reconnects != reconnects {
		w.Fatalf("%s was welcomed with reconnects %d, want %d", v.Name(), v.reconnects, reconnects)
	}
}

// expectReconnects asks in Go and over HTTP how often sessions were resumed, as "ana:0 bob:2".
func (s *server) expectReconnects(room, want string) {
	s.w.Helper()
	var inGo, overHTTP string
	for _, r := range s.chat.Rooms() {
		for _, m := range r.Members {
			if r.ID == room {
				inGo += fmt.Sprint(" ", m.ID, ":", m.Reconnects)
			}
		}
	}
	var body struct {
		Members []struct {
			ID         string
			Reconnects int
		}
	}
	s.Get("/rooms/" + room).JSON(&body)
	for _, m := range body.Members {
		overHTTP += fmt.Sprint(" ", m.ID, ":", m.Reconnects)
	}
	if inGo != " "+want {
		s.w.Fatalf("Rooms() has in %s these members, with their Reconnects:%s; want %s", room, inGo, want)
	}
	if overHTTP != " "+want {
		s.w.Fatalf("GET /rooms/%s has these members, with their reconnects:%s; want %s", room, overHTTP, want)
	}
}

// Task 7.4 (10 points, after 7.1, 7.2): A session is recognised, and how often is counted.
func TestSessionIsRecognised(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		hear(w, ana, "system bob joined")
		s.expectReconnects("den", "ana:0 bob:0")
		for i, away := range []time.Duration{0, time.Second, 7 * time.Second, 70 * time.Second} {
			s.leave(bob, i%2 == 0)
			hear(w, ana, "system bob left")
			w.Sleep(away)
			again := s.resume(bob, "")
			expectCounted(w, again, bob, i+1)
			hear(w, ana, "system bob joined")
			s.expectReconnects("den", fmt.Sprint("ana:0 bob:", i+1))
			hearNoMore(w, ana, again)
			bob = again
		}
		say(ana, "hello")
		hear(w, bob, "message hello")
	})
}

// Task 7.4: Who names its session while the old connection is there takes over, and continues.
func TestSessionIsRecognisedInATakeOver(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		for i := range 4 {
			again := s.resume(bob, "")
			expectCounted(w, again, bob, i+1)
			w.Sleep(5 * time.Second)
			s.expectReconnects("den", fmt.Sprint("ana:0 bob:", i+1))
			bob = again
		}
		tell(ana, "bob", "hello")
		hear(w, bob, "direct hello")
		hearNoMore(w, bob)
	})
}

// Task 7.4: Who names no session begins anew.
func TestWithoutSessionAllIsFresh(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		ana2 := s.resume(ana, "")
		expectCounted(w, ana2, ana, 1)
		for _, stays := range []bool{false, true} {
			again := s.resume(bob, "")
			expectCounted(w, again, bob, 1)
			if !stays {
				s.leave(again, false)
			}
			bob = s.join("bob", "den")
			expectFresh(w, bob)
			if bob.session == again.session {
				w.Fatalf("%s named no session and got the session_id of %s: whoever takes a client's id would get its messages too", bob.Name(), again.Name())
			}
			s.expectReconnects("den", "ana:1 bob:0")
		}
	})
}

// Task 7.4: Of fifty that come back to one session at once each is counted, and one is left.
func TestFiftyComeBackAtOnce(t *testing.T) {
	const many = 50
	run(t, chat.Config{ResumeWindow: window, OutboxSize: 1000}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		visits := make([]*visit, many)
		w.Rush(many+5, func(i int) {
			if i >= many {
				for range 20 {
					s.who("den")
					time.Sleep(time.Millisecond) // World.Sleep guards its state with what would hide races
				}
				return
			}
			c := s.Dial(path("bob", "den", bob.session, ""), testclient.As(fmt.Sprint("bob ", i)))
			visits[i] = &visit{Client: c, id: "bob", room: "den"}
		})
		w.Sleep(time.Second)
		tell(ana, "bob", "who are you?")
		w.Sleep(time.Second)
		counted, heard := map[int]string{}, 0
		for _, v := range visits {
			heard += v.arrived(w)
			if v.session == "" {
				continue // taken over before it was welcomed
			}
			if v.session != bob.session || !v.resumed {
				w.Fatalf("%s was welcomed with resumed %v, want true: all of them named the same session", v.Name(), v.resumed)
			}
			if other := counted[v.reconnects]; other != "" {
				w.Fatalf("%s and %s were both welcomed with reconnects %d, want each counted", v.Name(), other, v.reconnects)
			}
			counted[v.reconnects] = v.Name()
		}
		if heard != 1 {
			w.Fatalf("a direct message to bob came %d times, want once: %d of his connections arrived at the same moment, and one is left", heard, many)
		}
		s.expectReconnects("den", fmt.Sprint("ana:0 bob:", many))
	})
}
