package testclient

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// closeWithin is how long, in virtual time, a server may take to close, and how long its
// goroutines may then take to end.
const closeWithin = time.Minute

// mostStack bounds a stack where a program reads the failures: a recursion without end takes
// long to fill the usual gigabyte, above all with the race detector.
const mostStack = 64 << 20

// Run runs fn in a bubble of virtual time, with a virtual network, and fails t if fn finds
// fault, if the code under test panics in a handler, leaves a goroutine behind, or comes to
// a stop in which virtual time cannot move on. In the last case the process ends with
// status 66: nothing else would.
//
// Time begins at midnight UTC, 2000-01-01, and jumps to the next timer whenever every
// goroutine waits. fn must not call t.Run or t.Parallel. What fn starts by itself it must
// also stop; servers from [World.Serve] and clients are ended for it.
func Run(t *testing.T, fn func(w *World), opts ...RunOption) {
	t.Helper()
	w := newWorld()
	defer func() { t.Attr(attrVirtual, w.virtualTime().String()) }()
	w.bubble(t, fn, opts)
}

// RunOption changes what [Run] and [Try] do.
type RunOption func(*World)

// WithoutWatchdog lets a freeze last until go test's own time limit. It is for tests in which
// something outside of the bubble may take its time, such as a debugger.
func WithoutWatchdog() RunOption { return func(w *World) { w.unwatched = true } }

// bubble runs fn from beginning to end.
func (w *World) bubble(t *testing.T, fn func(*World), opts []RunOption) {
	if graded() {
		debug.SetMaxStack(mostStack)
	}
	w.t = t
	for _, opt := range opts {
		opt(w)
	}
	dog := watch(t, w)
	defer dog.stop()
	defer func() {
		if reason := recover(); reason != nil && !w.deadlocked(t, reason) {
			panic(reason)
		}
	}()
	synctest.Test(t, func(t *testing.T) { w.run(t, fn) })
}

// run is the bubble's main goroutine.
func (w *World) run(t *testing.T, fn func(*World)) {
	me := thisGoroutine()
	w.t, w.start = t, time.Now()
	w.ctx, w.over = context.WithCancel(context.Background())
	w.me.Store(&me) // from now on the watchdog looks
	defer w.end()
	defer w.cleanup()
	defer w.recoverPanic()
	fn(w)
}

func (w *World) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
}

func (w *World) virtualTime() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.virtual
}

// cleanup ends clients first, so that what it finds fault with is the server's doing.
func (w *World) cleanup() {
	elapsed := w.Elapsed()
	w.cleaning.Store(true)
	w.mu.Lock()
	w.virtual = elapsed
	servers := w.servers
	w.mu.Unlock()
	w.over()
	w.runCleanups()
	w.net.cut()
	w.Settle()
	for i := len(servers) - 1; i >= 0; i-- {
		servers[i].close()
	}
	w.net.close()
	time.Sleep(closeWithin)
	w.Settle()
}

// recoverPanic turns a panic of the calling goroutine into a failure. It must be deferred.
func (w *World) recoverPanic() {
	if reason := recover(); reason != nil {
		w.panicked(fmt.Sprint(reason), string(debug.Stack()))
	}
}

// panicked reports a panic with the stack of the goroutine that had it.
func (w *World) panicked(reason, stack string) {
	f := failure{Verdict: VerdictPanic, Message: "panic: " + reason}
	for _, g := range parseStacks(stack) {
		f.At = append(f.At, afterPanic(g).owned(ownCode)...)
	}
	if len(f.At) > 0 {
		f.Message += "\nat " + f.At[0].at()
	}
	w.fail(f)
}

// afterPanic drops the frames of deferred calls, which stand above the panic.
func afterPanic(g goroutine) *goroutine {
	for i, f := range g.frames {
		if f.Func == "panic" || strings.HasPrefix(f.Func, "runtime.panic") || f.Func == "runtime.sigpanic" {
			g.frames = g.frames[i+1:]
			return afterPanic(g)
		}
	}
	return &g
}
