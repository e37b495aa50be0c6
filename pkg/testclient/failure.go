package testclient

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"unicode/utf8"
)

// The names under which a test can fail.
const (
	verdictWrong  = "wrong"
	verdictPanic  = "panic"
	verdictLeak   = "leak"
	verdictFrozen = "frozen"
)

// failure is what a grader is told, as JSON in one line.
type failure struct {
	Verdict  string  `json:"verdict"`
	Message  string  `json:"message"`
	Timeline string  `json:"timeline"`
	File     string  `json:"file"` // of the suite
	Line     int     `json:"line"`
	At       []place `json:"at"` // in the code under test, innermost first

	more bool   // worth telling even if it is not the first
	mark *event // what the timeline is to point at
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
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return
	}
	w.t.Fail()
	switch {
	case w.failure != nil && f.more && !w.cleaning && !graded():
		fmt.Fprint(w.t.Output(), f.human())
	case w.failure != nil:
	case graded():
		w.t.Attr(attrFailure, f.encode(&w.line))
	default:
		f.Timeline = w.line.text(timelineLines, f.mark)
		fmt.Fprint(w.t.Output(), f.human())
	}
	if w.failure == nil {
		w.failure = &f
	}
}

func (f failure) human() string {
	text := strings.TrimRight(f.Message, "\n")
	if f.File != "" {
		text = fmt.Sprintf("%s:%d: %s", filepath.Base(f.File), f.Line, text)
	}
	text = wrap(text, timelineWidth-4) // as far as package testing indents
	if f.Timeline != "" {
		text += "\n" + f.Timeline
	}
	return text
}

// wrap breaks lines that are too long at their spaces, keeping their indentation.
func wrap(text string, width int) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
		for utf8.RuneCountInString(line) > width {
			head := string([]rune(line)[:width+1])
			at := strings.LastIndexByte(head, ' ')
			if at <= len(indent) {
				break
			}
			b.WriteString(strings.TrimRight(line[:at], " ") + "\n")
			line = indent + strings.TrimLeft(line[at:], " ")
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// attrRoom is how long a line may be that go tool test2json passes on whole (4096 bytes,
// with the frame and the test's name).
const attrRoom = 3600

// encode writes f in one line that fits attrRoom, cutting the timeline first.
func (f failure) encode(tl *timeline) string {
	f.At = append([]place{}, f.At[:min(len(f.At), 6)]...) // never null
	var text []byte
	for _, limit := range []int{timelineLines, 30, 20, 12, 6, 0} {
		f.Timeline = ""
		if limit > 0 {
			f.Timeline = tl.text(limit, f.mark)
		}
		if text = marshal(f); len(text) <= attrRoom {
			return string(text)
		}
	}
	whole := f.Message
	keep := sort.Search(len(whole), func(n int) bool { // the shortest that is too long
		f.Message = strings.ToValidUTF8(whole[:n+1], "") + " …"
		return len(marshal(f)) > attrRoom
	})
	f.Message = strings.ToValidUTF8(whole[:keep], "") + " …"
	return string(marshal(f))
}

func marshal(f failure) []byte {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(f) // strings and numbers only
	return []byte(strings.TrimSuffix(b.String(), "\n"))
}

// Errorf fails the test and lets it go on.
func (w *World) Errorf(format string, args ...any) {
	w.fail(failure{Verdict: verdictWrong, Message: clean(fmt.Sprintf(format, args...)), more: true})
}

// Fatalf fails the test and ends it.
func (w *World) Fatalf(format string, args ...any) {
	w.fail(failure{Verdict: verdictWrong, Message: clean(fmt.Sprintf(format, args...))})
	w.FailNow()
}

// lacks fails the test because something has not happened, and ends it. It adds what in the
// code under test may be why.
func (w *World) lacks(format string, args ...any) {
	w.Settle()
	w.checkStopped()
	hint, at := w.meanwhile(0)
	message := fmt.Sprintf(format, args...) + hint
	w.fail(failure{Verdict: verdictWrong, Message: message, At: at})
	w.FailNow()
}

// Logf writes a line to the test's log.
func (w *World) Logf(format string, args ...any) {
	w.t.Helper()
	w.t.Logf(format, args...)
}

// fatalAt is Fatalf with an event to point at.
func (w *World) fatalAt(mark *event, format string, args ...any) {
	w.fail(failure{Verdict: verdictWrong, Message: fmt.Sprintf(format, args...), mark: mark})
	w.FailNow()
}

// FailNow marks the test failed and ends the calling goroutine. The test itself ends with
// the next call that it makes.
func (w *World) FailNow() {
	w.mu.Lock()
	first := w.failure == nil
	w.stopped = true
	w.mu.Unlock()
	if first {
		w.fail(failure{Verdict: verdictWrong, Message: "the test ended with FailNow"})
	}
	if thisGoroutine().id == w.me.Load().id {
		w.t.FailNow()
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
func (w *World) Helper() {
	pc, _, _, ok := runtime.Caller(1)
	if f := runtime.FuncForPC(pc); ok && f != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.helpers[f.Name()] = true
	}
}

// suitePlace finds the line of the test that is to blame: the one that called or, for what
// another goroutine finds, the one where the test is.
func (w *World) suitePlace() place {
	helpers := w.helperNames()
	if at := suiteFrame(2, helpers); at.File != "" {
		return at
	}
	return w.mainPlace()
}

// mainPlace is where the goroutine of the test is, or where it called Run.
func (w *World) mainPlace() place {
	me := w.me.Load()
	if me == nil {
		return place{}
	}
	var outer place
	for _, g := range inBubble(allGoroutines(), me.bubble) {
		own := g.owned(ownSuite)
		switch {
		case len(own) == 0:
		case g.id == me.id:
			return blamed(own)
		case strings.HasPrefix(g.state, "synctest.Run"):
			outer = blamed(own)
		}
	}
	return outer
}

func (w *World) helperNames() map[string]bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	names := make(map[string]bool, len(w.helpers))
	for name := range w.helpers {
		names[name] = true
	}
	return names
}

// checkStopped ends a test that has failed in another goroutine.
func (w *World) checkStopped() {
	w.mu.Lock()
	stopped := w.stopped
	w.mu.Unlock()
	if stopped {
		w.FailNow()
	}
}

// clean drops what testify puts before its messages: an empty line and a trace of its own.
func clean(message string) string {
	message = strings.Trim(message, "\n")
	if !strings.Contains(message, "Error Trace:") {
		return message
	}
	var kept []string
	skipping := false
	for line := range strings.Lines(message) {
		text := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(text, "Error Trace:"):
			skipping = true
		case strings.HasPrefix(text, "Error:"):
			skipping = false
			kept = append(kept, strings.TrimSpace(strings.TrimPrefix(text, "Error:")))
		case strings.HasPrefix(text, "Test:"):
			skipping = true
		case strings.HasPrefix(text, "Messages:"):
			skipping = false
			kept = append(kept, strings.TrimSpace(strings.TrimPrefix(text, "Messages:")))
		case !skipping && text != "":
			kept = append(kept, "  "+text)
		}
	}
	return strings.Join(kept, "\n")
}
