package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/07"
)

// expectResumed fails unless the welcome says that a client continues its session.
func expectResumed(w *testclient.World, v, before *chattest.Client, reason string) {
	w.Helper()
	switch {
	case !v.Resumed:
		w.Fatalf("%s was welcomed with resumed false and the reason %q, want true: it named its session, in time", v.Name(), v.Reason)
	case v.Session != before.Session:
		w.Fatalf("%s was welcomed with the session_id %q, want %q, which it continues", v.Name(), v.Session, before.Session)
	case v.Reason != reason && reason == "":
		w.Fatalf("%s was welcomed with the reason %q, want %q: all that came after what it has is kept still", v.Name(), v.Reason, reason)
	case v.Reason != reason:
		w.Fatalf("%s was welcomed with the reason %q, want %q: not all that came after what it has is kept", v.Name(), v.Reason, reason)
	}
}

// expectCounted is expectResumed of one who has come back so many times.
func expectCounted(w *testclient.World, v, before *chattest.Client, reconnects int) {
	w.Helper()
	expectResumed(w, v, before, "")
	if v.Reconnects != reconnects {
		w.Fatalf("%s was welcomed with reconnects %d, want %d", v.Name(), v.Reconnects, reconnects)
	}
}

// expectReconnects asks in Go and over HTTP how often sessions were resumed, as "ana:0 bob:2".
func (s *server) expectReconnects(room, want string) {
	s.w.Helper()
	var inGo string
	for _, r := range s.chat.Rooms() {
		for _, m := range r.Members {
			if r.ID == room {
				inGo += fmt.Sprint(" ", m.ID, ":", m.Reconnects)
			}
		}
	}
	if inGo != " "+want {
		s.w.Fatalf("Rooms() has in %s these members, with their Reconnects:%s; want %s", room, inGo, want)
	}
	var one listed
	s.Get("/rooms/" + room).JSON(&one)
	if got := one.reconnects(); got != want {
		s.w.Fatalf("GET /rooms/%s has these members, with their reconnects: %s; want %s", room, got, want)
	}
	var all struct{ Rooms []listed }
	s.Get("/rooms").JSON(&all)
	for _, r := range all.Rooms {
		if got := r.reconnects(); r.ID == room && got != want {
			s.w.Fatalf("GET /rooms has in %s these members, with their reconnects: %s; want %s", room, got, want)
		}
	}
}

// reconnects writes the members with their reconnects: "ana:0 bob:2".
func (r listed) reconnects() string {
	var list []string
	for _, m := range r.Members {
		list = append(list, fmt.Sprint(m.ID, ":", m.Reconnects))
	}
	return strings.Join(list, " ")
}

// Task 7.4 (10 points, after 7.1, 7.2): A session is resumed, and each time is counted.
//
// Rules: 7.p, 7.q.
func TestSessionIsRecognised(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		ana.Hear("system bob joined")
		s.expectReconnects("den", "ana:0 bob:0")
		for _, away := range []struct {
			ends       func(*chattest.Client)
			lasts      time.Duration
			reconnects int
		}{
			{leave, 0, 1},
			{vanish, time.Second, 2},
			{leave, 7 * time.Second, 3},
			{vanish, 70 * time.Second, 4},
		} {
			away.ends(bob)
			ana.Hear("system bob left")
			w.Sleep(away.lasts)
			again := s.Resume(bob, "")
			expectCounted(w, again, bob, away.reconnects)
			ana.Hear("system bob joined")
			s.expectReconnects("den", fmt.Sprint("ana:0 bob:", away.reconnects))
			s.HearNoMore(ana, again)
			bob = again
		}
		ana.Say("hello")
		bob.Hear("message hello")
	})
}

// Task 7.4: A session that has waited once can be resumed long after that, while the connection is there.
//
// Rules: 7.p.
func TestSessionIsRecognisedLongAfterAWait(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		bob := s.Join("bob", "den")
		for reconnects := 1; reconnects < 6; reconnects += 2 {
			bob.Vanish()
			w.Sleep(time.Minute)
			again := s.Resume(bob, "")
			expectCounted(w, again, bob, reconnects)
			w.Sleep(10 * window)
			w.Note("bob's old connection is still there; it began %v ago", 10*window)
			bob = s.Resume(again, "")
			expectCounted(w, bob, again, reconnects+1)
		}
	})
}

// Task 7.4: A client that names its session while its old connection is there takes over and continues the session.
//
// Rules: 7.g, 7.m, 7.q.
func TestSessionIsRecognisedInATakeOver(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		for _, reconnects := range []int{1, 2, 3, 4} {
			again := s.Resume(bob, "")
			expectCounted(w, again, bob, reconnects)
			w.Sleep(5 * time.Second)
			s.expectReconnects("den", fmt.Sprint("ana:0 bob:", reconnects))
			bob = again
		}
		ana.Tell("bob", "hello")
		bob.Hear("direct hello")
		s.HearNoMore(bob)
	})
}

// Task 7.4: A client that names no session begins a new one.
//
// Rules: 7.a, 7.r.
func TestWithoutSessionAllIsFresh(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		expectCounted(w, s.Resume(ana, ""), ana, 1)
		for _, end := range []func(*chattest.Client){vanish, stay} {
			again := s.Resume(bob, "")
			expectCounted(w, again, bob, 1)
			end(again)
			bob = s.Join("bob", "den")
			expectFresh(w, bob)
			if bob.Session == again.Session {
				w.Fatalf("%s named no session and got the session_id of %s: whoever takes a client's id would get its messages too", bob.Name(), again.Name())
			}
			s.expectReconnects("den", "ana:1 bob:0")
		}
	})
}

// Task 7.4: When fifty connections resume one session at once, each is counted, and one is left.
//
// Rules: 7.p, 7.q.
func TestFiftyComeBackAtOnce(t *testing.T) {
	const many = 50
	run(t, chat.Config{ResumeWindow: window, OutboxSize: 1000}, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		all := make([]*chattest.Client, many)
		w.Rush(many+5, func(i int) {
			if i >= many {
				for range 20 {
					s.inGo()
					time.Sleep(time.Millisecond) // World.Sleep guards its state with what would hide races
				}
				return
			}
			all[i] = s.Rusher(i, "bob", "den", chattest.Since{Session: bob.Session})
		})
		w.Sleep(time.Second)
		ana.Tell("bob", "who are you?")
		w.Sleep(time.Second)
		counted, heard := map[int]string{}, 0
		for _, v := range all {
			heard += arrived(w, v)
			if v.Session == "" {
				continue // taken over before it was welcomed
			}
			if v.Session != bob.Session || !v.Resumed {
				w.Fatalf("%s was welcomed with resumed %v, want true: all of them named the same session", v.Name(), v.Resumed)
			}
			if other := counted[v.Reconnects]; other != "" {
				w.Fatalf("%s and %s were both welcomed with reconnects %d, want each counted", v.Name(), other, v.Reconnects)
			}
			counted[v.Reconnects] = v.Name()
		}
		if heard != 1 {
			w.Fatalf("a direct message to bob came %d times, want once: %d of his connections arrived at the same moment, and one is left", heard, many)
		}
		s.expectReconnects("den", fmt.Sprint("ana:0 bob:", many))
	})
}
