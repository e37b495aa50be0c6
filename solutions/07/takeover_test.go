package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/07"
)

// narrow has the network hold so little that a write to who does not read waits at once.
var narrow = testclient.Buffer(1024)

// expectTakenOver fails unless a connection is closed as that of a client who has arrived anew.
func expectTakenOver(w *testclient.World, v *visit) {
	w.Helper()
	if info := v.ExpectClose(4001); info.Reason == "" {
		w.Fatalf("%s got %s without a reason: say in words why it was closed", v.Name(), info)
	}
	v.ServerHungUp(2 * time.Second)
}

// Task 7.2 (20 points, after 7.1): Who arrives anew takes over, and nobody notices.
func TestNewConnectionTakesOver(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, zoe := s.join("ana", "den"), s.join("zoe", "lobby")
		bob := s.join("bob", "den")
		hear(w, ana, "system bob joined")
		for i := range 3 {
			w.Sleep(time.Duration(i) * 10 * time.Minute)
			old := bob
			bob = s.join("bob", "den")
			expectFresh(w, bob)
			expectTakenOver(w, old)
			say(ana, "hello")
			hear(w, bob, "message hello")
			tell(zoe, "bob", "psst")
			shout(zoe, "fire")
			hear(w, bob, "direct psst", "broadcast fire")
			say(bob, "what?")
			hear(w, ana, "message hello", "broadcast fire", "message what?")
			hear(w, bob, "message what?")
			hear(w, zoe, "broadcast fire")
			hearNoMore(w, ana, bob, zoe)
		}
		s.leave(bob, true)
		hear(w, ana, "system bob left")
		hearNoMore(w, ana, zoe)
	})
}

// Task 7.2: Also into another room: it leaves the one and joins the other.
func TestTakeOverIntoAnotherRoom(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, zoe := s.join("ana", "den"), s.join("zoe", "lobby")
		bob := s.join("bob", "den")
		hear(w, ana, "system bob joined")
		for range 2 {
			for _, to := range []struct {
				room       string
				from, into *visit
			}{{"lobby", ana, zoe}, {"den", zoe, ana}} {
				old := bob
				bob = s.join("bob", to.room)
				expectTakenOver(w, old)
				hear(w, to.from, "system bob left")
				hear(w, to.into, "system bob joined")
				say(to.from, "is bob here?")
				say(to.into, "bob is here")
				hear(w, bob, "message bob is here")
				hear(w, to.from, "message is bob here?")
				hear(w, to.into, "message bob is here")
				tell(ana, "bob", "psst")
				hear(w, bob, "direct psst")
				hearNoMore(w, ana, bob, zoe)
			}
		}
	})
}

// Task 7.2: A full room does not keep its own member from coming back; another full room does, and nothing changes.
func TestFullRoomLetsItsMemberBackIn(t *testing.T) {
	run(t, chat.Config{RoomCapacity: 2}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		zoe := s.join("zoe", "lobby")
		s.join("yan", "lobby")
		s.Refused(path("bob", "lobby", "", ""), []int{503}, testclient.As("bob to the lobby"))
		say(ana, "hello")
		hear(w, bob, "message hello")
		for range 3 {
			old := bob
			bob = s.expectSeat("bob", "den", "den is full, but one of those in it is bob himself")
			expectTakenOver(w, old)
		}
		hear(w, ana, "system bob joined", "message hello")
		hear(w, zoe, "system yan joined")
		hearNoMore(w, ana, bob, zoe)
	})
}

// Task 7.2: An old connection that does not read holds up nobody; it is dropped soon.
func TestOldConnectionMayBeStuck(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den", narrow)
		hear(w, ana, "system bob joined")
		bob.Stall()
		for i := range 5 {
			text := fmt.Sprint(i, strings.Repeat("x", 2000))
			say(ana, text)
			hear(w, ana, "message "+text)
		}
		again := s.arrive("bob", "den", "", "")
		say(ana, "hello")
		hear(w, ana, "message hello")
		hear(w, again, "message hello")
		bob.ServerHungUp(5 * time.Second)
		hearNoMore(w, ana, again)
	})
}
