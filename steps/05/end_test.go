package chat_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/05"
)

// Task 5.6 (10 points, after 5.3): Nothing is left running.
func TestCloseEndsTheHeartbeats(t *testing.T) {
	run(t, strict, func(w *testclient.World, s *server) {
		lonely := start(w, strict) // nobody ever comes
		ana := s.join("ana", "den")
		ana.Within(interval).Await("a heartbeat", isType("heartbeat"))
		w.Returns("Close()", 5*time.Second, func() { s.chat.Close() })
		w.Returns("Close() once more", 5*time.Second, func() { s.chat.Close() })
		w.Returns("Close() of a server that nobody came to", 5*time.Second, func() { lonely.chat.Close() })
		ana.ServerHungUp(time.Second)
		writes := ana.Writes()
		w.Sleep(10 * time.Minute)
		if more := ana.Writes() - writes; more > 0 {
			w.Fatalf("the server wrote %d times to ana after Close() had returned", more)
		}
	})
}

// Task 5.6: So is the end when Close comes at the very moment of a heartbeat.
func TestCloseMeetsAHeartbeat(t *testing.T) {
	run(t, strict, func(w *testclient.World, _ *server) {
		const before = 100 * time.Millisecond
		for i := range 40 {
			s := start(w, strict)
			if i%4 == 3 {
				s.join(fmt.Sprint("client", i), "den")
				w.Sleep(interval - time.Second - before)
			} else { // nobody is here whom Close would wait for
				w.Sleep(interval - before)
			}
			w.Returns("Close() at the moment of a heartbeat", 5*time.Second, func() {
				time.Sleep(before)
				s.chat.Close()
			})
		}
	})
}

// Task 5.6: What a connection started ends with it.
func TestConnectionsLeaveNothingRunning(t *testing.T) {
	run(t, chat.Config{HeartbeatInterval: interval}, func(w *testclient.World, s *server) {
		comeAndGo := func(id string, farewell bool) {
			c := s.join(id, "den")
			c.Within(interval).Await("a heartbeat", isType("heartbeat"))
			s.leave(c, farewell)
		}
		comeAndGo("first", true)
		before := runtime.NumGoroutine()
		w.Rush(25, func(i int) { comeAndGo(fmt.Sprint("client", i), i%2 == 0) })
		w.Sleep(time.Minute)
		if more := runtime.NumGoroutine() - before; more > 10 {
			w.Fatalf("25 clients have come and gone, and %d goroutines more run than before they came: what a connection starts must end with it", more)
		}
	})
}
