package testclient

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// How often the watchdog looks, and after how many looks that show no change it acts.
var (
	lookEvery   = 50 * time.Millisecond
	looksFrozen = 3   // a wait that stops the clock, and nothing that could run
	looksIO     = 40  // the same, but the kernel may be slow
	looksBusy   = 100 // nothing happens, yet something runs
	lookAtMain  = 20  // every so many looks: does the test still wait in the same call?
	looksMain   = 6   // so many times
	looksPrint  = 200 // for so long what is printed counts as progress
	looksClock  = 50  // of a whole test: nothing happens, yet the clock moves on
)

// exitFrozen is the status of a process that a freeze has ended.
const exitFrozen = 66

// watchdog looks at a bubble from outside, in real time. In a freeze nothing in the bubble
// can act any more, and a goroutine cannot be ended from outside: it ends the process. What
// can only be told by how long it lasts is measured in looks at a program that works: on a
// busy machine one that waits for a processor is not taken for one that hangs.
//
// WithoutWatchdog keeps it away, and so does WSWORKSHOP_WATCHDOG=off from a debugging session.
type watchdog struct {
	w    *World
	t    *testing.T
	quit chan struct{}

	progress int64
	last     string // what the last look saw
	same     int    // looks in a row that saw the same
	still    int    // looks in a row without progress
	looks    int
	mainWas  string
	mainSame int
	printing int
	effort   effort
	clock    clockRuns
}

func watch(t *testing.T, w *World) *watchdog {
	d := &watchdog{w: w, t: t, quit: make(chan struct{}), progress: -1}
	if !w.unwatched && os.Getenv("WSWORKSHOP_WATCHDOG") != "off" {
		go d.run()
	}
	return d
}

func (d *watchdog) stop() { close(d.quit) }

func (d *watchdog) run() {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-d.quit:
			return
		case <-tick.C:
			if main := d.w.me.Load(); main != nil {
				d.look(*main, d.effort.counts(processorTime()))
			}
		}
	}
}

// look takes stacks only when nothing has happened since the last look. counts tells that
// the program has worked meanwhile.
func (d *watchdog) look(main goroutine, counts bool) {
	if counts {
		d.w.lookAround()
		if d.looks++; d.looks%lookAtMain == 0 {
			d.lookAtMain(main)
		}
	}
	if p := d.w.progress.n.Load(); p != d.progress {
		d.progress, d.same, d.still, d.last = p, 0, 0, ""
		d.clock.pause()
		return
	}
	all := inBubble(allGoroutines(), main.bubble)
	if counts {
		d.still++
		d.clock.look(all, main)
	}
	if slices.ContainsFunc(all, prints) && d.printing < looksPrint {
		d.printing++
		d.still = 0
	}
	waiting, active, slow := sortOut(all)
	if len(waiting) > 0 && len(active) == 0 {
		if now := summary(all); now != d.last {
			d.last, d.same = now, 0
		}
		d.same++
		if d.same >= looksIO || d.same >= looksFrozen && !slow {
			d.die(frozen(d.w.withPeers(waiting), d.w.withPeers(all)))
		}
		return
	}
	d.same, d.last = 0, ""
	if d.still >= looksBusy || d.clock.often() && d.clock.caught() {
		d.die(d.unproductive(main, active, all))
	}
}

// unproductive tells what keeps a bubble going in which nothing happens.
func (d *watchdog) unproductive(main goroutine, active, all []goroutine) failure {
	for _, g := range all {
		if g.id == main.id && g.durable && callsCode(g) {
			return stuckCall(g, d.w.withPeers(all))
		}
	}
	if w := d.clock.waker(); w != nil {
		like := filter(all, func(g *goroutine) bool { return g.isCode() && g.root() == w.last.root() })
		return sleepless(w.last, len(like), d.w.progress.passing())
	}
	return busy(active, all)
}

// sortOut finds those whose waiting stops the clock, and those who may still do something.
// slow tells that the kernel is asked.
func sortOut(all []goroutine) (waiting, active []goroutine, slow bool) {
	for _, g := range all {
		switch {
		case g.durable || strings.HasPrefix(g.state, "synctest."):
		case prints(g):
			active = append(active, g)
		case g.state == "IO wait" || g.state == "syscall":
			waiting, slow = append(waiting, g), true
		case slices.Contains(stopping, g.state):
			waiting = append(waiting, g)
		default:
			active = append(active, g)
		}
	}
	return waiting, active, slow
}

// stopping are states of waiting that a bubble does not take for durable.
var stopping = []string{
	"sync.Mutex.Lock", "sync.RWMutex.RLock", "sync.RWMutex.Lock", "semacquire",
	"chan receive", "chan send", "select", "sync.WaitGroup.Wait",
}

// prints tells whether a goroutine writes to a file or to the test's output, which takes as
// long as whoever reads it.
func prints(g goroutine) bool {
	return slices.ContainsFunc(g.frames, func(f place) bool { return f.Func == "os.(*File).Write" })
}

func summary(all []goroutine) string {
	var b strings.Builder
	for _, g := range all {
		fmt.Fprintf(&b, "%d %s %d;", g.id, g.state, len(g.frames))
	}
	return b.String()
}

// lookAtMain finds a test that waits for ever in a call of the code under test while the
// clock runs on, as tickers make it do.
func (d *watchdog) lookAtMain(main goroutine) {
	now := ""
	all := inBubble(allGoroutines(), main.bubble)
	for _, g := range all {
		if g.id == main.id && g.durable && callsCode(g) {
			now = fmt.Sprint(g.frames)
			main = g
		}
	}
	if now == "" || now != d.mainWas {
		d.mainWas, d.mainSame = now, 0
		return
	}
	if d.mainSame++; d.mainSame >= looksMain {
		d.die(stuckCall(main, d.w.withPeers(all)))
	}
}

// callsCode tells whether the innermost frame that is no library's is code under test.
func callsCode(g goroutine) bool {
	for _, f := range g.frames {
		if who := ownerOf(f.Func, f.File); who != ownLibrary {
			return who == ownCode
		}
		if packageOf(f.Func) == thisPackage {
			return false
		}
	}
	return false
}

// die reports f, unless the test has failed already, and ends the process.
func (d *watchdog) die(f failure) {
	at := d.w.mainPlace()
	f.File, f.Line, f.Late = at.File, at.Line, d.w.cleaning.Load()
	d.w.mu.Lock()
	if d.w.failure == nil {
		if graded() {
			fmt.Printf("\n\x16=== ATTR  %s %s %s\n", d.t.Name(), attrFailure, f.encode(&d.w.line))
		} else {
			f.Timeline = d.w.line.text(timelineLines, focus{})
			fmt.Printf("\n--- FAIL: %s\n%s", d.t.Name(), f.human())
		}
	}
	os.Exit(exitFrozen)
}
