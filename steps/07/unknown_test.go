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

// Task 7.6 (10 points, after 7.4, 7.5): The welcome says what cannot be resumed.
//
// Rules: 7.ab, 7.ac.
func TestUnknownSessionStartsFresh(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana, carl := s.Join("ana", "den"), s.Join("carl", "den")
		dora, expired := s.Join("dora", "den"), s.Join("bob", "den")
		dora.Vanish()
		expired.Vanish()
		w.Sleep(window)
		elsewhere, erin := s.Join("bob", "lobby"), s.Join("erin", "den")
		elsewhere.Vanish()
		erin.Vanish()
		for _, ask := range []struct{ session, what string }{
			{elsewhere.Session, "bob's own, of another room"},
			{expired.Session, "expired"},
			{carl.Session, "carl's, who is here"},
			{erin.Session, "erin's, who may come back"},
			{dora.Session, "dora's, and expired"},
			{"bob", "no session id at all"},
			{carl.Session[:len(carl.Session)-1], "nearly carl's"},
		} {
			w.Note("bob names a session that is %s", ask.what)
			ana.Say("a secret")
			w.Settle()
			bob := s.Arrive("bob", "den", chattest.Since{Session: ask.session})
			expectUnknown(w, bob)
			if bob.Session == ask.session {
				w.Fatalf("%s got the session_id that he asked for, and that is not his", bob.Name())
			}
			ana.Tell("bob", "psst")
			bob.Hear("direct psst")
			s.HearNoMore(bob)
			bob.Leave()
		}
		w.Note("bob has named the sessions of carl and of erin, which were not his: nothing has changed for these two")
		expectCounted(w, s.Resume(carl, ""), carl, 1)
		expectCounted(w, s.Resume(erin, ""), erin, 1)
		if upper := strings.ToUpper(erin.Session); upper != erin.Session {
			expectUnknown(w, s.Arrive("erin", "den", chattest.Since{Session: upper}))
		} else if lower := strings.ToLower(erin.Session); lower != erin.Session {
			expectUnknown(w, s.Arrive("erin", "den", chattest.Since{Session: lower}))
		}
	})
}

// expectUnknown is expectFresh of one who named a session that it cannot continue.
func expectUnknown(w *testclient.World, v *chattest.Client) {
	w.Helper()
	expectFresh(w, v)
	if v.Reason != "unknown_session" {
		w.Fatalf("%s was welcomed with the reason %q, want %q: %s", v.Name(), v.Reason, "unknown_session", whyFresh(v))
	}
}

// Task 7.6: A client that names no session gets no reason, even if its client id had a session before.
//
// Rules: 7.ai.
func TestWhoAsksForNothingIsGivenNoReason(t *testing.T) {
	for _, cfg := range []chat.Config{resuming, {}} {
		run(t, cfg, func(w *testclient.World, s *server) {
			for _, end := range []func(*chattest.Client){vanish, stay, stay} {
				bob := s.Join("bob", "den")
				expectFresh(w, bob)
				if bob.Reason != "" {
					w.Fatalf("%s was welcomed with the reason %q, want none: %s, as it asked", bob.Name(), bob.Reason, whyFresh(bob))
				}
				end(bob)
			}
			bob := s.Arrive("bob", "den", chattest.Since{Last: "never"})
			expectFresh(w, bob)
			if bob.Reason != "" {
				w.Fatalf("%s named a last message but no session, and was welcomed with the reason %q, want none: it begins anew", bob.Name(), bob.Reason)
			}
		})
	}
}

// Task 7.6: A session waits for ResumeWindow and no longer, and then direct messages to its client are errors.
//
// Rules: 7.ae, 7.af.
func TestSessionExpires(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "lobby")
		for _, life := range []struct {
			lasts time.Duration
			ends  func(*chattest.Client)
		}{
			{0, leave},
			{47 * time.Second, vanish},
			{94 * time.Second, leave},
		} {
			bob := s.Join("bob", "den")
			w.Sleep(life.lasts)
			life.ends(bob)
			w.Sleep(window - 3*time.Second)
			ana.Tell("bob", "in time")
			w.Settle()
			again := s.Resume(bob, "")
			expectResumed(w, again, bob, "")
			again.Hear("direct in time")
			again.Vanish()
			w.Sleep(window)
			ana.Tell("bob", "too late")
			ana.Hear("error no_such_client")
			again = s.Resume(bob, "")
			expectUnknown(w, again)
			s.HearNoMore(again)
			again.Leave()
			w.Sleep(window)
		}
	})
}

// Task 7.6: A session that another client has named expires when it would have expired anyway.
//
// Rules: 7.ac.
func TestNamedByAnotherASessionStillExpires(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana, erin := s.Join("ana", "lobby"), s.Join("erin", "den")
		erin.Vanish()
		w.Sleep(window / 2)
		expectUnknown(w, s.Arrive("bob", "den", chattest.Since{Session: erin.Session}))
		w.Sleep(window/2 - 3*time.Second)
		ana.Tell("erin", "in time")
		s.HearNoMore(ana)
		w.Sleep(3 * time.Second)
		ana.Tell("erin", "too late")
		ana.Hear("error no_such_client")
	})
}

