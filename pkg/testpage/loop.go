package testpage

import (
	"sync"
	"time"

	"github.com/grafana/sobek"

	"wsworkshop/pkg/testclient"
)

// loop is a page's event loop: one goroutine that owns the script's engine and does one task
// after another, among them the timers that are due.
type loop struct {
	t    *tab
	vm   *sobek.Runtime
	spin spin

	timers timers   // the loop's
	watch  []*watch // the loop's
	lost   []*sobek.Promise
	done   chan struct{}      // to be closed at the end of this task
	sender []testclient.Place // where the page last asked for something, when it does so too often
	turns  int                // tasks at this instant; the loop's
	at     time.Duration      // the instant

	mu    sync.Mutex // guards what follows
	queue []func()
	over  bool // takes no more tasks

	wake  chan struct{} // something is in queue, or over has changed
	ended chan struct{} // closed at the end of run
}

func newLoop(t *tab) *loop {
	l := &loop{t: t, vm: sobek.New(), wake: make(chan struct{}, 1), ended: make(chan struct{})}
	l.spin.vm = l.vm
	go l.run()
	return l
}

// post has the loop do a task. It tells whether it will.
func (l *loop) post(task func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return false
	}
	l.queue = append(l.queue, task)
	l.nudge()
	return true
}

func (l *loop) nudge() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// stop has the loop do no further task.
func (l *loop) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
	l.queue = nil
	l.nudge()
}

// end stops the loop and waits for its end.
func (l *loop) end() {
	l.stop()
	<-l.ended
}

func (l *loop) run() {
	defer close(l.ended)
	for {
		task, wait, over := l.next()
		switch {
		case over:
			return
		case task != nil:
			l.turn(task)
		case wait == forever:
			<-l.wake
		default:
			timer := time.NewTimer(wait)
			select {
			case <-l.wake:
			case <-timer.C:
			}
			timer.Stop()
		}
	}
}

// next returns a task, or how long there is none.
func (l *loop) next() (task func(), wait time.Duration, over bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return nil, 0, true
	}
	if len(l.queue) > 0 {
		task = l.queue[0]
		l.queue = l.queue[1:]
		return task, 0, false
	}
	task, wait = l.timers.next(l.t.w.Elapsed())
	return task, wait, false
}

// mostTurns is how many tasks a page may do without any time passing.
const mostTurns = 3_000

// turn does a task, and then looks whether what the test waits for has come true.
func (l *loop) turn(task func()) {
	if now := l.t.w.Elapsed(); now != l.at {
		l.at, l.turns = now, 0
	}
	if l.turns++; l.turns > mostTurns {
		l.t.fault(testclient.VerdictFrozen, "the page is never done: it has done 3,000 things one after another, and no time has "+
			"passed.\nDoes each message bring forth another?", l.sender)
		return
	}
	l.spin.begin()
	task()
	l.rejections()
	l.look()
	l.spin.end()
	if l.done != nil {
		close(l.done)
		l.done = nil
	}
}

// asks notes from where the script asks the world for something, once it is about to do so
// too often.
func (l *loop) asks() {
	if l.turns > mostTurns-10 {
		l.sender = l.t.places(l.vm.CaptureCallStack(0, nil))
	}
}
