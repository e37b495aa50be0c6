package metrics

import "time"

// recent keeps the latest of something, at most size of them, each for as long as keepFor; zero means
// for ever. The caller holds a lock.
type recent[T any] struct {
	size    int
	keepFor time.Duration
	kept    []dated[T] // the oldest first
}

type dated[T any] struct {
	at   time.Time
	what T
}

// add keeps what happens now.
func (r *recent[T]) add(what T) {
	// TODO(12.8): It is the newest.
	_ = what // placeholder: nothing is kept
}

// list returns what is kept, the newest first. The list is a copy, and never nil.
func (r *recent[T]) list() []T {
	list := []T{}
	// TODO(12.8): See keepFor.
	return list
}
