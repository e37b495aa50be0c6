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
	// task 12.8: It is the newest.
	r.kept = append(r.kept, dated[T]{time.Now(), what})
	if len(r.kept) > r.size {
		r.kept = r.kept[1:]
	}
	// end task 12.8
}

// list returns what is kept, the newest first. The list is a copy, and never nil.
func (r *recent[T]) list() []T {
	list := []T{}
	// task 12.8: See keepFor.
	for i := len(r.kept) - 1; i >= 0; i-- {
		if r.keepFor > 0 && time.Since(r.kept[i].at) >= r.keepFor {
			break
		}
		list = append(list, r.kept[i].what)
	}
	// end task 12.8
	return list
}
