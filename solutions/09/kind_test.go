package chat_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/gorilla/websocket"

	chat "wsworkshop/solutions/09"
)

// refused is an error that a client may read.
var refused = chat.Refuse(chat.CodeInvalidField, "no such word here")

// unreachable is what a client of another service returns when that does not answer.
var unreachable = &net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}

// Task 9.1 (8 points): An error tells what kind it is.
//
// Rules: 9.a, 9.b.
func TestKindOf(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want chat.Kind
	}{
		{"Refuse", refused, chat.KindClient},
		{"ErrUnavailable", chat.ErrUnavailable, chat.KindUnavailable},
		{"context.DeadlineExceeded", context.DeadlineExceeded, chat.KindUnavailable},
		{"context.Canceled", context.Canceled, chat.KindLost},
		{"io.EOF", io.EOF, chat.KindLost},
		{"io.ErrUnexpectedEOF", io.ErrUnexpectedEOF, chat.KindLost},
		{"net.ErrClosed", net.ErrClosed, chat.KindLost},
		{"syscall.ECONNRESET", syscall.ECONNRESET, chat.KindLost},
		{"syscall.EPIPE", syscall.EPIPE, chat.KindLost},
		{"a close frame with 1001", &websocket.CloseError{Code: 1001}, chat.KindLost},
		{"a close frame with 1008", &websocket.CloseError{Code: 1008}, chat.KindLost},
		{"a read that took too long", unreachable, chat.KindLost},
		{"os.ErrDeadlineExceeded", os.ErrDeadlineExceeded, chat.KindLost},
		{"a name that is not known", &net.DNSError{Err: "no such host", IsNotFound: true}, chat.KindLost},
		{"errors.New", errors.New("out of luck"), chat.KindInternal},
		{"io.ErrShortWrite", io.ErrShortWrite, chat.KindInternal},
		{"os.ErrNotExist", os.ErrNotExist, chat.KindInternal},
		{"an error with the text of EOF", errors.New("EOF"), chat.KindInternal},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := chat.KindOf(c.err); got != c.want {
				t.Errorf("KindOf(%s) is %v, want %v", c.name, got, c.want)
			}
			if got := chat.KindOf(fmt.Errorf("ask: %w", fmt.Errorf("read: %w", c.err))); got != c.want {
				t.Errorf("KindOf of an error that wraps %s is %v, want %v", c.name, got, c.want)
			}
		})
	}
}

// Task 9.1: Of several errors in one, the mark that somebody has set counts.
//
// Rules: 9.b.
func TestKindOfSeveral(t *testing.T) {
	for _, c := range []struct {
		what string
		err  error
		want chat.Kind
	}{
		{"ErrUnavailable and a lost connection", fmt.Errorf("filter: %w: %w", chat.ErrUnavailable, io.EOF), chat.KindUnavailable},
		{"a lost connection and ErrUnavailable", fmt.Errorf("filter: %w: %w", unreachable, chat.ErrUnavailable), chat.KindUnavailable},
		{"the end of a context and ErrUnavailable", errors.Join(context.Canceled, chat.ErrUnavailable), chat.KindUnavailable},
		{"ErrUnavailable and Refuse", errors.Join(chat.ErrUnavailable, refused), chat.KindClient},
		{"a lost connection and Refuse", errors.Join(net.ErrClosed, refused), chat.KindClient},
		{"an unknown error and a lost connection", errors.Join(errors.New("out of luck"), net.ErrClosed), chat.KindLost},
	} {
		if got := chat.KindOf(c.err); got != c.want {
			t.Errorf("KindOf of an error that wraps %s is %v, want %v", c.what, got, c.want)
		}
	}
}
