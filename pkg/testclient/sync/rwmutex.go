package sync

import (
	"runtime"
	"sync"
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
	writers int    // waiting in Lock
	queued  int    // waiting in RLock
	round   uint64 // grows when those in queued are let in
	wake    sync.Cond
}

// RLock locks rw for reading, waiting for writers that hold it or came earlier.
func (rw *RWMutex) RLock() {
	rw.mu.Lock()
	defer rw.mu.Unlock()
	if !rw.writing && rw.writers == 0 {
		rw.readers++
		return
	}
	rw.wake.L = &rw.mu
	rw.queued++
	for round := rw.round; rw.round == round; {
		rw.wake.Wait()
	}
}

// TryRLock locks rw for reading if that needs no waiting, and tells whether it did.
func (rw *RWMutex) TryRLock() bool {
	rw.mu.Lock()
	defer rw.mu.Unlock()
	if rw.writing || rw.writers > 0 {
		return false
	}
	rw.readers++
	return true
}

// RUnlock undoes one RLock. The process ends if rw is not locked for reading.
func (rw *RWMutex) RUnlock() {
	rw.runlock()
	runtime.Gosched() // see Mutex.Unlock
}

func (rw *RWMutex) runlock() {
	rw.mu.Lock()
	defer rw.mu.Unlock()
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
	rw.mu.Lock()
	defer rw.mu.Unlock()
	rw.wake.L = &rw.mu
	rw.writers++
	for rw.writing || rw.readers > 0 {
		rw.wake.Wait()
	}
	rw.writers--
	rw.writing = true
}

// TryLock locks rw for writing if nobody holds it, and tells whether it did.
func (rw *RWMutex) TryLock() bool {
	rw.mu.Lock()
	defer rw.mu.Unlock()
	if rw.writing || rw.readers > 0 {
		return false
	}
	rw.writing = true
	return true
}

// Unlock undoes Lock. The process ends if rw is not locked for writing.
func (rw *RWMutex) Unlock() {
	rw.unlock()
	runtime.Gosched() // see Mutex.Unlock
}

func (rw *RWMutex) unlock() {
	rw.mu.Lock()
	defer rw.mu.Unlock()
	if !rw.writing {
		new(sync.RWMutex).Unlock() // the standard library's own fatal error
	}
	rw.writing = false
	rw.readers += rw.queued
	rw.queued = 0
	rw.round++
	rw.wake.Broadcast()
}

// RLocker returns a [Locker] whose Lock and Unlock are RLock and RUnlock of rw.
func (rw *RWMutex) RLocker() Locker { return rlocker{rw} }

type rlocker struct{ rw *RWMutex }

func (r rlocker) Lock()   { r.rw.RLock() }
func (r rlocker) Unlock() { r.rw.RUnlock() }