// Task 7.6: The server waits for as long as ResumeWindow says, whatever the value is.
//
// Rules: 7.af.
func TestResumeWindowIsThatOfTheConfig(t *testing.T) {
	for _, window := range []time.Duration{20 * time.Second, 11 * time.Minute} {
		run(t, chat.Config{ResumeWindow: window}, func(w *testclient.World, s *server) {
			bob := s.Join("bob", "den")
			const absences = 3
			for n := 1; n <= absences; n++ {
				bob.Vanish() // and a second passes
				w.Sleep(window - time.Second - time.Millisecond)
				again := s.Resume(bob, "")
				if !again.Resumed {
					w.Fatalf("ResumeWindow is %v, and bob's absence number %d was a millisecond shorter, but he was welcomed with resumed false.\n"+
						"Does the server use the field of its Config? Does each absence have the whole window?", window, n)
				}
				bob = again
			}
			bob.Vanish()
			w.Sleep(window + time.Millisecond)
			if late := s.Resume(bob, ""); late.Resumed {
				w.Fatalf("ResumeWindow is %v, and bob's absence number %d was more than a second longer, but he was welcomed with resumed true.\n"+
					"Does the server use the field of its Config? Does the session expire after a later absence too?", window, absences+1)
			}
		})
	}
}

// Task 7.6: A session does not expire while its client is connected, for however long and after however many absences.
//
// Rules: 7.af.
func TestSessionLastsWhileConnected(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		s.Join("bob", "den").Vanish()
		bob := s.Join("bob", "den") // a fresh start, while the session before waits
		w.Sleep(3 * time.Hour)
		again := s.Resume(bob, "") // taking over
		expectResumed(w, again, bob, "")
		bob = again
		const nearlyWindow = window * 3 / 4
		var told []string
		for _, life := range []struct {
			ends  func(*chattest.Client) // of the connection before
			lasts time.Duration
		}{
			{leave, 10 * time.Second},
			{vanish, nearlyWindow},
			{leave, time.Hour},
			{vanish, 10 * time.Second},
			{leave, nearlyWindow},
			{vanish, time.Hour},
		} {
			life.ends(bob)
			w.Sleep(nearlyWindow)
			again := s.Resume(bob, "")
			expectResumed(w, again, bob, "")
			again.Hear(told...)
			w.Sleep(life.lasts)
			text := fmt.Sprint("number ", len(told)+1)
			ana.Tell("bob", text)
			again.Hear("direct " + text)
			told = append(told, "direct "+text)
			bob = again
		}
	})
}

// Task 7.6: A client that missed more than the session keeps is told, and gets what is kept.
//
// Rules: 7.ag.
func TestOverflowIsTold(t *testing.T) {
	for _, size := range []struct{ config, kept int }{{1, 1}, {5, 5}, {0, 128}} {
		run(t, chat.Config{ResumeWindow: window, ResumeLogSize: size.config, OutboxSize: 1000}, func(w *testclient.World, s *server) {
			ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
			ana.Say("before")
			last := bob.Hear("message before")
			bob.Vanish()
			ana.Drain()
			var said []string
			talk := func(n int) {
				for range n {
					line := fmt.Sprint("message ", len(said))
					ana.Say(fmt.Sprint(len(said)))
					ana.Ignoring("system").Hear(line)
					said = append(said, line)
				}
			}
			comesBack := func(reason string, want []string) {
				w.Note(`messages since "before": %d; as many are kept: %d`, len(said), size.kept)
				again := s.Resume(bob, last)
				if size.config > 0 && again.Resumed && again.Reason != reason {
					w.Fatalf("ResumeLogSize is %d, and bob missed %d messages, but he was welcomed with the reason %q, want %q.\n"+
						"Does the server keep as many messages as its Config says?", size.config, len(said), again.Reason, reason)
				}
				expectResumed(w, again, bob, reason)
				again.Hear(want...)
				s.HearNoMore(again)
				again.Vanish()
			}
			comesBack("", nil)
			talk(size.kept)
			comesBack("", said)
			talk(1)
			comesBack("log_overflow", said[1:])
		})
	}
}

// Task 7.6: A client is told of a gap, too, if its last message was never sent, or if it got nothing and more was sent than is kept.
//
// Rules: 7.ag, 7.ah.
func TestLastMessageMayBeUnknown(t *testing.T) {
	run(t, chat.Config{ResumeWindow: window, ResumeLogSize: 3}, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		bob.Vanish()
		ana.Drain()
		for _, after := range []struct{ text, kept, reason string }{
			{"one", "one", ""},
			{"two", "one two", ""},
			{"three", "one two three", ""},
			{"four", "two three four", "log_overflow"},
		} {
			ana.Say(after.text)
			ana.Ignoring("system").Hear("message " + after.text)
			again := s.Resume(bob, "never")
			expectResumed(w, again, bob, "log_overflow")
			again.Hear(messages(after.kept)...)
			again.Leave()
			again = s.Resume(bob, "")
			expectResumed(w, again, bob, after.reason)
			again.Hear(messages(after.kept)...)
			again.Leave()
		}
	})
}

// Task 7.6: Without a ResumeWindow no session is resumed, but a client that names one still takes over.
//
// Rules: 7.ad.
func TestNothingIsResumedWithoutAWindow(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		again := s.Resume(bob, "")
		expectUnknown(w, again)
		w.Sleep(5 * time.Second)
		ana.Tell("bob", "hello")
		again.Hear("direct hello")
		again.Leave()
		ana.Tell("bob", "psst")
		ana.Ignoring("system").Hear("error no_such_client")
		expectUnknown(w, s.Resume(again, ""))
	})
}
