package testpage_test

import (
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
)

// TestTenSecondsAreQuick prints what ten virtual seconds cost; nothing is asserted in a test
// that is timed.
func TestTenSecondsAreQuick(t *testing.T) {
	const runs = 20
	began := time.Now()
	for range runs {
		testclient.Run(t, tenSeconds)
	}
	t.Logf("ten seconds of a page that reconnects take %v", time.Since(began)/runs)
}
