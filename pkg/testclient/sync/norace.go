//go:build !race

package sync

import "unsafe"

// See race.go.

func raceOff()                   {}
func raceOn()                    {}
func raceAcquire(unsafe.Pointer) {}
func raceRelease(unsafe.Pointer) {}
func raceMerge(unsafe.Pointer)   {}
