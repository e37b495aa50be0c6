package testclient_test

import (
	"sync"
	"testing"
	"time"

	. "wsworkshop/pkg/testclient"
)

// TestWithoutWatchdog stops the clock for longer than the watchdog lets it stand still, in
// real time: the bubble waits for a lock that is held outside of it.
func TestWithoutWatchdog(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	mu.Lock()
	time.AfterFunc(time.Second, mu.Unlock)
	Run(t, func(*World) {
		mu.Lock()
		defer mu.Unlock()
	}, WithoutWatchdog())
}
