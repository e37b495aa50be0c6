package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/04"
)

// narrow has the network hold so little that a write to who does not read waits at once.
var narrow = testclient.Buffer(1024)

// long is more than a narrow network holds.
var long = strings.Repeat("0123456789abcdef", 1<<8)

// stall has a client stop reading; what has come so far is taken out of the way.
func stall(c *testclient.Client) {
	c.Drain()
	c.Stall()
}

// outboxSize is the OutboxSize with which slow clients are graded; of tooMany, more than twice as
// many, some must lead to the drop.
const outboxSize, tooMany = 8, 17

// sayLong has a client say n long things while some do not read: each once the listeners have
// heard the one before and the server has come to rest.
func sayLong(w *testclient.World, n int, speaker *testclient.Client, listeners ...*testclient.Client) {
	w.Helper()
	for i := range n {
		text := fmt.Sprint(i, " ", long)
		say(speaker, "message", text)
		all(w, fields{"type": "message", "data": text}, append(listeners, speaker)...)
		w.Settle()
	}
}

// wantDropped expects that the server has dropped a client for which too many messages wait.
func wantDropped(w *testclient.World, c *testclient.Client) {
	w.Helper()
	w.Sleep(time.Second)
	c.Resume()
	if n := len(c.Drain()); n > 0 {
		w.Fatalf("more than twice as many messages as OutboxSize waited for %s, and it was not dropped:\n"+
			"now that %[1]s reads again, it gets %d messages", c.Name(), n)
	}
	c.ServerHungUp(time.Second)
}

// Task 4.2: A client that does not read holds up nobody, and is dropped.
func TestStalledClientIsDropped(t *testing.T) {
	run(t, chat.Config{OutboxSize: outboxSize}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		zoe := s.join("zoe", "lobby")
		carl := s.join("carl", "den", narrow)
		stall(carl)
		sayLong(w, tooMany, ana, bob)
		sayLong(w, 1, zoe)
		wantDropped(w, carl)
		sayLong(w, tooMany, bob, ana)
	})
}

// Task 4.2: A client that was slow for no more than OutboxSize messages has lost none.
func TestSlowClientMayCatchUp(t *testing.T) {
	run(t, chat.Config{OutboxSize: outboxSize}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		carl := s.join("carl", "den", narrow)
		for range 3 {
			stall(carl)
			sayLong(w, outboxSize, ana, bob)
			w.Sleep(5 * time.Second)
			carl.Resume()
			for i := range outboxSize {
				hear(w, carl, fields{"type": "message", "data": fmt.Sprint(i, " ", long)})
			}
		}
		hearNoMore(w, ana, bob, carl)
	})
}

const writeTimeout = 10 * time.Second

// Task 4.2: A write that takes longer than WriteTimeout ends the connection; who reads again in time stays.
func TestStuckWriteEndsTheConnection(t *testing.T) {
	run(t, chat.Config{WriteTimeout: writeTimeout}, func(w *testclient.World, s *server) {
		ana := s.join("ana", "den")
		carl := s.join("carl", "den", narrow)
		for range 3 {
			stall(carl)
			sayLong(w, 1, ana)
			w.Sleep(writeTimeout * 9 / 10)
			carl.Resume()
			hear(w, carl, fields{"type": "message", "data": "0 " + long})
			w.Sleep(time.Hour)
		}
		stall(carl)
		sayLong(w, 1, ana)
		w.Sleep(writeTimeout + time.Second)
		carl.Resume()
		if len(carl.Drain()) > 0 {
			w.Fatalf("a write to carl has waited for longer than WriteTimeout (%v), and nothing ended it:\n"+
				"now that carl reads again, he gets that message", writeTimeout)
		}
		carl.ServerHungUp(time.Second)
	})
}

// Task 4.2: Without a WriteTimeout a write may take for ever.
func TestZeroWriteTimeoutIsNone(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana := s.join("ana", "den")
		carl := s.join("carl", "den", narrow)
		stall(carl)
		sayLong(w, 1, ana)
		w.Sleep(24 * time.Hour)
		carl.Resume()
		hear(w, carl, fields{"type": "message", "data": "0 " + long})
	})
}
