package testclient

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// clockRuns notices that time passes and nothing else happens: somebody wakes up so often
// that what the test waits for does not come. Between two timers it is the goroutine which
// called synctest.Test that runs, to move the clock.
type clockRuns struct {
	moved int // looks of the whole test that saw the clock about to move
	since int // of them, those since something happened
	awake map[place]*waker
}

// waker is a place where code under test begins in a goroutine.
type waker struct {
	seen int       // looks that saw one run, since something happened
	last goroutine // one of them, where it waits if that was seen
}

// pause begins anew: something has happened.
func (c *clockRuns) pause() { c.since, c.awake = 0, nil }

func (c *clockRuns) look(all []goroutine, main goroutine) {
	if c.awake == nil {
		c.awake = map[place]*waker{}
	}
	for _, g := range all {
		switch {
		case g.id == main.id:
		case g.durable:
			c.waits(g)
		case movesClock(g):
			c.since++
			c.moved++
		case g.isCode():
			c.ran(g)
		}
	}
}

// waits notes where code under test waits, which says more than where it works.
func (c *clockRuns) waits(g goroutine) {
	w := c.awake[g.root()]
	if w == nil && callsCode(g) {
		w = &waker{}
		c.awake[g.root()] = w
	}
	if w != nil {
		w.last = g
	}
}

func (c *clockRuns) ran(g goroutine) {
	w := c.awake[g.root()]
	if w == nil {
		w = &waker{last: g}
		c.awake[g.root()] = w
	}
	w.seen++
}

func movesClock(g goroutine) bool {
	return slices.ContainsFunc(g.frames, func(f place) bool { return f.Func == "internal/synctest.Run" })
}

// often tells whether that goes on, and has done so for long enough in this test.
func (c *clockRuns) often() bool { return c.moved >= looksClock && c.since >= looksClock/10 }

// waker returns whom most looks saw at work while the clock moved; nil if it stood still. One
// that works for an instant each time may never be seen at it, only waiting.
func (c *clockRuns) waker() *waker {
	var most *waker
	for _, w := range c.awake {
		if c.since > 0 && (most == nil || w.seen > most.seen) {
			most = w
		}
	}
	return most
}

// caught is waker, if a look has seen it at work.
func (c *clockRuns) caught() bool {
	w := c.waker()
	return w != nil && w.seen > 0
}

// root is where the code under test started the goroutine, or else what it calls first.
func (g *goroutine) root() place {
	if ownerOf(g.creator.Func, g.creator.File) == ownCode {
		return g.creator
	}
	if own := g.owned(ownCode); len(own) > 0 {
		return place{Func: own[len(own)-1].Func, File: own[len(own)-1].File}
	}
	return place{}
}

// sleepless tells of a goroutine that keeps a test from the moment that it waits for, and
// how many there are of it.
func sleepless(g goroutine, like int, wait time.Duration) failure {
	f := failure{Verdict: VerdictFrozen, At: g.owned(ownCode)}
	var b strings.Builder
	b.WriteString("frozen: the test waits")
	if wait > 0 {
		fmt.Fprintf(&b, " for %s to pass on its clock", longTime(wait))
	}
	fmt.Fprintf(&b, ", and does not get there: something wakes up all the time.\n  %s, wakes up again and again", g.where())
	if like > 1 {
		fmt.Fprintf(&b, " (%d of these)", like)
	}
	if g.root() == g.creator {
		b.WriteString(",\n    started at " + g.creator.at())
		f.At = append(f.At, g.creator)
	}
	b.WriteString("\nOn this clock an hour takes no time, unless somebody works in it. Every goroutine needs " +
		"a way to end, and something that makes it go that way. If this one is still needed, let it wait for longer.")
	f.Message = b.String()
	return f
}

// longTime writes "24h", not "24h0m0s".
func longTime(d time.Duration) string {
	text := d.String()
	if s, ok := strings.CutSuffix(text, "m0s"); ok {
		text = s + "m"
	}
	if s, ok := strings.CutSuffix(text, "h0m"); ok {
		text = s + "h"
	}
	return text
}
