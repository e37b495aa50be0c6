package testclient_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "wsworkshop/pkg/testclient"
)

// TestTryReturnsWhatRunWouldReport has each kind of failure that does not end the process.
func TestTryReturnsWhatRunWouldReport(t *testing.T) {
	for name, c := range map[string]struct {
		test          func(w *World)
		verdict, says string
	}{
		"expectation": {func(w *World) { ana(w, say("hi")).ExpectText("ho") }, VerdictWrong, `ana got "hi", want "ho"`},
		"testify":     {func(w *World) { require.Equal(w, 1, 2) }, VerdictWrong, "got 2, want 1"},
		"goes on": {func(w *World) {
			w.Errorf("the first")
			w.Errorf("the second")
		}, VerdictWrong, "the first"},
		"in a rush":      {func(w *World) { w.Rush(2, func(int) { w.Fatalf("too many") }) }, VerdictWrong, "too many"},
		"panic":          {func(*World) { panic("oh") }, VerdictPanic, "panic: oh"},
		"left behind":    {func(*World) { leave() }, VerdictLeak, "a goroutine is left behind"},
		"all that waits": {func(*World) { <-make(chan int) }, VerdictFrozen, "everything waits"},
	} {
		f := Try(t, c.test)
		require.NotNil(t, f, name)
		require.Equal(t, c.verdict, f.Verdict, name)
		require.Contains(t, f.Message, c.says, name)
		require.Contains(t, f.String(), c.says, name)
	}
	require.False(t, t.Failed())
}

func leave() {
	go func() { <-make(chan int) }()
}

// TestTryAgainAndAgain guards that one run leaves nothing to the next.
func TestTryAgainAndAgain(t *testing.T) {
	for seed := range 20 {
		f := Try(t, func(w *World) {
			c := ana(w, say("hi"))
			c.ExpectText("hi")
			w.Sleep(time.Hour)
			if seed%5 == 3 {
				c.Send("lost")
				w.Fatalf("seed %d", seed)
			}
		})
		require.Equal(t, seed%5 == 3, f != nil)
		if f != nil {
			require.Contains(t, f.Timeline, `"lost"`)
		}
	}
}
