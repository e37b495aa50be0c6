package testclient

import "log/slog"

// Goroutines counts the goroutines of this World's bubble: the server's, the test's and those
// of the network. Goroutines that earlier tests left behind do not count. Count twice and compare:
// how many there are by themselves depends on the version of Go and of testclient.
func (w *World) Goroutines() int {
	return len(inBubble(allGoroutines(), w.me.Load().bubble))
}

// LoggerWith returns a logger like [World.Logger]'s that calls hook before it keeps a record.
// hook runs in the goroutine that logs, so that a test can act, or let time pass, at a place of
// the server that it names by its log line. hook's record has all attributes, also those that
// were given to a logger beforehand by slog.Logger.With.
func (w *World) LoggerWith(hook func(Record)) *slog.Logger {
	return slog.New(&logHandler{logs: w.logs, hook: hook})
}
