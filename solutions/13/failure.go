package chat

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"runtime/debug"
	"syscall"

	"github.com/gorilla/websocket"
)

// Kind is what an error is about. It decides what follows, see Server.fail.
type Kind int

// The kinds of errors.
const (
	KindInternal    Kind = iota // a fault of ours: a bug, or something that nobody has thought of
	KindClient                  // the client's fault: it is told, and may mend it
	KindLost                    // the connection is gone, or nobody waits any more
	KindUnavailable             // something that we depend on is away: later it may work
)

var kindNames = []string{"internal", "client", "lost", "unavailable"}

// String returns the name that the log uses.
func (k Kind) String() string { return kindNames[k] }

// ErrUnavailable is the error of something that we depend on and that is away. The caller of such a
// thing wraps its error, so that KindOf can tell it from a lost connection:
//
//	return fmt.Errorf("ask the spam filter: %w: %w", chat.ErrUnavailable, err)
var ErrUnavailable = errors.New("unavailable")

// KindOf tells what an error is about. Nil is no error; its kind has no meaning.
func KindOf(err error) Kind {
	// task 9.1: A mark that somebody has set counts for more than what is below it.
	switch {
	case is[*problem](err):
		return KindClient
	case errors.Is(err, ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		return KindUnavailable
	case errors.Is(err, context.Canceled), isLost(err):
		return KindLost
	}
	return KindInternal
	// end task 9.1
}

// isLost tells whether an error of the network or of gorilla's says that a connection is gone.
func isLost(err error) bool {
	for _, gone := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, gone) {
			return true
		}
	}
	return is[*ending](err) || is[*websocket.CloseError](err) || is[net.Error](err)
}

// is tells whether there is an E among err and what it wraps.
func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// panicked is a panic that has been caught.
type panicked struct {
	value any
	stack []byte // of the goroutine that panicked
}

func (p *panicked) Error() string { return "a panic, see its stack" }

// safely returns f's error. If f panics, the error is a *panicked.
func safely(f func() error) (err error) {
	// task 9.3: Turn a panic into an error.
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{v, debug.Stack()}
		}
	}()
	return f()
	// end task 9.3
}

// guard runs a task that belongs to no connection. A panic ends the task, and no more.
func (h *hub) guard(task string, f func()) {
	err := safely(func() error {
		f()
		return nil
	})
	if err != nil {
		attrs := append(causeAttrs(err), slog.String("task", task))
		h.log.LogAttrs(context.Background(), slog.LevelError, "background task failed", attrs...)
		h.failed(newFailure(err))
	}
}
