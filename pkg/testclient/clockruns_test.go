package testclient

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhoIsNeverSeenAtWorkKeepsTheClockRunningToo(t *testing.T) {
	main := goroutine{id: 1, durable: true}
	clock := goroutine{id: 2, frames: []place{{Func: "internal/synctest.Run"}}}
	sweep := goroutine{id: 3, durable: true, frames: []place{{Func: "example.org/chat.(*Limiter).sweep"}}, creator: place{Func: "example.org/chat.NewLimiter"}}
	reads := goroutine{id: 4, durable: true, frames: []place{{Func: thisPackage + ".(*pipe).read"}, {Func: "example.org/chat.(*client).read"}}, creator: place{Func: "example.org/chat.(*Server).serve"}}
	var c clockRuns
	c.look([]goroutine{main, sweep, reads}, main)
	require.Nil(t, c.waker(), "the clock stood still")
	c.look([]goroutine{main, clock, sweep, reads}, main)
	require.Equal(t, sweep.id, c.waker().last.id, "who waits in code of its own, and not for the network")
	require.False(t, c.caught())
	sweep.durable = false
	c.look([]goroutine{main, sweep, reads}, main)
	require.True(t, c.caught())
}
