package testclient

import "testing"

// watchdog looks at the bubble from outside.
type watchdog struct{}

func watch(t *testing.T, w *World) *watchdog { return &watchdog{} }

func (d *watchdog) begin(main goroutine) {}
func (d *watchdog) stop()                {}

func (w *World) deadlocked(t *testing.T, reason any) bool { return w.Failed() }
