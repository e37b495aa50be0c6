//go:build race

package sync_test

import (
	"os"
	"os/exec"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient/sync"
)

// TestTheRaceDetectorNamesAddAndWait runs itself in a process that has the race.
func TestTheRaceDetectorNamesAddAndWait(t *testing.T) {
	if os.Getenv("SYNC_RACE") != "" {
		addWhileWaiting(t)
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run="+t.Name())
	cmd.Env = append(os.Environ(), "SYNC_RACE=1", "GORACE=atexit_sleep_ms=0")
	out, err := cmd.CombinedOutput()
	require.Error(t, err, "%s", out)
	for _, call := range []string{"sync.(*WaitGroup).Add()", "sync.(*WaitGroup).Wait()", "sync_test.count()", "sync_test.wait()"} {
		require.Contains(t, string(out), call)
	}
}

// addWhileWaiting hides from the detector that Add comes first.
func addWhileWaiting(t *testing.T) {
	synctest.Test(t, func(*testing.T) {
		var wg sync.WaitGroup
		var added atomic.Bool
		go count(&wg, &added)
		runtime.RaceDisable()
		for !added.Load() {
			runtime.Gosched()
		}
		runtime.RaceEnable()
		wait(&wg)
	})
}

func count(wg *sync.WaitGroup, added *atomic.Bool) {
	wg.Add(1)
	runtime.RaceDisable()
	added.Store(true)
	runtime.RaceEnable()
	time.Sleep(time.Second) // the other waits by then
	wg.Done()
}

func wait(wg *sync.WaitGroup) { wg.Wait() }
