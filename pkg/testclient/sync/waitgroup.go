package sync

import "sync"

// WaitGroup is a [sync.WaitGroup] that the race detector sees. The standard library hides its
// own calls from it, and with them the line that called: a report of Add against Wait would
// not have the lines that a reader looks for. That takes two calls here, neither inlined.
type WaitGroup struct{ group sync.WaitGroup }

// Add adds delta, which may be negative, to the counter.
//
//go:noinline
func (wg *WaitGroup) Add(delta int) { wg.add(delta) }

// Done takes one from the counter.
//
//go:noinline
func (wg *WaitGroup) Done() { wg.add(-1) }

// Wait waits until the counter is zero.
//
//go:noinline
func (wg *WaitGroup) Wait() { wg.wait() }

// Go calls f in a new goroutine and counts it until f returns. f must not panic.
//
//go:noinline
func (wg *WaitGroup) Go(f func()) { wg.start(f) }

//go:noinline
func (wg *WaitGroup) add(delta int) { wg.group.Add(delta) }

//go:noinline
func (wg *WaitGroup) wait() { wg.group.Wait() }

//go:noinline
func (wg *WaitGroup) start(f func()) { wg.group.Go(f) }
