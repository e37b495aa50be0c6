package chat

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"wsworkshop/solutions/08/wire"
)

// ending is why a connection ends. It is the error that hangUp takes.
type ending struct {
	code   wire.CloseCode // CloseAbnormal if there can be no close frame any more
	reason string         // for a person, in the close frame
	byPeer bool           // the client sent the first close frame
	cause  error          // for the log alone; may be nil
}

func (e *ending) Error() string {
	text := e.code.String()
	if e.reason != "" {
		text += fmt.Sprintf(" (%s)", e.reason)
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

func (e *ending) Unwrap() error { return e.cause }

// The endings that the server decides.
var (
	errTakenOver = &ending{code: wire.CloseTakenOver, reason: "taken over by a newer connection"}
	errStale     = &ending{code: wire.CloseGoingAway, reason: "silent for too long"}
	errSlow      = &ending{code: wire.CloseTryAgainLater, reason: "reads too slowly"}
	errClosing   = &ending{code: wire.CloseGoingAway, reason: "the server is closing"}
)

// endingOf makes an ending of any reason to hang up. What nobody has thought of is our failure, and
// its text is for the log alone.
func endingOf(err error) *ending {
	// task 8.3: Find out who is at fault.
	//- return &ending{code: wire.CloseNormal, cause: err} // placeholder: it is not always the normal end
	if e, ok := errors.AsType[*ending](err); ok {
		return e
	}
	if _, ok := errors.AsType[net.Error](err); ok || errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) {
		return &ending{code: wire.CloseAbnormal, cause: err}
	}
	return &ending{code: wire.CloseInternalError, reason: "internal error", cause: err}
	// end task 8.3
}

// maxReason is how many bytes a close frame has for its reason: a control frame has at most 125
// bytes (RFC 6455, section 5.5), and the code takes two.
const maxReason = 123

// shorten cuts a reason to what a close frame can hold.
func shorten(reason string) string {
	// task 8.2: Never cut through a character: a reason is UTF-8 (RFC 6455, section 5.5.1).
	//- return reason // placeholder: it may be too long
	return strings.ToValidUTF8(reason[:min(len(reason), maxReason)], "")
	// end task 8.2
}
