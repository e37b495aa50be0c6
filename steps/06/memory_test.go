package chat_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/06"
)

// profileAll has the runtime write down each allocation from now on, for held. It costs time: only
// what is looked at with held should run so.
func profileAll(t *testing.T) {
	rate := runtime.MemProfileRate
	runtime.MemProfileRate = 1
	t.Cleanup(func() { runtime.MemProfileRate = rate })
}

// held is how much of what this test has allocated, and what it has called, is still in use, in
// bytes. The size of the whole heap would not do: others are at work in this process too.
func held(t *testing.T) int64 {
	for range 3 { // what the profile knows lags behind
		runtime.GC()
	}
	n, ok := runtime.MemProfile(nil, false)
	var records []runtime.MemProfileRecord
	for !ok {
		records = make([]runtime.MemProfileRecord, n+100)
		n, ok = runtime.MemProfile(records, false)
	}
	var sum int64
	for _, r := range records[:n] {
		if calledBy(t.Name(), r.Stack()) {
			sum += r.InUseBytes()
		}
	}
	return sum
}

// calledBy tells whether a test is somewhere on a stack.
func calledBy(test string, stack []uintptr) bool {
	for frames := runtime.CallersFrames(stack); ; {
		frame, more := frames.Next()
		if strings.Contains(frame.Function, "."+test) {
			return true
		}
		if !more {
			return false
		}
	}
}

// Task 6.7 (15 points, after 6.1, 6.4): Memory is bounded: who is long gone is forgotten.
//
// Rules: 6.h, 6.k.
func TestWhoIsGoneIsForgotten(t *testing.T) {
	profileAll(t)
	testclient.Run(t, func(w *testclient.World) {
		const lots, clients, limit, window = 9, 150, 10, 10 * time.Second
		l := chat.NewLimiter(limit, window)
		before := held(t)
		var lot int64
		for n := range lots {
			for i := range clients {
				exhaust(w, l, fmt.Sprintf("client%d-%d", n, i), limit)
			}
			if n == 0 {
				lot = held(t) - before
			}
			w.Sleep(2*window + time.Second)
		}
		exhaust(w, l, "the next", limit)
		if left := held(t) - before; left > 2*lot { // what they took may be kept for who comes next
			w.Fatalf("the Limiter holds %d KB, want at most %d KB. There were never more than %d clients in two windows, who take %d KB; "+
				"now all but the last to ask have been quiet for two windows.\n"+
				"Whoever has been quiet for two windows is forgotten by the next call of Allow, for whomever that is.",
				left>>10, 2*lot>>10, clients, lot>>10)
		}
		runtime.KeepAlive(l)
	})
}

// Task 6.7: It is forgotten after two windows and no later, few as they are and whenever the others ask.
//
// Rules: 6.h.
func TestForgottenAfterTwoWindows(t *testing.T) {
	profileAll(t)
	testclient.Run(t, func(w *testclient.World) {
		const clients, limit, window = 100, 50, 10 * time.Second
		l := chat.NewLimiter(limit, window)
		before := held(t)
		w.Sleep(window * 11 / 10)
		for i := range clients {
			exhaust(w, l, fmt.Sprint("early", i), limit)
		}
		lot := held(t) - before
		w.Sleep(window * 9 / 10)
		l.Allow("somebody")
		w.Sleep(window * 9 / 10)
		l.Allow("somebody")
		w.Sleep(window * 3 / 10)
		for i := range clients {
			exhaust(w, l, fmt.Sprint("late", i), limit)
		}
		if left := held(t) - before; left > lot*3/2 {
			w.Fatalf("the Limiter holds %d KB. %d clients have asked just now, who take %d KB: "+
				"it must still know the %d before them, who were last admitted 2.1 windows ago.\n"+
				"Whoever has been quiet for two windows is forgotten by the next call of Allow, for whomever that is.",
				left>>10, clients, lot>>10, clients)
		}
		runtime.KeepAlive(l)
	})
}

// exhaust asks for a client until it is refused, which must be after limit times.
func exhaust(w *testclient.World, l *chat.Limiter, id string, limit int) {
	for n := range limit + 1 {
		if _, ok := l.Allow(id); ok != (n < limit) {
			why := "all of those before were admitted at this instant"
			if n < limit {
				why = fmt.Sprintf("of %s no more than %d were admitted before, and what others do does not count for it", id, n)
			}
			w.Fatalf("the %d. call of Allow(%q) at one instant = %v, want %v with a limit of %d: %s", n+1, id, ok, !ok, limit, why)
		}
	}
}

// Task 6.7: Of a client the Limiter knows at most the times that count, however much it asks.
//
// Rules: 6.i.
func TestFloodLeavesNothing(t *testing.T) {
	profileAll(t)
	testclient.Run(t, func(w *testclient.World) {
		const limit, window, most = 10, 10 * time.Second, 64 << 10
		l := chat.NewLimiter(limit, window)
		before := held(t)
		exhaust(w, l, "ana", limit)
		for range 30_000 {
			l.Allow("ana")
		}
		expectAtMost(w, held(t)-before, most, "30000 events of one client have been refused")
		time.Sleep(window)
		for range 4000 { // never quiet for a window, or it might be forgotten
			for range limit / 2 {
				l.Allow("ana")
			}
			time.Sleep(window / 2)
		}
		expectAtMost(w, held(t)-before, most, "20000 events of one client have been admitted, 10 in each of 2000 windows")
		runtime.KeepAlive(l)
	})
}

func expectAtMost(w *testclient.World, got, want int64, after string) {
	w.Helper()
	if got > want {
		w.Fatalf("the Limiter takes %d KB more than it did, want at most %d KB: %s, and with a limit of 10 there are 10 times to know", got>>10, want>>10, after)
	}
}

// Task 6.7: Whoever still has something that counts is not forgotten, whoever else asks.
//
// Rules: 6.j.
func TestWhoIsHereIsNotForgotten(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		for _, pause := range strings.Fields("100ms 1s 3s 9.9s 10s 10.1s 19.9s 20s 20.1s 31s") {
			d, _ := time.ParseDuration(pause)
			g := newGate(w, 3, 10*time.Second)
			for range 5 {
				g.ask("ana")
				w.Sleep(d)
				g.ask("bob")
				for range 4 {
					g.ask("ana")
				}
				w.Sleep(4 * time.Second)
				g.ask("carol")
				g.ask("ana")
			}
		}
	})
}

// Task 6.7: Nor is it when very many others ask.
//
// Rules: 6.j.
func TestCrowdDoesNotHideAnybody(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		g := newGate(w, 3, 10*time.Second)
		g.askAt("ana", "0s 0s 0s 0s")
		for i := range 1000 {
			g.Allow(fmt.Sprint("client", i))
		}
		w.Note("1000 others have asked")
		g.ask("ana")
	})
}
