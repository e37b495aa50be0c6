package testclient_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "wsworkshop/pkg/testclient"
)

func TestGoroutinesOfOneBubble(t *testing.T) {
	stop := make(chan struct{})
	defer close(stop)
	go func() { <-stop }() // is outside
	Run(t, func(w *World) {
		before := w.Goroutines()
		end := make(chan struct{})
		for range 3 {
			go func() { <-end }()
		}
		w.Settle()
		require.Equal(w, before+3, w.Goroutines())
		close(end)
		w.Settle()
		require.Equal(w, before, w.Goroutines())
	})
}

// TestLoggerWithHook has time pass at a log line, before the record is kept.
func TestLoggerWithHook(t *testing.T) {
	Run(t, func(w *World) {
		var seen []string
		log := w.LoggerWith(func(r Record) {
			seen = append(seen, r.String())
			w.Sleep(time.Minute)
			require.Len(w, w.Logs().Records(), len(seen)-1)
		})
		log.Info("one")
		log.With("client", "ana").WithGroup("room").Info("two", "id", "den")
		require.Equal(w, []string{`INFO "one"`, `INFO "two" client=ana room.id=den`}, seen)
		require.Equal(w, 2*time.Minute, w.Elapsed())
		require.Equal(w, `INFO "two" client=ana room.id=den`, w.Logs().Records()[1].String())
	})
}
