package testpage

import (
	"math"
	"slices"
	"time"

	"github.com/grafana/sobek"
)

// forever is how long there is nothing to do when no timer is set.
const forever = time.Duration(math.MaxInt64)

// timer is what setTimeout or setInterval set.
type timer struct {
	id     int64
	due    time.Duration
	nested int // set by a timer that was set by a timer …
	fire   func()
}

// timers are sorted by when they are due; what is due at one instant fires in the order in
// which it was set.
type timers struct {
	last int64
	list []*timer
}

func (ts *timers) add(t *timer) {
	at, _ := slices.BinarySearchFunc(ts.list, t.due, func(have *timer, due time.Duration) int {
		if have.due <= due {
			return -1
		}
		return 1
	})
	ts.list = slices.Insert(ts.list, at, t)
}

func (ts *timers) clear(id int64) {
	ts.list = slices.DeleteFunc(ts.list, func(t *timer) bool { return t.id == id })
}

// next takes the first timer that is due, or tells how long there is none.
func (ts *timers) next(now time.Duration) (task func(), wait time.Duration) {
	if len(ts.list) == 0 {
		return nil, forever
	}
	t := ts.list[0]
	if t.due > now {
		return nil, t.due - now
	}
	ts.list = ts.list[1:]
	return t.fire, 0
}

// Timers that timers set again and again wait at least so long from a depth on, says the
// HTML standard.
const (
	nestingClamped = 5
	nestedLeast    = 4 * time.Millisecond
)

// setTimer is setTimeout and setInterval.
func (t *tab) setTimer(call sobek.FunctionCall, repeat bool) sobek.Value {
	ts := &t.loop.timers
	ts.last++
	id := t.loop.vm.ToValue(ts.last)
	handler, ok := sobek.AssertFunction(call.Argument(0))
	if !ok {
		t.w.NoteBy(t.link.Name(), "(a timer got %s, not a function: it will call nothing)", call.Argument(0))
		return id
	}
	var args []sobek.Value
	if len(call.Arguments) > 2 {
		args = slices.Clone(call.Arguments[2:])
	}
	t.arm(&timer{id: ts.last, nested: t.nested + 1}, delay(call.Argument(1)), repeat, func() {
		if _, err := handler(sobek.Undefined(), args...); err != nil {
			t.uncaught(theScript, err)
		}
	})
	return id
}

// arm has a timer fire after d, and again if it repeats.
func (t *tab) arm(tm *timer, d time.Duration, repeat bool, handler func()) {
	if tm.nested > nestingClamped {
		d = max(d, nestedLeast)
	}
	tm.due = t.w.Elapsed() + d
	tm.fire = func() {
		t.nested = tm.nested
		defer func() { t.nested = 0 }()
		if repeat {
			tm.nested++
			t.arm(tm, d, true, handler) // before the handler, which may clear it
		}
		handler()
	}
	t.loop.timers.add(tm)
}

// delay reads a delay in milliseconds: whole ones, as the HTML standard has them.
func delay(v sobek.Value) time.Duration {
	ms := v.ToFloat()
	if math.IsNaN(ms) || ms < 0 || ms > math.MaxInt32 {
		ms = 0
	}
	return time.Duration(ms) * time.Millisecond
}
