// Package sync stands in for the standard library's sync in code that runs in a
// [testing/synctest] bubble.
//
// In a bubble time moves on only while every goroutine is durably blocked, and waiting
// for a standard [sync.Mutex] does not count as that. A server that holds a lock of one
// connection during a write with a deadline is sound, yet in a bubble its clock stops for
// ever: the writer waits for time to pass, and time waits for the one who wants the lock.
// Here Mutex, RWMutex and Once wait on a [sync.Cond], which does count; all else is the
// standard library's own. Build with this package in place of "sync" (go build -overlay
// can do so without touching the source) and such a server behaves as it does in life.
//
// The types behave as the standard ones do: the zero values work, a waiting writer keeps
// new readers out, unlocking what is not locked ends the process. To unlock is
// to let others run first, so that a gap between two critical sections shows. They are
// slower, which no test should notice.
package sync
