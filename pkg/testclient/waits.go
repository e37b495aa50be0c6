package testclient

import (
	"fmt"
	"strings"
)

// waits tells in words what a goroutine is doing.
func (g *goroutine) waits() string {
	for _, f := range g.frames {
		if ownerOf(f.Func, f.File) != ownLibrary {
			break
		}
		switch {
		case isLock(f.Func):
			return "waits for a lock"
		case strings.HasPrefix(f.Func, thisPackage+".(*conn).Write"):
			return "writes to a connection that takes no more"
		case strings.HasPrefix(f.Func, thisPackage+".(*conn).Read"):
			return "reads from a connection"
		}
	}
	switch g.state {
	case "chan receive":
		return "waits to receive from a channel"
	case "chan send":
		return "waits to send on a channel"
	case "select":
		return "waits in a select"
	case "select (no cases)":
		return "waits in an empty select"
	case "chan receive (nil chan)", "chan send (nil chan)":
		return "waits on a channel that is nil"
	case "sync.WaitGroup.Wait":
		return "waits for a sync.WaitGroup"
	case "sync.Cond.Wait":
		return "waits for a sync.Cond"
	case "sleep":
		return "sleeps"
	case "running", "runnable":
		return "is running"
	}
	return "waits (" + g.state + ")"
}

// isLock tells whether a function is one that waits for a lock, the standard library's or
// the overlay's.
func isLock(function string) bool {
	for _, name := range []string{"sync.(*Mutex).Lock", "sync.(*RWMutex).Lock", "sync.(*RWMutex).RLock", "sync.(*Once).Do"} {
		if function == name || function == thisPackage+"/"+name {
			return true
		}
	}
	return false
}

// place returns the innermost frame in the code under test, or else in the test.
func (g *goroutine) place() (place, bool) {
	for _, who := range []owner{ownCode, ownSuite} {
		if own := g.owned(who); len(own) > 0 {
			return own[0], true
		}
	}
	return place{}, false
}

// isCode tells whether the goroutine runs, or was started by, code under test.
func (g *goroutine) isCode() bool {
	return len(g.owned(ownCode)) > 0 || ownerOf(g.creator.Func, g.creator.File) == ownCode
}

// tellAll writes a line for each place where goroutines are, most lines at the most.
func tellAll(all []goroutine, most int) string {
	return tellEach(all, most, (*goroutine).tell)
}

// tellEach is tellAll with words of the caller's.
func tellEach(all []goroutine, most int, tell func(*goroutine) string) string {
	var lines []string
	count := map[string]int{}
	for _, g := range all {
		line := tell(&g)
		if count[line]++; count[line] == 1 {
			lines = append(lines, line)
		}
	}
	var b strings.Builder
	for i, line := range lines {
		if i == most {
			fmt.Fprintf(&b, "\n  and %d more", len(lines)-most)
			break
		}
		if n := count[line]; n > 1 {
			line = fmt.Sprintf("%s (%d of these)", line, n)
		}
		b.WriteString("\n  " + line)
	}
	return b.String()
}

// tell writes "hub.go:41, in (*Hub).run, waits in a select".
func (g *goroutine) tell() string {
	return g.where() + ", " + g.waits()
}

// where writes "hub.go:41, in (*Hub).run".
func (g *goroutine) where() string {
	p, ok := g.place()
	if !ok && len(g.frames) > 0 {
		p = g.frames[len(g.frames)-1]
	}
	return p.at()
}

// meanwhile tells which goroutines of the code under test wait for a lock or to send on a
// channel while an expectation fails, which is often why, and where. It passes over one
// goroutine, which is told of already.
func (w *World) meanwhile(but int) (string, []place) {
	var held, busy []goroutine
	for _, g := range inBubble(allGoroutines(), w.me.Load().bubble) {
		if g.id == but || len(g.owned(ownCode)) == 0 {
			continue
		}
		switch does := g.waits(); {
		case does == "waits for a lock", g.state == "chan send":
			held = append(held, g)
		case strings.HasPrefix(does, "writes to"):
			busy = append(busy, g)
		}
	}
	if len(held) == 0 {
		return "", nil
	}
	all := append(held, busy...)
	return "\nMeanwhile:" + tellAll(all, 4), held[0].owned(ownCode)
}
