package testclient

import "time"

// effort counts looks at a program that works. One that had no processor for at least half
// of the time since the last look that counted has not shown what it would do with it.
type effort struct{ used time.Duration }

// counts takes how long the program has had processors until now, if that is known.
func (e *effort) counts(used time.Duration, known bool) bool {
	if known && used-e.used < lookEvery/2 {
		return false
	}
	e.used = used
	return true
}
