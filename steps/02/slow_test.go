package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/02"
)

// narrow has the network hold so little that a write to who does not read waits at once.
var narrow = testclient.Buffer(1024)

// long is more than a narrow network holds.
var long = strings.Repeat("0123456789abcdef", 1<<8)

// say has a client say n long things, each once the listeners have heard the one before
// and the server has come to rest.
func say(w *testclient.World, n int, speaker *testclient.Client, listeners ...*testclient.Client) {
	w.Helper()
	for i := range n {
		text := fmt.Sprint(i, " ", long)
		speaker.Send(text)
		hear(w, speaker.Name()+": "+text, speaker)
		hear(w, speaker.Name()+": "+text, listeners...)
		w.Settle()
	}
}

// Task 2.5 (15 points, after 2.2, 2.3): Who does not read holds up nobody, and is dropped.
func TestSlowClientIsDropped(t *testing.T) {
	run(t, chat.Config{OutboxSize: 8}, func(w *testclient.World, s *testclient.Server) {
		ana, bob := join(w, s, "ana"), join(w, s, "bob")
		carl := join(w, s, "carl", narrow)
		carl.Stall()
		say(w, 16, ana, bob)
		w.Note("16 messages wait for carl, OutboxSize is 8")
		carl.ServerHungUp(time.Second)
		say(w, 16, bob, ana)
	})
}

// Task 2.5: A client that was slow for no more than OutboxSize messages has lost none.
func TestSlowClientMayCatchUp(t *testing.T) {
	run(t, chat.Config{OutboxSize: 8}, func(w *testclient.World, s *testclient.Server) {
		ana, bob := join(w, s, "ana"), join(w, s, "bob")
		carl := join(w, s, "carl", narrow)
		for range 3 {
			carl.Stall()
			say(w, 8, ana, bob)
			w.Sleep(5 * time.Second)
			carl.Resume()
			for i := range 8 {
				hear(w, fmt.Sprint("ana: ", i, " ", long), carl)
			}
		}
		carl.Stall()
		say(w, 16, ana, bob)
		w.Note("16 messages wait for carl, OutboxSize is 8")
		carl.ServerHungUp(time.Second)
	})
}

// Task 2.5: Several may be slow at once.
func TestManySlowClientsAreDropped(t *testing.T) {
	run(t, chat.Config{OutboxSize: 8}, func(w *testclient.World, s *testclient.Server) {
		ana, bob := join(w, s, "ana"), join(w, s, "bob")
		var slow []*testclient.Client
		for _, name := range []string{"carl", "dora", "emil", "fred"} {
			slow = append(slow, join(w, s, name, narrow))
		}
		for _, c := range slow {
			c.Stall()
		}
		say(w, 16, ana, bob)
		w.Note("16 messages wait for each of the others, OutboxSize is 8")
		for _, c := range slow {
			c.ServerHungUp(time.Second)
		}
		say(w, 16, bob, ana)
	})
}

// Task 2.5: Of a client that is dropped the others hear once that it left.
func TestDroppedClientIsToldOnce(t *testing.T) {
	run(t, chat.Config{OutboxSize: 8}, func(w *testclient.World, s *testclient.Server) {
		ana, bob := join(w, s, "ana"), join(w, s, "bob")
		carl := join(w, s, "carl", narrow)
		carl.Stall()
		say(w, 16, ana)
		w.Sleep(time.Second)
		wantTold(w, bob, lines(bob, anything), "* carl left")
	})
}

const writeTimeout = 10 * time.Second

// Task 2.6 (10 points, after 2.2): A write that takes too long ends the connection.
func TestStuckWriteEndsTheConnection(t *testing.T) {
	run(t, chat.Config{WriteTimeout: writeTimeout}, func(w *testclient.World, s *testclient.Server) {
		ana := join(w, s, "ana")
		carl := join(w, s, "carl", narrow)
		carl.Stall()
		ana.Send(long)
		since := w.Elapsed()
		w.Note("the write to carl waits; WriteTimeout is 10s")
		carl.ServerHungUp(writeTimeout + time.Second)
		if took := w.Elapsed() - since; took < writeTimeout {
			w.Fatalf("the server hung up on carl %v after the message, before WriteTimeout (%v) was over", took, writeTimeout)
		}
	})
}

// Task 2.6: WriteTimeout is for one write: who reads again in time, or hears nothing for long, stays.
func TestTimelyReaderStays(t *testing.T) {
	run(t, chat.Config{WriteTimeout: writeTimeout}, func(w *testclient.World, s *testclient.Server) {
		ana := join(w, s, "ana")
		carl := join(w, s, "carl", narrow)
		for range 3 {
			carl.Stall()
			ana.Send(long)
			w.Sleep(writeTimeout * 7 / 10)
			carl.Resume()
			hear(w, "ana: "+long, carl)
			w.Sleep(time.Hour)
		}
		carl.Stall()
		ana.Send(long)
		w.Note("the write to carl waits; WriteTimeout is 10s")
		carl.ServerHungUp(writeTimeout + time.Second)
	})
}

// Task 2.6: Without a WriteTimeout a write may take for ever.
func TestZeroWriteTimeoutIsNone(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *testclient.Server) {
		ana := join(w, s, "ana")
		carl := join(w, s, "carl", narrow)
		carl.Stall()
		ana.Send(long)
		w.Sleep(24 * time.Hour)
		carl.Resume()
		hear(w, "ana: "+long, carl)
	})
}
