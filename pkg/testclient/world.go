package testclient

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	overlay "wsworkshop/pkg/testclient/sync"
)

// patience is how long an expectation waits, in virtual time, if not told otherwise.
const patience = time.Second

// World is one test's virtual network, clock and record of events. [Run] makes it. Its
// methods may be called by any goroutine of the test unless they say otherwise.
//
// A World has the methods that testify asks of a testing.T: require.Equal(w, …) fails with
// the timeline.
type World struct {
	t        *testing.T // the bubble's
	trying   bool       // a failure is for the caller of Try alone
	net      *network
	start    time.Time
	line     timeline
	logs     *Logs
	me       atomic.Pointer[goroutine] // runs the test; set when the bubble begins
	progress progress                  // grows while something happens; see watchdog
	settling overlay.Mutex
	ctx      context.Context
	over     context.CancelFunc

	stopped   atomic.Bool // FailNow was called
	cleaning  atomic.Bool
	unwatched bool // see WithoutWatchdog

	reflexes atomic.Pointer[[]func(Message) Reflex] // see OnText; nil: none

	mu      sync.Mutex // guards what follows
	failure *failure
	ended   bool
	virtual time.Duration
	helpers map[uintptr]bool // where Helper was called
	servers []*Server
	clients int

	cleanups []func()
	looks    []func() // see program.Watch
}

func newWorld() *World {
	w := &World{helpers: map[uintptr]bool{}}
	w.net = newNetwork(&w.progress)
	w.logs = newLogs(w)
	return w
}

// Context returns a context that ends when the test is over, before the clients do. That of
// the testing.T outside is from outside of the bubble, which nothing in it may wait for.
func (w *World) Context() context.Context { return w.ctx }

// Name returns the test's name.
func (w *World) Name() string { return w.t.Name() }

// Elapsed returns how much virtual time has passed since Run began.
func (w *World) Elapsed() time.Duration { return time.Since(w.start) }

// Sleep lets d of virtual time pass. At its end whatever is due at that moment has
// happened.
func (w *World) Sleep(d time.Duration) {
	w.checkStopped()
	w.progress.lets(d)
	time.Sleep(d)
	w.Settle()
	w.checkStopped()
}

// Settle waits until nothing more happens without time passing. Unlike [synctest.Wait]
// it may be called by several goroutines at once.
func (w *World) Settle() {
	w.settling.Lock()
	defer w.settling.Unlock()
	synctest.Wait()
	w.progress.grow()
}

// Note writes a line into the timeline.
func (w *World) Note(format string, args ...any) {
	w.event("", "* "+fmt.Sprintf(format, args...))
}

func (w *World) event(who, what string) { w.add(who, what, nil) }

// add is event for those who may have more to say. What happens while the test is cleaned
// up is not shown.
func (w *World) add(who, what string, data *glimpse) *event {
	w.progress.grow()
	e := &event{w.Elapsed(), who, what, data}
	if !w.cleaning.Load() {
		w.line.add(e)
	}
	return e
}

// Listen opens a listener on the virtual network, for servers that take one. See [World.At].
func (w *World) Listen() net.Listener { return w.net.listen() }

// condition is what waits in virtual time are made of: a lock, and a signal for each
// change of what it guards.
type condition struct {
	mu   sync.Mutex
	wake sync.Cond
}

func (c *condition) init() {
	c.wake.L = &c.mu
	c.wake.Signal() // wakes nobody; it lets the Cond note its address while it is still ours
}

func (c *condition) change(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
	c.wake.Broadcast()
}

// wait waits until ready, which is called under the lock, or until d has passed. At the
// end of d it lets everything that is due at that very moment happen, and looks again:
// timers of one instant fire in any order.
func (w *World) wait(c *condition, d time.Duration, ready func() bool) bool {
	w.progress.lets(d)
	due := time.Now().Add(d)
	timer := time.AfterFunc(d, func() { c.change(func() {}) })
	defer timer.Stop()
	c.mu.Lock()
	ok := ready()
	for !ok && time.Now().Before(due) {
		c.wake.Wait()
		ok = ready()
	}
	c.mu.Unlock()
	if !ok {
		w.Settle()
		c.mu.Lock()
		ok = ready()
		c.mu.Unlock()
	}
	w.progress.grow()
	return ok
}
