package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/07"
)

// Task 7.6 (10 points, after 7.4, 7.5): What cannot be resumed, or not wholly, is said.
func TestUnknownSessionStartsFresh(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana, carl := s.join("ana", "den"), s.join("carl", "den")
		away := s.join("dora", "den")
		s.leave(away, false)
		expired := s.join("bob", "den")
		s.leave(expired, false)
		w.Sleep(window)
		elsewhere := s.join("bob", "lobby")
		s.leave(elsewhere, false)
		away2 := s.join("erin", "den")
		s.leave(away2, false)
		for _, ask := range []struct{ session, what string }{
			{elsewhere.session, "bob's own, of another room"},
			{expired.session, "expired"},
			{carl.session, "carl's, who is here"},
			{away2.session, "erin's, who may come back"},
			{away.session, "dora's, and expired"},
			{"bob", "no session id at all"},
			{carl.session[:len(carl.session)-1], "nearly carl's"},
		} {
			w.Note("bob names a session that is %s", ask.what)
			say(ana, "a secret")
			w.Settle()
			bob := s.arrive("bob", "den", ask.session, "")
			expectUnknown(w, bob)
			if bob.session == ask.session {
				w.Fatalf("%s got the session_id that he asked for, and that is not his", bob.Name())
			}
			tell(ana, "bob", "psst")
			hear(w, bob, "direct psst")
			hearNoMore(w, bob)
			s.leave(bob, true)
		}
		again := s.resume(carl, "")
		expectResumed(w, again, carl, "")
		erin := s.resume(away2, "")
		expectResumed(w, erin, away2, "")
		if upper := strings.ToUpper(erin.session); upper != erin.session {
			expectUnknown(w, s.arrive("erin", "den", upper, ""))
		} else if lower := strings.ToLower(erin.session); lower != erin.session {
			expectUnknown(w, s.arrive("erin", "den", lower, ""))
		}
	})
}

// expectUnknown is expectFresh of one who named a session that it cannot continue.
func expectUnknown(w *testclient.World, v *visit) {
	w.Helper()
	expectFresh(w, v)
	if v.reason != "unknown_session" {
		w.Fatalf("%s was welcomed with the reason %q, want %q: %s", v.Name(), v.reason, "unknown_session", v.whyFresh())
	}
}

// Task 7.6: Who names no session is given no reason, whoever had its name before.
func TestWhoAsksForNothingIsGivenNoReason(t *testing.T) {
	for _, cfg := range []chat.Config{resuming, {}} {
		run(t, cfg, func(w *testclient.World, s *server) {
			for _, end := range []func(*visit){
				func(v *visit) { s.leave(v, false) },
				func(*visit) {}, // to be taken over
				func(*visit) {},
			} {
				bob := s.join("bob", "den")
				expectFresh(w, bob)
				if bob.reason != "" {
					w.Fatalf("%s was welcomed with the reason %q, want none: %s, as it asked", bob.Name(), bob.reason, bob.whyFresh())
				}
				end(bob)
			}
		})
	}
}

// Task 7.6: A session waits for ResumeWindow and no longer; then nobody keeps direct messages for its client.
func TestSessionExpires(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana := s.join("ana", "lobby")
		for i := range 3 {
			bob := s.join("bob", "den")
			w.Sleep(time.Duration(i) * 47 * time.Second)
			s.leave(bob, i%2 == 0)
			w.Sleep(window - 3*time.Second)
			tell(ana, "bob", "in time")
			w.Settle()
			again := s.resume(bob, "")
			expectResumed(w, again, bob, "")
			hear(w, again, "direct in time")
			s.leave(again, false)
			w.Sleep(window)
			tell(ana, "bob", "too late")
			hear(w, ana, "error no_such_client")
			again = s.resume(bob, "")
			expectUnknown(w, again)
			hearNoMore(w, again)
			s.leave(again, true)
			w.Sleep(window)
		}
	})
}

