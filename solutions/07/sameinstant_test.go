package chat_test

import (
	"testing"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/07"
)

// Task 7.2: A client that begins a new session several times at one instant gets another session_id each time.
//
// Rules: 7.a.
func TestFreshStartsAtOneInstant(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		seen := map[string]string{}
		for range 10 {
			v := s.Arrive("bob", "den", chattest.Since{})
			expectFresh(w, v)
			if other := seen[v.Session]; other != "" {
				w.Fatalf("%s got the session_id %q, which %s got at the same instant: each fresh start is a session of its own, "+
					"so the id must not follow from the client and the time", v.Name(), v.Session, other)
			}
			seen[v.Session] = v.Name()
		}
	})
}

// Task 7.5: The same text several times at one instant is several messages, and each can be the last.
//
// Rules: 7.w, 7.x.
func TestSameTextAtOneInstant(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		bob.Vanish()
		ana.Drain()
		var ids []string
		for range 4 {
			ana.Say("knock")
			ids = append(ids, ana.Hear("message knock"))
		}
		for _, got := range []struct {
			what, last, missed string
		}{
			{"nothing", "", "knock knock knock knock"},
			{"the first of them", ids[0], "knock knock knock"},
			{"the third of them", ids[2], "knock"},
			{"all of them", ids[3], ""},
		} {
			w.Note("ana has said the same four times at one instant; bob comes back and says that he has %s", got.what)
			again := s.Resume(bob, got.last)
			expectResumed(w, again, bob, "")
			again.Hear(messages(got.missed)...)
			s.HearNoMore(again)
			again.Leave()
		}
	})
}
