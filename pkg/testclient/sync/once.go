package sync

import "sync/atomic"

// Once is a [sync.Once] whose waiting lets a bubble's clock go on. The zero value is ready.
// It must not be copied after first use.
type Once struct {
	done atomic.Bool
	m    Mutex
}

// Do calls f the first time Do is called, and no more. Who comes meanwhile waits.
// A call that panics counts.
func (o *Once) Do(f func()) {
	if o.done.Load() {
		return
	}
	o.m.Lock()
	defer o.m.Unlock()
	if !o.done.Load() {
		defer o.done.Store(true)
		f()
	}
}

// OnceFunc returns a function that calls f once. If f panics, so does every call.
func OnceFunc(f func()) func() {
	call := OnceValue(func() struct{} { f(); return struct{}{} })
	return func() { call() }
}

// OnceValue returns a function that calls f once and returns its value every time. If f
// panics, so does every call.
func OnceValue[T any](f func() T) func() T {
	call := OnceValues(func() (T, struct{}) { return f(), struct{}{} })
	return func() T {
		v, _ := call()
		return v
	}
}

// OnceValues is [OnceValue] for functions with two results.
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) {
	var (
		once   Once
		r1     T1
		r2     T2
		ended  bool
		reason any
	)
	first := func() {
		defer func() {
			if !ended {
				reason = recover()
				panic(reason) // with the first caller's stack
			}
		}()
		r1, r2 = f()
		f = nil // f may hold much; it is not needed again
		ended = true
	}
	return func() (T1, T2) {
		once.Do(first)
		if !ended {
			panic(reason)
		}
		return r1, r2
	}
}
