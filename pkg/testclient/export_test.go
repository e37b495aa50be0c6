package testclient

import "os"

// Scenarios of freezes are seen as such after a second, not after five.
func init() {
	if os.Getenv("TESTCLIENT_SCENARIOS") != "" {
		looksBusy, looksIO, lookAtMain, looksClock = 20, 8, 4, 10
	}
}

// Timeline returns what a failure would show.
func Timeline(w *World) string { return w.line.text(timelineLines, focus{}) }
