// Package held knows who waits for the locks of testclient/sync, and which calls took them.
// A failure can then name the holder of a lock, which the runtime's stacks do not tell.
//
// Its memory is hidden from the race detector, as that of these locks is: every function
// that uses it is marked go:norace and uses no map, append or copy, which tell the detector.
package held

import (
	"runtime"
	"sync"
)

// By is the calls that took a lock last, innermost first. It costs a lock 0.3 µs; to ask for
// the goroutine's id would cost it 6 µs.
type By [8]uintptr

// Note keeps the calls that lead to the function skip levels above Note.
//
//go:norace
func (b *By) Note(skip int) {
	n := runtime.Callers(skip+2, b[:])
	for ; n < len(b); n++ {
		b[n] = 0
	}
}

// Wait is a goroutine that waits for a lock.
type Wait struct {
	goroutine  int
	by         *By
	prev, next *Wait
}

var (
	mu    sync.Mutex // guards what follows; held for a few instructions only
	waits Wait       // the head of a list
)

// Begin notes that the calling goroutine waits for the lock that by belongs to.
//
//go:norace
func Begin(by *By) *Wait {
	w := &Wait{goroutine: Goroutine(), by: by, prev: &waits}
	mu.Lock()
	defer mu.Unlock()
	if w.next = waits.next; w.next != nil {
		w.next.prev = w
	}
	waits.next = w
	return w
}

// End notes that the wait is over.
//
//go:norace
func (w *Wait) End() {
	mu.Lock()
	defer mu.Unlock()
	w.prev.next = w.next
	if w.next != nil {
		w.next.prev = w.prev
	}
}

// Holders returns, for the id of each goroutine that waits, the calls that took the lock. They
// may be torn or old while a lock changes hands: compare them with the stacks of the process.
//
//go:norace
func Holders() map[int]By {
	mu.Lock()
	defer mu.Unlock()
	all := map[int]By{}
	for w := waits.next; w != nil; w = w.next {
		all[w.goroutine] = *w.by
	}
	return all
}

// Goroutine returns the calling goroutine's id, which only its stack tells.
//
//go:norace
func Goroutine() int {
	var text [40]byte
	runtime.Stack(text[:], false)
	id := 0
	for _, c := range text[len("goroutine "):] {
		if c < '0' || c > '9' {
			break
		}
		id = 10*id + int(c-'0')
	}
	return id
}
