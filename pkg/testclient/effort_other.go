//go:build !unix

package testclient

import "time"

// processorTime is not known here: a look is a look.
func processorTime() (used time.Duration, known bool) { return 0, false }
