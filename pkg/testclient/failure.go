package testclient

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
)

// The names under which a test can fail.
const (
	VerdictWrong  = "wrong"
	VerdictPanic  = "panic"
	VerdictLeak   = "leak"
	VerdictFrozen = "frozen"
)

// failure is what a grader is told, as JSON in one line.
type failure struct {
	Verdict  string  `json:"verdict"`
	Message  string  `json:"message"`
	Timeline string  `json:"timeline"`
	File     string  `json:"file"` // of the suite
	Line     int     `json:"line"`
	At       []place `json:"at"`             // in the code under test, innermost first
	Look     int     `json:"look,omitempty"` // index in At of the call to blame
	Late     bool    `json:"late,omitempty"` // found when the test itself was over

	more bool  // worth telling even if it is not the first
	show focus // what the timeline must show
}

// The attributes of a test that a grader reads.
const (
	attrFailure = "workshop.failure"
	attrVirtual = "workshop.virtual"
)

// graded tells whether a program reads the failures.
func graded() bool { return os.Getenv("WSWORKSHOP_GRADER") == "1" }

// fail marks the test failed. The first failure is told, with the timeline; of later ones a
// person is told those of Errorf. It may be called by any goroutine.
func (w *World) fail(f failure) {
	if f.File == "" {
		at := w.suitePlace()
		f.File, f.Line = at.File, at.Line
	}
	f.show.why = w.whyEnded(f.show.who)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return
	}
	f.Late = w.cleaning.Load()
	if w.trying {
		w.remember(f)
		return
	}
	w.t.Fail()
	switch {
	case w.failure != nil && f.more && !w.cleaning.Load() && !graded():
		fmt.Fprint(w.t.Output(), f.human())
	case w.failure != nil:
	case graded():
		w.t.Attr(attrFailure, f.encode(&w.line))
	default:
		f.Timeline = w.line.text(timelineLines, f.show)
		fmt.Fprint(w.t.Output(), f.human())
	}
	if w.failure == nil {
		w.failure = &f
	}
}

// suitePlace finds the line of the test that is to blame: the one that called or, for what
// another goroutine finds, the one where the test is.
func (w *World) suitePlace() place {
	if at := suiteFrame(2, w.helperNames()); at.File != "" {
		return at
	}
	return w.mainPlace()
}

// mainPlace is where the goroutine of the test is, or where it called Run. That goroutine is
// known by its id: while it helps the garbage collector, it is in no bubble.
func (w *World) mainPlace() place {
	me := w.me.Load()
	if me == nil {
		return place{}
	}
	var outer place
	helpers := w.helperNames()
	for _, g := range allGoroutines() {
		own := slices.DeleteFunc(g.owned(ownSuite), func(p place) bool { return helpers[p.Func] })
		switch {
		case len(own) == 0:
		case g.id == me.id:
			return blamed(own)
		case g.bubble == me.bubble && strings.HasPrefix(g.state, "synctest.Run"):
			outer = blamed(own)
		}
	}
	return outer
}

// helperNames are the functions that called Helper.
func (w *World) helperNames() map[string]bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	names := make(map[string]bool, len(w.helpers))
	for pc := range w.helpers {
		f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
		names[f.Function] = true
	}
	return names
}
