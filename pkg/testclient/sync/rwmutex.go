package sync

import (
	"runtime"
	"sync"
	"unsafe"

	"wsworkshop/pkg/testclient/internal/held"
)

// RWMutex is a [sync.RWMutex] whose waiting lets a bubble's clock go on. The zero value is
// unlocked. It must not be copied after first use.
//
// A writer that waits keeps new readers out; readers that waited for a writer go before
// the next one.
type RWMutex struct {
	mu      sync.Mutex // guards what follows; held for a few instructions only
	readers int        // holding the lock
	writing bool
	by      held.By // the calls that locked it last, for reading or writing
	writers int     // waiting in Lock
	queued  int     // waiting in RLock
	round   uint64  // grows when those in queued are let in
	wake    sync.Cond
}

// RLock locks rw for reading, waiting for writers that hold it or came earlier.
func (rw *RWMutex) RLock() {
	rw.rlock()
	raceAcquire(rw.unlocked())
}

//go:norace
func (rw *RWMutex) rlock() {
	rw.enter()
	defer rw.leave()
	if !rw.writing && rw.writers == 0 {
		rw.readers++
		rw.by.Note(2)
		return
	}
	rw.queued++
	w := held.Begin(&rw.by)
	for round := rw.round; rw.round == round; {
		rw.wake.Wait()
	}
	w.End()
	rw.by.Note(2)
}

// TryRLock locks rw for reading if that needs no waiting, and tells whether it did.
func (rw *RWMutex) TryRLock() bool {
	ok := rw.tryRLock()
	if ok {
		raceAcquire(rw.unlocked())
	}
	return ok
}

//go:norace
func (rw *RWMutex) tryRLock() bool {
	rw.enter()
	defer rw.leave()
	if rw.writing || rw.writers > 0 {
		return false
	}
	rw.readers++
	rw.by.Note(2)
	return true
}

// RUnlock undoes one RLock. The process ends if rw is not locked for reading.
func (rw *RWMutex) RUnlock() {
	raceMerge(rw.runlocked())
	rw.runlock()
	runtime.Gosched() // see Mutex.Unlock
}

//go:norace
func (rw *RWMutex) runlock() {
	rw.enter()
	defer rw.leave()
	if rw.readers == 0 {
		new(sync.RWMutex).RUnlock() // the standard library's own fatal error
	}
	rw.readers--
	if rw.readers == 0 {
		rw.wake.Broadcast()
	}
}

// Lock locks rw for writing, waiting until nobody holds it.
func (rw *RWMutex) Lock() {
	rw.lock()
	raceAcquire(rw.unlocked())
	raceAcquire(rw.runlocked())
}

//go:norace
func (rw *RWMutex) lock() {
	rw.enter()
	defer rw.leave()
	if rw.writing || rw.readers > 0 {
		rw.await()
	}
	rw.writing = true
	rw.by.Note(2)
}

// await waits, as a writer, until nobody holds the lock.
//
//go:norace
func (rw *RWMutex) await() {
	rw.writers++
	w := held.Begin(&rw.by)
	for rw.writing || rw.readers > 0 {
		rw.wake.Wait()
	}
	w.End()
	rw.writers--
}

// TryLock locks rw for writing if nobody holds it, and tells whether it did.
func (rw *RWMutex) TryLock() bool {
	ok := rw.tryLock()
	if ok {
		raceAcquire(rw.unlocked())
		raceAcquire(rw.runlocked())
	}
	return ok
}

//go:norace
func (rw *RWMutex) tryLock() bool {
	rw.enter()
	defer rw.leave()
	if rw.writing || rw.readers > 0 {
		return false
	}
	rw.writing = true
	rw.by.Note(2)
	return true
}

// Unlock undoes Lock. The process ends if rw is not locked for writing.
func (rw *RWMutex) Unlock() {
	raceRelease(rw.unlocked())
	rw.unlock()
	runtime.Gosched() // see Mutex.Unlock
}

//go:norace
func (rw *RWMutex) unlock() {
	rw.enter()
	defer rw.leave()
	if !rw.writing {
		new(sync.RWMutex).Unlock() // the standard library's own fatal error
	}
	rw.writing = false
	rw.readers += rw.queued
	rw.queued = 0
	rw.round++
	rw.wake.Broadcast()
}

//go:norace
func (rw *RWMutex) enter() {
	raceOff()
	rw.mu.Lock()
	rw.wake.L = &rw.mu
}

//go:norace
func (rw *RWMutex) leave() {
	rw.mu.Unlock()
	raceOn()
}

// unlocked and runlocked are what the race detector is told of Unlock and RUnlock by.
func (rw *RWMutex) unlocked() unsafe.Pointer  { return unsafe.Pointer(&rw.writing) }
func (rw *RWMutex) runlocked() unsafe.Pointer { return unsafe.Pointer(&rw.readers) }

// RLocker returns a [Locker] whose Lock and Unlock are RLock and RUnlock of rw.
func (rw *RWMutex) RLocker() Locker { return rlocker{rw} }

type rlocker struct{ rw *RWMutex }

func (r rlocker) Lock()   { r.rw.RLock() }
func (r rlocker) Unlock() { r.rw.RUnlock() }
