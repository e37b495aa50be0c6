package sync

import (
	"runtime"
	"sync"
	"unsafe"

	"wsworkshop/pkg/testclient/internal/held"
)

// Mutex is a [sync.Mutex] whose waiting lets a bubble's clock go on. The zero value is an
// unlocked mutex. It must not be copied after first use.
//
// An Unlock hands the lock to the goroutine that has waited longest.
type Mutex struct {
	mu      sync.Mutex // guards what follows; held for a few instructions only
	locked  bool
	by      held.By   // the calls that locked it last
	waiting int       // goroutines in Lock that have not been handed the lock
	handed  int       // goroutines that were handed the lock and have not woken yet
	wake    sync.Cond // its L is &mu from the first wait on
}

// Lock locks m, waiting until it is free.
func (m *Mutex) Lock() {
	m.lock()
	raceAcquire(unsafe.Pointer(&m.handed))
}

//go:norace
func (m *Mutex) lock() {
	raceOff()
	defer raceOn()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.locked {
		m.await()
	}
	m.locked = true
	m.by.Note(2)
}

// await waits until an Unlock hands the lock over.
//
//go:norace
func (m *Mutex) await() {
	m.wake.L = &m.mu
	m.waiting++
	w := held.Begin(&m.by)
	for m.handed == 0 {
		m.wake.Wait()
	}
	w.End()
	m.handed--
}

// TryLock locks m if it is free, and tells whether it did.
func (m *Mutex) TryLock() bool {
	ok := m.tryLock()
	if ok {
		raceAcquire(unsafe.Pointer(&m.handed))
	}
	return ok
}

//go:norace
func (m *Mutex) tryLock() bool {
	raceOff()
	defer raceOn()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.locked {
		return false
	}
	m.locked = true
	m.by.Note(2)
	return true
}

// Unlock unlocks m, and lets other goroutines run before it returns: what is checked under
// one lock and done under the next meets its rival here, not once in a million times. As
// with a [sync.Mutex], the process ends if m is not locked.
func (m *Mutex) Unlock() {
	raceRelease(unsafe.Pointer(&m.handed))
	m.unlock()
	runtime.Gosched()
}

//go:norace
func (m *Mutex) unlock() {
	raceOff()
	defer raceOn()
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.locked {
		new(sync.Mutex).Unlock() // the standard library's own fatal error
	}
	if m.waiting == 0 {
		m.locked = false
		return
	}
	m.waiting--
	m.handed++
	m.wake.Signal()
}
