package chat_test

import (
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/07"
)

// Task 7.5: Two servers in one process share no clients, seats, sessions or counts.
//
// Rules: 7.d.
func TestTwoServersShareNothing(t *testing.T) {
	cfg := chat.Config{ResumeWindow: window, RoomCapacity: 2}
	run(t, cfg, func(w *testclient.World, s *server) {
		other := start(w, cfg)
		w.Note("a second server, in the same process, has clients of the same names")
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		ana.Hear("system bob joined")
		theirs := other.Join("bob", "den", testclient.As("bob of the other server"))
		s.expectWho("den", "ana bob", "what happens on another server changes nothing here")
		other.expectWho("den", "bob", "ana is on another server")
		theirs.Shout("to our server")
		theirs.Hear("broadcast to our server")
		ana.Tell("bob", "to this server")
		bob.Hear("direct to this server")
		s.HearNoMore(ana, bob, theirs)

		for _, reconnects := range []int{1, 2} {
			bob.Leave()
			ana.Hear("system bob left")
			stranger := other.Arrive("bob", "den", chattest.Since{Session: bob.Session}, testclient.As("bob of the other server, again"))
			expectFresh(w, stranger) // it does not know this session
			theirs = stranger
			again := s.Resume(bob, "")
			expectCounted(w, again, bob, reconnects)
			again.Hear("direct to this server")
			ana.Hear("system bob joined")
			s.HearNoMore(ana, again, theirs)
			bob = again
			own := other.Resume(theirs, "", testclient.As("bob of the other server, resumed"))
			expectCounted(w, own, theirs, 1)
			theirs = own
		}

		w.Returns("Close()", time.Minute, func() { _ = other.chat.Close() })
		theirs.ServerHungUp(time.Second)
		ana.Say("hello")
		bob.Hear("message hello")
		s.expectWho("den", "ana bob", "another server was closed, not this one")
	})
}
