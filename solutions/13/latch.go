package chat

import "sync"

// latch is a reason why a server should get no new clients. It ends later than it begins: otherwise one
// client that comes and goes would switch the server on and off.
type latch struct {
	begins int // when a number is this, or more; zero means never
	ends   int // and when it is this, or less
	on     bool
}

// set notes what the number is now.
func (l *latch) set(n int) {
	// task 12.9: See begins and ends.
	switch {
	case l.begins == 0:
	case n >= l.begins:
		l.on = true
	case n <= l.ends:
		l.on = false
	}
	// end task 12.9
}

// newFull is on from most clients on, until they are no longer near that.
func newFull(most int) latch {
	// task 12.9: See isNear.
	l := latch{begins: most, ends: most}
	for l.ends > 0 && isNear(l.ends, most) {
		l.ends--
	}
	return l
	// end task 12.9
}

// isNear tells whether n clients are 90 % of most, or more.
func isNear(n, most int) bool {
	// task 12.9: Zero means no limit.
	return most > 0 && n*10 >= most*9
	// end task 12.9
}

// failing is on when there are too many failures in a minute, and until there are half as many.
type failing struct {
	mu sync.Mutex
	latch
}

func newFailing(most int) failing {
	if most == 0 {
		return failing{}
	}
	return failing{latch: latch{begins: most + 1, ends: most / 2}}
}

// isOn tells whether there are too many failures now.
func (f *failing) isOn(lately func() int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	// task 12.9: lately knows how many there are.
	f.set(lately())
	// end task 12.9
	return f.on
}

// note has one more failure counted.
func (f *failing) note(count func(), lately func() int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	// task 12.9: The number has risen, and may have fallen since somebody looked.
	f.set(lately())
	count()
	f.set(lately())
	// end task 12.9
}
