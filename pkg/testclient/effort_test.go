package testclient

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOnlyLooksAtAProgramThatWorksCount(t *testing.T) {
	var e effort
	require.True(t, e.counts(time.Hour, true), "what it did before counts")
	for ms := range 25 {
		require.False(t, e.counts(time.Hour+time.Duration(ms)*time.Millisecond, true), "%d ms since", ms)
	}
	require.True(t, e.counts(time.Hour+25*time.Millisecond, true))
	require.False(t, e.counts(time.Hour+49*time.Millisecond, true), "from there on")
	require.True(t, (&effort{}).counts(0, false), "where nobody knows, a look is a look")
}

func TestAProgramThatGetsNoProcessorDoesNotHang(t *testing.T) {
	w := newWorld()
	d := &watchdog{w: w, t: t}
	inside{w}.Watch(func() { t.Error("somebody looked at it") })
	for range 10 * looksBusy {
		d.look(goroutine{id: -1, bubble: -1}, false) // would end this process
	}
	require.Zero(t, d.still)
}
