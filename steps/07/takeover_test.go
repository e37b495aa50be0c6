package chat_test

import (
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/07"
)

// narrow has the network hold so little that a write to who does not read waits at once.
var narrow = testclient.Buffer(1024)

// expectTakenOver fails unless a connection is closed as that of a client who has arrived anew.
func expectTakenOver(w *testclient.World, v *chattest.Client) {
	w.Helper()
	if info := v.ExpectClose(4001); info.Reason == "" {
		w.Fatalf("%s got %s without a reason: say in words why it was closed", v.Name(), info)
	}
	v.ServerHungUp(2 * time.Second)
}

// Task 7.2 (15 points, after 7.1): A new connection takes over, and nobody notices.
//
// Rules: 7.e, 7.h.
func TestNewConnectionTakesOver(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, zoe := s.Join("ana", "den"), s.Join("zoe", "lobby")
		bob := s.Join("bob", "den")
		ana.Hear("system bob joined")
		for _, connected := range []time.Duration{0, 10 * time.Minute, 20 * time.Minute} {
			w.Sleep(connected)
			old := bob
			bob = s.Join("bob", "den")
			expectFresh(w, bob)
			expectTakenOver(w, old)
			ana.Say("hello")
			bob.Hear("message hello")
			zoe.Tell("bob", "psst")
			zoe.Shout("fire")
			bob.Hear("direct psst", "broadcast fire")
			bob.Say("what?")
			ana.Hear("message hello", "broadcast fire", "message what?")
			bob.Hear("message what?")
			zoe.Hear("broadcast fire")
			s.HearNoMore(ana, bob, zoe)
		}
		bob.Leave()
		ana.Hear("system bob left")
		s.HearNoMore(ana, zoe)
	})
}

// Task 7.2: A client that takes over from another room leaves the old room and joins the new one.
//
// Rules: 7.i.
func TestTakeOverIntoAnotherRoom(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, zoe := s.Join("ana", "den"), s.Join("zoe", "lobby")
		bob := s.Join("bob", "den")
		ana.Hear("system bob joined")
		for range 2 {
			for _, to := range []struct {
				room       string
				from, into *chattest.Client
			}{{"lobby", ana, zoe}, {"den", zoe, ana}} {
				old := bob
				bob = s.Join("bob", to.room)
				expectTakenOver(w, old)
				to.from.Hear("system bob left")
				to.into.Hear("system bob joined")
				to.from.Say("is bob here?")
				to.into.Say("bob is here")
				bob.Hear("message bob is here")
				to.from.Hear("message is bob here?")
				to.into.Hear("message bob is here")
				ana.Tell("bob", "psst")
				bob.Hear("direct psst")
				s.HearNoMore(ana, bob, zoe)
			}
		}
	})
}

// Task 7.2: A full room lets its own member back in, and answers 503 to a member of another room.
//
// Rules: 7.k.
func TestFullRoomLetsItsMemberBackIn(t *testing.T) {
	run(t, chat.Config{RoomCapacity: 2}, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		zoe := s.Join("zoe", "lobby")
		s.Join("yan", "lobby")
		s.Refused(chattest.Path("bob", "lobby"), []int{503}, testclient.As("bob to the lobby"))
		ana.Say("hello")
		bob.Hear("message hello")
		for range 3 {
			old := bob
			bob = s.ExpectSeat("bob", "den", "den is full, but one of those in it is bob himself")
			expectTakenOver(w, old)
		}
		ana.Hear("system bob joined", "message hello")
		zoe.Hear("system yan joined")
		s.HearNoMore(ana, bob, zoe)
	})
}

// Task 7.2: An old connection that does not read delays nobody and is closed within five seconds.
//
// Rules: 7.f, 7.g.
func TestOldConnectionMayBeStuck(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den", narrow)
		ana.Hear("system bob joined")
		bob.Stall()
		flood(ana, 5)
		again := s.Arrive("bob", "den", chattest.Since{})
		ana.Say("hello")
		ana.Hear("message hello")
		again.Hear("message hello")
		bob.ServerHungUp(5 * time.Second)
		s.HearNoMore(ana, again)
	})
}
