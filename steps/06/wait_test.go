package chat_test

import (
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
)

// Task 6.2 (15 points, after 6.1): A refusal tells how long to wait, exactly.
//
// Rules: 6.f.
func TestWaitIsExact(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		g := newGate(w, 3, 10*time.Second)
		g.exactWaits = true
		g.askAt("ana", "0s 1.5s 1.7s 6.123456789s")
		for range 20 {
			wait, _ := g.ask("ana")
			w.Sleep(wait - 1)
			g.ask("ana")
			w.Sleep(1)
			g.ask("ana")
		}
	})
}

// Task 6.2: Whatever the limit, the window and the pauses.
//
// Rules: 6.f.
func TestWaitInAnyPattern(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		for _, c := range patterns {
			g := newGate(w, c.limit, c.window)
			g.exactWaits = true
			g.askOften(200, "ana")
		}
	})
}