// Task 7.6: A session does not expire while its client is connected, however long and however often it was away.
func TestSessionLastsWhileConnected(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana := s.join("ana", "den")
		s.leave(s.join("bob", "den"), false)
		bob := s.join("bob", "den") // a fresh start, while the session before waits
		w.Sleep(3 * time.Hour)
		again := s.resume(bob, "") // taking over
		expectResumed(w, again, bob, "")
		bob = again
		for i := range 6 {
			s.leave(bob, i%2 == 0)
			w.Sleep(window * 3 / 4)
			again := s.resume(bob, "")
			expectResumed(w, again, bob, "")
			hear(w, again, told(i)...)
			w.Sleep([]time.Duration{10 * time.Second, window * 3 / 4, time.Hour}[i%3])
			tell(ana, "bob", fmt.Sprint(i))
			hear(w, again, fmt.Sprint("direct ", i))
			bob = again
		}
	})
}

// told is what TestSessionLastsWhileConnected has told bob before.
func told(n int) []string {
	var lines []string
	for i := range n {
		lines = append(lines, fmt.Sprint("direct ", i))
	}
	return lines
}

// Task 7.6: When more was missed than was kept the client is told, and gets what was kept.
func TestOverflowIsTold(t *testing.T) {
	for _, size := range []struct{ config, kept int }{{1, 1}, {5, 5}, {0, 128}} {
		run(t, chat.Config{ResumeWindow: window, ResumeLogSize: size.config, OutboxSize: 1000}, func(w *testclient.World, s *server) {
			ana, bob := s.join("ana", "den"), s.join("bob", "den")
			say(ana, "before")
			last := hear(w, bob, "message before")
			s.leave(bob, false)
			ana.Drain()
			var all []string
			for i := range size.kept + 2 {
				w.Note(`messages since "before": %d; as many are kept: %d`, i, size.kept)
				want, reason := all, ""
				if i > size.kept {
					want, reason = all[i-size.kept:], "log_overflow"
				}
				if i == 0 || i >= size.kept {
					again := s.resume(bob, last)
					expectResumed(w, again, bob, reason)
					hear(w, again, want...)
					hearNoMore(w, again)
					s.leave(again, false)
				}
				say(ana, fmt.Sprint(i))
				all = append(all, fmt.Sprint("message ", i))
				hear(w, ana.quietly(), all[i])
			}
		})
	}
}

// Task 7.6: So it is when the client has got nothing yet, and more was sent than was kept; or names a message that was never sent.
func TestLastMessageMayBeUnknown(t *testing.T) {
	run(t, chat.Config{ResumeWindow: window, ResumeLogSize: 3}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		s.leave(bob, false)
		ana.Drain()
		all := []string{"message 0", "message 1", "message 2", "message 3"}
		for i, line := range all {
			say(ana, fmt.Sprint(i))
			hear(w, ana.quietly(), line)
			again := s.resume(bob, "never")
			expectResumed(w, again, bob, "log_overflow")
			hear(w, again, all[max(0, i-2):i+1]...)
			s.leave(again, true)
			reason := ""
			if i == 3 {
				reason = "log_overflow"
			}
			again = s.resume(bob, "")
			expectResumed(w, again, bob, reason)
			hear(w, again, all[max(0, i-2):i+1]...)
			s.leave(again, true)
		}
	})
}

// Task 7.6: Without a ResumeWindow no session is resumed, and who asks for one takes over nevertheless.
func TestNothingIsResumedWithoutAWindow(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		again := s.resume(bob, "")
		expectUnknown(w, again)
		w.Sleep(5 * time.Second)
		tell(ana, "bob", "hello")
		hear(w, again, "direct hello")
		s.leave(again, true)
		tell(ana, "bob", "psst")
		hear(w, ana.quietly(), "error no_such_client")
		expectUnknown(w, s.resume(again, ""))
	})
}
