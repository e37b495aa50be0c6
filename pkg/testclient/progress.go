package testclient

import "sync/atomic"

// progress is a number that grows while something happens. It is a place where all
// goroutines meet, and the race detector must not take that for an order; see race.go.
type progress struct{ n atomic.Int64 }

// grow does nothing for a nil progress.
//
//go:norace
func (p *progress) grow() {
	if p == nil {
		return
	}
	raceOff()
	p.n.Add(1)
	raceOn()
}
