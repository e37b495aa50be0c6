package testclient

import (
	"fmt"
	"runtime"
)

// Errorf fails the test and lets it go on.
func (w *World) Errorf(format string, args ...any) {
	w.fail(failure{Verdict: VerdictWrong, Message: clean(fmt.Sprintf(format, args...)), more: true})
}

// Fatalf fails the test and ends it.
func (w *World) Fatalf(format string, args ...any) {
	w.fail(failure{Verdict: VerdictWrong, Message: clean(fmt.Sprintf(format, args...))})
	w.FailNow()
}

// lacks fails the test because something has not happened, and ends it. It adds what in the
// code under test may be why.
func (w *World) lacks(show focus, format string, args ...any) {
	w.Settle()
	w.checkStopped()
	ws := w.meanwhile(0)
	message := fmt.Sprintf(format, args...) + ws.String()
	w.fail(failure{Verdict: VerdictWrong, Message: message, At: ws.at, Look: ws.look, show: show})
	w.FailNow()
}

// Logf writes a line to the test's log.
func (w *World) Logf(format string, args ...any) {
	w.t.Helper()
	w.t.Logf(format, args...)
}

// fatalAt is Fatalf with something that the timeline must show.
func (w *World) fatalAt(show focus, format string, args ...any) {
	w.fail(failure{Verdict: VerdictWrong, Message: fmt.Sprintf(format, args...), show: show})
	w.FailNow()
}

// FailNow marks the test failed and ends the calling goroutine. The test itself ends with
// the next call that it makes.
func (w *World) FailNow() {
	w.mu.Lock()
	w.stopped.Store(true)
	first := w.failure == nil
	w.mu.Unlock()
	if first {
		w.fail(failure{Verdict: VerdictWrong, Message: "the test ended with FailNow"})
	}
	if thisGoroutine().id == w.me.Load().id {
		w.endTest()
	}
	runtime.Goexit()
}

// Failed tells whether the test has failed so far.
func (w *World) Failed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failure != nil
}

// Helper marks the calling function as a helper: failures name the line that called it.
//
// It is of use where no Test function is on the stack; otherwise they name its line anyway.
func (w *World) Helper() {
	var pc [1]uintptr
	runtime.Callers(2, pc[:])
	w.mu.Lock()
	defer w.mu.Unlock()
	w.helpers[pc[0]] = true
}

// checkStopped ends a test that has failed in another goroutine.
func (w *World) checkStopped() {
	if w.stopped.Load() {
		w.FailNow()
	}
}
