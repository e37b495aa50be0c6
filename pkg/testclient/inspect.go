package testclient

import (
	"context"
	"log/slog"
)

// Goroutines counts the goroutines of this World's bubble: the server's, the test's and those
// of the network. Goroutines that earlier tests left behind do not count. Count twice and compare:
// how many there are by themselves depends on the version of Go and of testclient.
func (w *World) Goroutines() int {
	return len(inBubble(allGoroutines(), w.me.Load().bubble))
}

// LoggerWith returns a logger like [World.Logger]'s that calls hook before it keeps a record.
// hook runs in the goroutine that logs, so that a test can act, or let time pass, at a place of
// the server that it names by its log line. Attributes that were given to a logger beforehand,
// by slog.Logger.With, are not in hook's record; all are in [World.Logs].
func (w *World) LoggerWith(hook func(slog.Record)) *slog.Logger {
	return slog.New(hooked{w.Logger().Handler(), hook})
}

// hooked is a slog.Handler that has a hook.
type hooked struct {
	slog.Handler
	hook func(slog.Record)
}

func (h hooked) Handle(ctx context.Context, r slog.Record) error {
	h.hook(r)
	return h.Handler.Handle(ctx, r)
}

func (h hooked) WithAttrs(attrs []slog.Attr) slog.Handler {
	return hooked{h.Handler.WithAttrs(attrs), h.hook}
}

func (h hooked) WithGroup(name string) slog.Handler {
	return hooked{h.Handler.WithGroup(name), h.hook}
}
