package sync

import "sync"

// What follows never makes a goroutine wait while foreign code runs, or waits in a way
// that a bubble understands: it is the standard library's own.
type (
	// Cond is [sync.Cond].
	Cond = sync.Cond
	// Locker is [sync.Locker].
	Locker = sync.Locker
	// Map is [sync.Map].
	Map = sync.Map
	// Pool is [sync.Pool].
	Pool = sync.Pool
)

// NewCond is [sync.NewCond].
func NewCond(l Locker) *Cond { return sync.NewCond(l) }
