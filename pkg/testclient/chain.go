package testclient

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"wsworkshop/pkg/testclient/internal/held"
)

// hold is a lock that is waited for: the goroutine that holds it, and its frame that took it.
type hold struct {
	holder  *goroutine
	took    int // index in holder.owned(ownCode)
	waiters []*goroutine
}

// holds finds the locks that goroutines of all wait for, and who holds them. Those whose
// holder is not known are left out. The ones at the bottom of a chain come first.
func holds(all []goroutine) []hold {
	by := held.Holders()
	taken := map[int]held.By{} // only of all
	for i := range all {
		if b, ok := by[all[i].id]; ok && all[i].waits() == waitsForLock {
			taken[all[i].id] = b
		}
	}
	var found []hold
	for i := range all {
		w := &all[i]
		if _, waits := taken[w.id]; !waits {
			continue
		}
		holder, took := findHolder(all, taken, w)
		if holder == nil {
			continue
		}
		same := func(h hold) bool { return h.holder == holder && h.took == took }
		if at := slices.IndexFunc(found, same); at >= 0 {
			found[at].waiters = append(found[at].waiters, w)
			continue
		}
		found = append(found, hold{holder, took, []*goroutine{w}})
	}
	slices.SortStableFunc(found, func(a, b hold) int { return a.holder.urgency() - b.holder.urgency() })
	return found
}

// findHolder finds the goroutine in all that took the lock which w waits for.
func findHolder(all []goroutine, taken map[int]held.By, w *goroutine) (holder *goroutine, took int) {
	by := taken[w.id]
	calls := ownCalls(by)
	if holder, took = cameBy(all, calls, func(g *goroutine) bool { return taken[g.id] != by }); holder != nil {
		return holder, took
	}
	if len(calls) > 1 && strings.Contains(strings.ToLower(calls[0].brief()), "lock") {
		calls = calls[1:] // it took the lock for its caller, and has returned
	}
	holder, took = cameBy(all, calls, func(g *goroutine) bool { return taken[g.id] != by })
	if holder == nil && len(calls) > 0 { // one that waits for the lock that it holds
		holder, took = cameBy(all, calls, func(g *goroutine) bool { return taken[g.id] == by && g.owned(ownCode)[0] != calls[0] })
	}
	return holder, took
}

// ownCalls are the frames of the code under test.
func ownCalls(by held.By) []place {
	var own []place
	frames := runtime.CallersFrames(by[:])
	for more := by[0] != 0; more; {
		var f runtime.Frame
		f, more = frames.Next()
		if ownerOf(f.Function, f.File) == ownCode {
			own = append(own, place{f.Function, f.File, f.Line})
		}
	}
	return own
}

// cameBy finds, among the goroutines that may be it, one that is still in the function which
// made the first of calls and was called by the others.
func cameBy(all []goroutine, calls []place, mayBe func(*goroutine) bool) (*goroutine, int) {
	for i := range all {
		if g := &all[i]; len(calls) > 0 && mayBe(g) {
			own := g.owned(ownCode)
			for at := range len(own) - len(calls) + 1 {
				if own[at].Func == calls[0].Func && slices.Equal(own[at+1:at+len(calls)], calls[1:]) {
					return g, at
				}
			}
		}
	}
	return nil, 0
}

// urgency orders what goroutines do by how well it explains that others wait.
func (g *goroutine) urgency() int {
	switch {
	case g.writesToNetwork():
		return 0
	case g.waits() == waitsForLock:
		return 2
	}
	return 1
}

// tellHolds writes a line for each lock.
func tellHolds(locks []hold) waiting {
	ws := waiting{told: map[int]bool{}}
	for _, h := range locks {
		ws.lines = append(ws.lines, h.tell())
		ws.told[h.holder.id] = true
		for _, g := range h.waiters {
			ws.told[g.id] = true
		}
	}
	if len(locks) > 0 {
		ws.at, ws.look = locks[0].holder.owned(ownCode), locks[0].took
	}
	return ws
}

// tell writes "client.go:78 (write) waits for carl's network, called from hub.go:61
// (broadcast), which holds the lock that hub.go:66 (leave) waits for".
func (h hold) tell() string {
	own := h.holder.owned(ownCode)
	waiters, wait := tellWaiters(h.waiters)
	if slices.Contains(h.waiters, h.holder) {
		return fmt.Sprintf("%s waits for the lock that it holds already, since %s", own[0].brief(), own[h.took].brief())
	}
	does := h.holder.waits()
	if does == waitsForLock {
		does = "waits for another lock"
	}
	text := own[0].brief() + " " + does
	if h.took == 0 {
		return text + fmt.Sprintf(" and holds the lock that %s %s for", waiters, wait)
	}
	return text + fmt.Sprintf(", called from %s, which holds the lock that %s %s for",
		calls(own[1:h.took+1]), waiters, wait)
}

func tellWaiters(all []*goroutine) (waiters, wait string) {
	var places []string
	for _, g := range all {
		if at := g.owned(ownCode)[0].brief(); !slices.Contains(places, at) {
			places = append(places, at)
		}
	}
	switch {
	case len(places) > 2:
		return fmt.Sprintf("%s and %d others", places[0], len(places)-1), "wait"
	case len(places) == 2:
		return strings.Join(places, " and "), "wait"
	case len(all) > 1:
		return fmt.Sprintf("%d goroutines at %s", len(all), places[0]), "wait"
	}
	return places[0], "waits"
}

// calls lists frames, the first and the last ones of many.
func calls(frames []place) string {
	var names []string
	for _, f := range frames {
		names = append(names, f.brief())
	}
	if len(names) > 4 {
		names = append(append(names[:2:2], "…"), names[len(names)-1])
	}
	return strings.Join(names, ", ")
}

// brief writes "hub.go:61 (broadcast)".
func (f place) brief() string {
	at, function, _ := strings.Cut(f.at(), ", in ")
	if method, ok := strings.CutPrefix(function, "(*"); ok {
		_, function, _ = strings.Cut(method, ").")
	}
	return at + " (" + function + ")"
}
