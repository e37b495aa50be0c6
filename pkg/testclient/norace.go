//go:build !race

package testclient

import "unsafe"

// See race.go.

func raceOff()                {}
func raceOn()                 {}
func raceSent(unsafe.Pointer) {}
func raceGot(unsafe.Pointer)  {}
