package testclient

import (
	"fmt"
	"strings"
	"testing"
)

// deadlocked takes what synctest panics with at the end of a bubble: goroutines are left
// that nothing will ever wake. It tells whether reason was that.
func (w *World) deadlocked(t *testing.T, reason any) bool {
	err, ok := reason.(error)
	if !ok || !strings.HasPrefix(err.Error(), "deadlock: ") {
		return false
	}
	me := w.me.Load()
	w.mu.Lock()
	failed, ended := w.failure != nil, w.ended
	w.ended = false // of the test that fails from now on, the outer one
	w.t = t
	w.mu.Unlock()
	if failed {
		return true // what is left may be left for that reason
	}
	left := inBubble(allGoroutines(), me.bubble)
	if ended {
		w.fail(leaked(left))
	} else {
		w.fail(blocked(left, me.id))
	}
	return true
}

// leaked tells who is left behind, the code under test first.
func leaked(left []goroutine) failure {
	f := failure{Verdict: VerdictLeak}
	own := filter(left, (*goroutine).isCode)
	if len(own) == 0 {
		own = filter(left, func(g *goroutine) bool { _, ok := g.place(); return ok })
	}
	if len(own) == 0 {
		own = left
	}
	f.Message = "a goroutine is left behind:"
	if len(own) != 1 {
		f.Message = fmt.Sprintf("%d goroutines are left behind:", len(own))
	}
	f.Message += tellLeaks(own, 5)
	f.Message += "\nThe clients, the server and its listener have ended. Every goroutine needs a way " +
		"to end, and something that makes it go that way."
	if len(own) > 0 {
		f.At = own[0].owned(ownCode)
		if c := own[0].creator; ownerOf(c.Func, c.File) == ownCode {
			f.At = append(f.At, c)
		}
	}
	return f
}

// tellLeaks is tellAll with the places where the goroutines were started.
func tellLeaks(all []goroutine, most int) string {
	return tellEach(all, most, func(g *goroutine) string {
		if g.creator.File == "" {
			return g.tell()
		}
		if ownerOf(g.creator.Func, g.creator.File) == ownLibrary {
			return g.tell() + ",\n    started by " + packageOf(g.creator.Func)
		}
		return g.tell() + ",\n    started at " + g.creator.at()
	})
}

// blocked tells where the test's own goroutine waits for ever.
func blocked(left []goroutine, main int) failure {
	f := failure{Verdict: VerdictFrozen, Message: "everything waits, and nothing will ever happen:"}
	own := filter(left, func(g *goroutine) bool { return g.id == main })
	own = append(own, filter(left, func(g *goroutine) bool { return g.id != main && len(g.owned(ownCode)) > 0 })...)
	ws := tellHolds(holds(filter(own, func(g *goroutine) bool { return len(g.owned(ownCode)) > 0 })))
	f.At, f.Look = ws.at, ws.look
	for _, g := range own {
		if !ws.told[g.id] {
			ws.lines = append(ws.lines, g.tell())
		}
		if len(f.At) == 0 {
			f.At = g.owned(ownCode)
		}
	}
	f.Message += tellLines(ws.lines, 5)
	return f
}

func filter(all []goroutine, keep func(*goroutine) bool) []goroutine {
	var kept []goroutine
	for _, g := range all {
		if keep(&g) {
			kept = append(kept, g)
		}
	}
	return kept
}
