package testclient

import "testing"

// Failure is what [Try] has found.
type Failure struct {
	Verdict  string // VerdictWrong or another of these
	Message  string
	Timeline string
	At       []Place // in the code under test, innermost first

	text string
}

// String writes the failure as a test does that fails.
func (f *Failure) String() string { return f.text }

// Try is [Run] for a search: it returns the first failure instead of failing t, or nil if
// there was none. So a test can run one random schedule after another, shorten the one that
// fails, and then report it in words of its own.
//
// A freeze ends the process here too, since the goroutines that wait cannot be ended. Print
// the seed before each run, or have a failing seed run again in a process of its own.
func Try(t *testing.T, fn func(w *World), opts ...RunOption) *Failure {
	t.Helper()
	w := newWorld()
	w.trying = true
	w.bubble(t, fn, opts)
	f := w.failure
	if f == nil {
		return nil
	}
	return &Failure{Verdict: f.Verdict, Message: f.Message, Timeline: f.Timeline, At: f.At, text: f.human()}
}

// remember keeps the first failure of a World that is tried. The caller holds the lock.
func (w *World) remember(f failure) {
	if w.failure == nil {
		f.Timeline = w.line.text(timelineLines, f.show)
		w.failure = &f
	}
}

// endTest ends the goroutine of the test, which has failed.
func (w *World) endTest() {
	if w.trying {
		w.t.SkipNow() // the only end that package testing does not count as a failure
	}
	w.t.FailNow()
}
