package testclient

import (
	"sync/atomic"
	"time"
)

// progress is a number that grows while something happens. It is a place where all
// goroutines meet, and the race detector must not take that for an order; see race.go.
type progress struct {
	n    atomic.Int64
	wait atomic.Int64 // how long, in virtual time, the last who began to wait does so
}

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

// lets notes that somebody waits for d to pass.
//
//go:norace
func (p *progress) lets(d time.Duration) {
	raceOff()
	p.wait.Store(int64(d))
	raceOn()
}

// passing is what lets was told last.
func (p *progress) passing() time.Duration { return time.Duration(p.wait.Load()) }
