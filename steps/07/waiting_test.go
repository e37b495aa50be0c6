package chat_test

import (
	"net/url"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/07"
)

// Task 7.4: A client whose session waits is in no list and has no seat, and a room of such clients alone does not exist.
//
// Rules: 7.s.
func TestWaitingClientIsNotHere(t *testing.T) {
	cfg := chat.Config{ResumeWindow: window, RoomCapacity: 2, HeartbeatInterval: 20 * time.Second, StaleAfter: 50 * time.Second}
	for _, ends := range []func(*chattest.Client){leave, vanish} {
		run(t, cfg, func(w *testclient.World, s *server) {
			bob := s.Join("bob", "den")
			s.expectWho("den", "bob", "bob has joined")
			ends(bob)
			w.Sleep(5 * time.Second)
			s.expectWho("den", "", "bob has left: he may come back, but he is not here")
			ana := s.ExpectSeat("ana", "den", "it has 2 seats, and both are free. Does the session that waits for bob keep his seat?")
			carl := s.ExpectSeat("carl", "den", "it has 2 seats, one for ana. Does the session that waits for bob keep his seat?")
			s.expectWho("den", "ana carl", "bob has left: he may come back, but he is not here")
			w.Sleep(30 * time.Second) // a heartbeat, which bob does not get
			back := chattest.Path("bob", "den") + "&session_id=" + url.QueryEscape(bob.Session)
			s.Refused(back, []int{503}, testclient.As("bob to a full room"))
			ana.Say("hello")
			carl.Hear("message hello")
			carl.Leave()
			w.Sleep(5 * time.Second)
			again := s.Resume(bob, "")
			expectCounted(w, again, bob, 1)
			w.Sleep(time.Second)
			s.expectWho("den", "ana bob", "bob has come back, and carl has left")
			ana.Hear("system carl joined", "message hello", "system carl left", "system bob joined")
			s.HearNoMore(ana)
		})
	}
}

// Task 7.4: A client that begins a new session while its old one waits joins like any other, and has left only once.
//
// Rules: 7.o, 7.s.
func TestFreshStartWhileASessionWaits(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana, zoe := s.Join("ana", "den"), s.Join("zoe", "lobby")
		bob := s.Join("bob", "den")
		ana.Hear("system bob joined")
		for _, to := range []struct {
			room       string
			from, into *chattest.Client
		}{{"den", ana, ana}, {"lobby", ana, zoe}, {"lobby", zoe, zoe}, {"den", zoe, ana}} {
			bob.Leave()
			to.from.Hear("system bob left")
			bob = s.Join("bob", to.room)
			expectFresh(w, bob)
			to.into.Hear("system bob joined")
			ana.Tell("bob", "psst")
			bob.Hear("direct psst")
			s.HearNoMore(ana, zoe, bob)
		}
		w.Sleep(2 * window)
		s.expectWho("den", "ana bob", "bob's earlier sessions have expired, not the one that he has")
		ana.Tell("bob", "still here?")
		bob.Hear("direct still here?")
		s.HearNoMore(ana, zoe, bob)
	})
}

// Task 7.6: An attempt to resume whose handshake fails is not counted and does not keep the session from expiring.
//
// Rules: 7.ac.
func TestFailedResumeChangesNothing(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "lobby"), s.Join("bob", "den")
		back := chattest.Path("bob", "den") + "&session_id=" + url.QueryEscape(bob.Session)
		oldVersion := testclient.Header("Sec-WebSocket-Version", "7")
		bob.Vanish()
		s.Refused(back, []int{400, 426}, testclient.As("bob with an old version"), oldVersion)
		w.Sleep(window / 2)
		again := s.Resume(bob, "")
		expectCounted(w, again, bob, 1)
		again.Vanish()
		w.Sleep(window / 2)
		s.Refused(back, []int{400, 426}, testclient.As("bob with an old version"), oldVersion)
		w.Sleep(window / 2)
		ana.Tell("bob", "too late")
		ana.Hear("error no_such_client")
		expectFresh(w, s.Resume(bob, ""))
	})
}
