package testclient

import "fmt"

// Fault is what is wrong with a program that runs inside of a World: packages that run one,
// as testpage runs a page's script, find it and tell [World.Blame].
type Fault struct {
	Verdict string // VerdictWrong, if empty
	Message string
	Who     string  // the client that it is about, if it is about one
	At      []Place // in the code under test, innermost first
}

// Blame fails the test, which then ends with the next call that it makes.
func (w *World) Blame(f Fault) {
	if f.Verdict == "" {
		f.Verdict = VerdictWrong
	}
	w.fail(failure{Verdict: f.Verdict, Message: f.Message, At: f.At, show: focus{who: f.Who}})
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped.Store(true)
}

// Lacks fails the test because something has not happened in the time that it had, and ends
// it. It is for expectations of one's own about the client who, which may be empty; it adds
// what in the server may be why.
func (w *World) Lacks(who, format string, args ...any) {
	w.lacks(focus{who: who}, format, args...)
}

// NoteBy writes a line about one client into the timeline.
func (w *World) NoteBy(who, format string, args ...any) {
	w.event(who, "    "+fmt.Sprintf(format, args...))
}

// CheckStopped ends the test if it has failed in another goroutine. All that waits or
// expects does so; it is for what is built on top.
func (w *World) CheckStopped() { w.checkStopped() }

// Cleanup has fn called when the test is over, last come first served, while clients and
// servers are still there.
func (w *World) Cleanup(fn func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cleanups = append(w.cleanups, fn)
}

// Watch has look called outside of the bubble, in real time, until the test is over: what
// never waits in virtual time can only be seen, and stopped, from there. It is called twenty
// times a second while the program works, and less often while others have the processors.
// look must return quickly, and may use atomics and locks that nobody holds for long.
func (w *World) Watch(look func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looks = append(w.looks, look)
}

// runCleanups calls what Cleanup was given.
func (w *World) runCleanups() {
	w.mu.Lock()
	todo := w.cleanups
	w.mu.Unlock()
	for i := len(todo) - 1; i >= 0; i-- {
		todo[i]()
	}
}

// lookAround calls what Watch was given.
func (w *World) lookAround() {
	w.mu.Lock()
	looks := w.looks
	w.mu.Unlock()
	for _, look := range looks {
		look()
	}
}
