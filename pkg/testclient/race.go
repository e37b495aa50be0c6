//go:build race

package testclient

import (
	"runtime"
	"unsafe"
)

// The race detector takes every lock for an order between those who take it. The virtual
// network and the record of events have locks that all connections share, and life has not:
// with them in sight, two handlers that use the same memory seem to take turns, and most
// races go unseen. So these locks are hidden from it, and it is told what a kernel promises:
// what was written before is seen by whoever reads it.

// raceOff hides what the calling goroutine locks and unlocks, until raceOn. Functions that
// use memory under a lock that is hidden are marked go:norace.
func raceOff() { runtime.RaceDisable() }

func raceOn() { runtime.RaceEnable() }

// raceSent tells that what the goroutine has done so far is seen by whoever calls raceGot.
func raceSent(at unsafe.Pointer) { runtime.RaceReleaseMerge(at) }

func raceGot(at unsafe.Pointer) { runtime.RaceAcquire(at) }
