package chat_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"wsworkshop/pkg/testclient"
)

// slowLog is a log on a busy disk: while a record is written, whoever logs waits. It makes
// the moment long in which a client is coming or going.
type slowLog struct {
	slog.Handler
	takes *atomic.Int64 // how long a record takes, in nanoseconds
}

// newSlowLog returns a logger, and the function that says how long each record takes from now on.
func newSlowLog(w *testclient.World) (*slog.Logger, func(time.Duration)) {
	l := slowLog{w.Logger().Handler(), new(atomic.Int64)}
	return slog.New(l), func(d time.Duration) {
		w.Note("a record of the log takes %v from now on", d)
		l.takes.Store(int64(d))
	}
}

// Handle implements slog.Handler, as do the others.
func (l slowLog) Handle(ctx context.Context, r slog.Record) error {
	time.Sleep(time.Duration(l.takes.Load()))
	return l.Handler.Handle(ctx, r)
}

func (l slowLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return slowLog{l.Handler.WithAttrs(attrs), l.takes}
}

func (l slowLog) WithGroup(name string) slog.Handler {
	return slowLog{l.Handler.WithGroup(name), l.takes}
}
