package testclient

import (
	"fmt"
	"strings"
)

const waitsForLock = "waits for a lock"

// waits tells in words what a goroutine is doing.
func (g *goroutine) waits() string {
	for _, f := range g.frames {
		if ownerOf(f.Func, f.File) != ownLibrary {
			break
		}
		switch {
		case isLock(f.Func):
			return waitsForLock
		case strings.HasPrefix(f.Func, thisPackage+".(*conn).Write"):
			if g.peer != "" {
				return "waits for " + g.peer + "'s network"
			}
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
		if g.sends() {
			return "waits in a select to send"
		}
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
	for _, g := range all {
		lines = append(lines, tell(&g))
	}
	return tellLines(lines, most)
}

// tellLines writes each line once, with the number of its likes.
func tellLines(all []string, most int) string {
	var lines []string
	count := map[string]int{}
	for _, line := range all {
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

// goroutines takes the stacks of the bubble.
func (w *World) goroutines() []goroutine {
	return w.withPeers(inBubble(allGoroutines(), w.me.Load().bubble))
}

// withPeers notes whose network the goroutines write to.
func (w *World) withPeers(all []goroutine) []goroutine {
	names := w.net.writers()
	for i := range all {
		all[i].peer = names[all[i].id]
	}
	return all
}

func (g *goroutine) writesToNetwork() bool {
	does := g.waits()
	return g.peer != "" && strings.HasPrefix(does, "waits for "+g.peer) || strings.HasPrefix(does, "writes to")
}

// waiting is what a failure tells of those that wait: a few lines, and the calls that lead to
// the wait that explains most.
type waiting struct {
	lines []string
	told  map[int]bool // the goroutines that are in them
	at    []place
	look  int // index in at of the call to blame
}

// mostWaits is how many waits a failure tells of.
const mostWaits = 3

// String is empty where nobody waits.
func (ws waiting) String() string {
	if len(ws.lines) == 0 {
		return ""
	}
	return "\nMeanwhile:" + tellLines(ws.lines, mostWaits)
}

// meanwhile tells which goroutines of the code under test wait while an expectation fails,
// which is often why: for a lock that another holds, for a lock, to send on a channel. One
// that writes to the network counts where others wait too, or where the server does not read
// from some connection. Else it is a client's own writer, which waits as it should.
func (w *World) meanwhile(but int) waiting {
	all := filter(w.goroutines(), func(g *goroutine) bool { return len(g.owned(ownCode)) > 0 })
	ws := tellHolds(holds(all))
	var stuck, busy []goroutine
	for _, g := range all {
		switch {
		case g.id == but || ws.told[g.id]:
		case g.waits() == waitsForLock, g.state == "chan send", g.sends():
			stuck = append(stuck, g)
		case g.writesToNetwork():
			busy = append(busy, g)
		}
	}
	if len(ws.lines) > 0 || len(stuck) > 0 || w.net.unread() {
		stuck = append(stuck, busy...)
	}
	for _, g := range stuck {
		own := g.owned(ownCode)
		if len(ws.at) == 0 {
			ws.at = own
		}
		line := own[0].brief() + " " + g.waits()
		if len(own) > 1 {
			line += ", called from " + calls(own[1:min(len(own), 5)])
		}
		ws.lines = append(ws.lines, line)
	}
	return ws
}
