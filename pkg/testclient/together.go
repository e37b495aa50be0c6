package testclient

import (
	"sync"
	"time"
)

// rushWithin is how long a rush may take, in virtual time.
const rushWithin = time.Hour

// Returns calls fn and fails the test if it has not returned within so much virtual time:
// "Close() has not returned after 1m0s", with the place where it waits.
func (w *World) Returns(what string, within time.Duration, fn func()) {
	w.checkStopped()
	if !w.returns(what, within, fn) {
		w.FailNow()
	}
	w.checkStopped()
}

// returns is Returns for those who go on all the same.
func (w *World) returns(what string, within time.Duration, fn func()) bool {
	var c condition
	c.init()
	var done bool
	var id int
	go func() {
		defer c.change(func() { done = true })
		defer w.recoverPanic()
		c.change(func() { id = thisGoroutine().id })
		fn()
	}()
	if w.wait(&c, within, func() bool { return done }) {
		return true
	}
	f := failure{Verdict: VerdictFrozen, Message: what + " has not returned after " + within.String() + "."}
	c.mu.Lock()
	stuck := id
	c.mu.Unlock()
	ws := w.meanwhile(stuck)
	for _, g := range w.goroutines() {
		if g.id == stuck && !ws.told[stuck] && len(g.owned(ownCode)) > 0 {
			f.Message += "\n  " + g.tell()
			f.At = g.owned(ownCode)
		}
	}
	f.Message += ws.String()
	if len(ws.at) > 0 {
		f.At, f.Look = append(f.At, ws.at...), len(f.At)+ws.look
	}
	w.fail(f)
	return false
}

// Rush calls fn n times, each in a goroutine of its own, all let go at one instant, and
// waits for them. Run such a test with -cpu=1,4 and the race detector.
func (w *World) Rush(n int, fn func(i int)) {
	w.checkStopped()
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	ready.Add(n)
	done.Add(n)
	for i := range n {
		go func() {
			defer done.Done()
			defer w.recoverPanic()
			ready.Done()
			<-start
			fn(i)
		}()
	}
	ready.Wait()
	close(start)
	if !w.returns("the rush", rushWithin, done.Wait) {
		w.FailNow()
	}
	w.checkStopped()
}
