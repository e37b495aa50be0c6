package faulty

import "sync"

// Ledger holds its lock while it waits for others. NewLedger makes one.
type Ledger struct {
	Mu    sync.Locker
	pages chan int // nobody receives
	never chan struct{}
}

// NewLedger returns a Ledger that uses mu.
func NewLedger(mu sync.Locker) *Ledger {
	return &Ledger{mu, make(chan int), make(chan struct{})}
}

// Post takes the lock by way of another method.
func (l *Ledger) Post() {
	l.lock()
	defer l.Mu.Unlock()
	l.send(1)
}

func (l *Ledger) lock() { l.Mu.Lock() }

func (l *Ledger) send(page int) {
	select {
	case l.pages <- page:
	case <-l.never:
	}
}

// Receive is idle: it waits for what may come.
func (l *Ledger) Receive(more chan int) {
	select {
	case <-more:
	case page := <-more:
		_ = page
	}
}

// Size needs the lock.
func (l *Ledger) Size() int {
	l.Mu.Lock()
	defer l.Mu.Unlock()
	return len(l.pages)
}

// Audit holds the lock that Size needs.
func (l *Ledger) Audit() int {
	l.Mu.Lock()
	defer l.Mu.Unlock()
	return l.Size()
}

// Copy reads another ledger under its own lock.
func (l *Ledger) Copy(from *Ledger) int {
	l.Mu.Lock()
	defer l.Mu.Unlock()
	return from.Size()
}
