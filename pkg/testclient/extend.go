package testclient

import "fmt"

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

// Cleanup has fn called when the test is over, last come first served, while clients and
// servers are still there.
func (w *World) Cleanup(fn func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cleanups = append(w.cleanups, fn)
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
