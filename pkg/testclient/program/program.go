// Package program is for packages that run a program of another kind in a
// [testclient.World], as testpage runs a page's script. Tests do not need it.
package program

import (
	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testclient/internal/hooks"
)

// Fault is what is wrong with a program.
type Fault struct {
	Verdict string // testclient.VerdictWrong, if empty
	Message string
	Who     string             // the client that it is about, if it is about one
	At      []testclient.Place // in the code under test, innermost first
}

// inside is what hooks.Inside returns.
type inside interface {
	Blame(verdict, message, who string, at []testclient.Place)
	Watch(look func())
	CheckStopped()
}

func of(w *testclient.World) inside { return hooks.Inside(w).(inside) }

// Blame fails the test, which then ends with the next call that it makes.
func Blame(w *testclient.World, f Fault) {
	if f.Verdict == "" {
		f.Verdict = testclient.VerdictWrong
	}
	of(w).Blame(f.Verdict, f.Message, f.Who, f.At)
}

// Watch has look called outside of the bubble, in real time, until the test is over: what
// never waits in virtual time can only be seen, and stopped, from there. It is called twenty
// times a second while the program works, and less often while others have the processors.
// look must return quickly, and may use atomics and locks that nobody holds for long.
func Watch(w *testclient.World, look func()) { of(w).Watch(look) }

// CheckStopped ends the test if it has failed in another goroutine. All that waits or
// expects does so; it is for what is built on top.
func CheckStopped(w *testclient.World) { of(w).CheckStopped() }
