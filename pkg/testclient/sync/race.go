//go:build race

package sync

import (
	"runtime"
	"unsafe"
)

// The race detector is told what it is told of the standard library's locks, no more: that
// who locks has seen what was done before the last unlock. What these locks do inside is
// hidden from it, or it would take waiting side by side for an order.

func raceOff()                      { runtime.RaceDisable() }
func raceOn()                       { runtime.RaceEnable() }
func raceAcquire(at unsafe.Pointer) { runtime.RaceAcquire(at) }
func raceRelease(at unsafe.Pointer) { runtime.RaceRelease(at) }
func raceMerge(at unsafe.Pointer)   { runtime.RaceReleaseMerge(at) }
