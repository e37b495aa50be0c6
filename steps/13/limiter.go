package chat

import (
	"sync"
	"time"
)

// Limiter admits, for each client, at most so many events in any window of time: a sliding
// window, in which an event counts for exactly one window from when it happened. What it
// refuses does not count. It runs nothing of its own and is safe for concurrent use.
type Limiter struct {
	limit  int
	window time.Duration
	start  time.Time // times are kept as what has passed since, by the monotonic clock

	mu      sync.Mutex
	records map[string]*record // by client id
	swept   time.Duration      // when forget last looked through records
}

// record is when a client's latest events were admitted: a ring of at most limit times.
type record struct {
	times []time.Duration
	next  int // once times is full: the oldest, which the next replaces
}

// NewLimiter returns a Limiter that admits limit events in any window. A limit of zero or
// less is none: it admits everything.
func NewLimiter(limit int, window time.Duration) *Limiter {
	return &Limiter{limit: limit, window: window, start: time.Now(), records: map[string]*record{}}
}

// Allow admits an event of a client now, or tells how long the client must wait at least
// until one will be admitted: more than zero, and at most the window.
func (l *Limiter) Allow(clientID string) (wait time.Duration, ok bool) {
	if l.limit <= 0 {
		return 0, true
	}
	// task 6.1: Forget, then admit an event of the client's record now. Many goroutines may do
	// so at once.
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Since(l.start)
	l.forget(now)
	return l.admit(l.recordOf(clientID), now)
	// end task 6.1
}

// admit is Allow for one client's record. The caller holds l.mu.
func (l *Limiter) admit(r *record, now time.Duration) (wait time.Duration, ok bool) {
	// task 6.1: If fewer than l.limit of the events in r count at now, admit this one and
	// note it. Otherwise refuse it: wait is what l.until says, and r stays as it is.
	if len(r.times) < l.limit {
		r.times = append(r.times, now)
		return 0, true
	}
	if now-r.oldest() < l.window {
		return l.until(r, now), false
	}
	r.times[r.next] = now
	r.next = (r.next + 1) % l.limit
	return 0, true
	// end task 6.1
}

// until is how long a client with a full record must wait. The caller holds l.mu.
func (l *Limiter) until(r *record, now time.Duration) time.Duration {
	// task 6.2: Return how long it is until one event of r counts no more.
	return r.oldest() + l.window - now
	// end task 6.2
}

// recordOf returns the record of a client, a new one if need be. The caller holds l.mu.
func (l *Limiter) recordOf(clientID string) *record {
	// task 6.4: Keep a record for each client, not one for all.
	// end task 6.4
	r := l.records[clientID]
	if r == nil {
		r = &record{}
		l.records[clientID] = r
	}
	return r
}

// forget drops the records of those who have been quiet for a window: they are as good as
// new. It looks through all of them once in a window and not at every event, so that what
// it costs is spread over what happens in a window. The caller holds l.mu.
func (l *Limiter) forget(now time.Duration) {
	// task 6.7: Find those records and delete them, once a window.
	if now-l.swept < l.window {
		return
	}
	l.swept = now
	for id, r := range l.records {
		if len(r.times) == 0 || now-r.latest() >= l.window {
			delete(l.records, id)
		}
	}
	// end task 6.7
}

// oldest is when the first event that r still knows was admitted, of one at least.
func (r *record) oldest() time.Duration { return r.times[r.next] }

// latest is when the last event was admitted, of one at least.
func (r *record) latest() time.Duration {
	if r.next > 0 {
		return r.times[r.next-1]
	}
	return r.times[len(r.times)-1]
}
