package metrics

import "time"

// kept is how many seconds a window remembers, beside the one that is now: the fifteen minutes that a
// dashboard shows.
const kept = 15 * 60

// window counts what happened in each of the last seconds: a ring, in which the slot of a second is
// used again when it is older than all that is remembered. Its memory is the same, however much happens. The caller holds a lock.
type window struct {
	slots [kept + 1]slot
}

// slot is what happened in one second.
type slot struct {
	second  int64 // which, counted from the start; the slot may be an old one
	tally   tally
	slowest time.Duration // of the round trips; zero: there was none
}

// at returns the slot of a second that is now, and empty if nothing has happened yet.
func (w *window) at(second int64) *slot {
	s := &w.slots[second%(kept+1)]
	// task 12.7: It is one of few, and is used again and again.
	if s.second != second {
		*s = slot{second: second}
	}
	// end task 12.7
	return s
}

// count notes that something has happened in the second now.
func (w *window) count(now int64, what counted) { w.at(now).tally[what]++ }

// slow notes a round trip.
func (w *window) slow(now int64, took time.Duration) {
	// task 12.10: See slot.
	s := w.at(now)
	s.slowest = max(s.slowest, took)
	// end task 12.10
}

// of returns what happened in a second. It may be now, or any of the last kept ones.
func (w *window) of(second int64) slot {
	if s := w.slots[second%(kept+1)]; s.second == second {
		return s
	}
	return slot{second: second}
}

// last sums up the last so many seconds, the second now included.
func (w *window) last(seconds, now int64) tally {
	var sum tally
	// task 12.7: Add up the tallies of those seconds.
	for second := max(0, now-seconds+1); second <= now; second++ {
		sum.plus(w.of(second).tally)
	}
	// end task 12.7
	return sum
}

// now is the second that it is, counted from the start.
func (m *Metrics) now() int64 { return int64(time.Since(m.Started) / time.Second) }
