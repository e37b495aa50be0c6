package chat_test

import (
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
)

// Task 6.1 (25 points): Never more than the limit in any window.
//
// Rules: 6.a, 6.e.
func TestLimitIsKept(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		g := newGate(w, 3, 10*time.Second)
		g.askAt("ana", "0s 1s 2s 2.5s 3s")
		w.Sleep(25 * time.Second)
		g.askAt("ana", "0s 0s 0s 0s")
	})
}

// Task 6.1: An event counts for exactly one window: at its end it has left, and not before.
//
// Rules: 6.b.
func TestEdgesOfTheWindow(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		w.Sleep(4 * time.Second)
		g := newGate(w, 3, 10*time.Second)
		g.askAt("ana", "0s 1s 2s 10s 10s 10.999999999s 11s 11s 12s 12s 19.999999999s 20s 20s 21s 22s 22s")
	})
}

// Task 6.1: All that a window may have late in one minute, and again early in the next: that is twice the limit.
//
// Rules: 6.b.
func TestTwiceTheLimitAcrossABoundary(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		g := newGate(w, 100, time.Minute)
		w.Sleep(500 * time.Millisecond)
		g.ask("ana")
		w.Sleep(59 * time.Second)
		for range 99 {
			g.ask("ana")
		}
		for range 60 {
			w.Sleep(1100 * time.Millisecond)
			for range 3 {
				g.ask("ana")
			}
		}
	})
}

// Task 6.1: Whoever never stops asking gets as much as the limit allows, and is not locked out for ever.
//
// Rules: 6.c.
func TestRefusedDoNotCount(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		g := newGate(w, 5, 10*time.Second)
		for range 200 {
			g.ask("ana")
			w.Sleep(300 * time.Millisecond)
		}
	})
}

// Task 6.1: Whatever the limit, the window and the pauses.
//
// Rules: 6.a, 6.b.
func TestAnyPattern(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		for _, c := range patterns {
			newGate(w, c.limit, c.window).askOften(200, "ana")
		}
	})
}

// patterns begin with the longest window: what a Limiter may leave running wakes up once in a
// window, and millions of times in a later one that is much longer.
var patterns = []struct {
	limit  int
	window time.Duration
}{
	{20, 24 * time.Hour}, {5, time.Hour}, {7, 1_234_567_891}, {1, time.Second}, {2, 3 * time.Millisecond},
}

// Task 6.1: Many ask for one client at the same instant; exactly as many are admitted as may be.
//
// Rules: 6.d.
func TestManyAskForOneAtOnce(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		g := newGate(w, 20, 10*time.Second)
		for range 10 {
			var admitted [100]bool
			w.Rush(len(admitted), func(i int) { _, admitted[i] = g.Allow("ana") })
			n := 0
			for _, ok := range admitted {
				if ok {
					n++
				}
			}
			if n != g.limit {
				w.Fatalf("of %d who asked for ana at the same instant %d were admitted, want %d", len(admitted), n, g.limit)
			}
			w.Sleep(g.window)
		}
	})
}
