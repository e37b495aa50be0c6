package chat

import (
	"errors"
	"fmt"

	"wsworkshop/solutions/13/wire"
)

// ending is why a connection ends. It is the error that hangUp takes.
type ending struct {
	code   wire.CloseCode // CloseAbnormal if there can be no close frame any more
	reason string         // for a person, in the close frame
	byPeer bool           // the client sent the first close frame
	cause  error          // for the log alone; may be nil
}

func (e *ending) Error() string { return fmt.Sprintf("%s (%s)", e.code, e.reason) }

// The endings that the server decides.
var (
	errTakenOver = &ending{code: wire.CloseTakenOver, reason: "taken over by a newer connection"}
	errStale     = &ending{code: wire.CloseGoingAway, reason: "silent for too long"}
	errSlow      = &ending{code: wire.CloseTryAgainLater, reason: "reads too slowly"}
	errBadInput  = &ending{code: wire.ClosePolicyViolation, reason: "too many bad messages"}
	errClosing   = &ending{code: wire.CloseGoingAway, reason: "the server is closing"}
)

// endingOf makes an ending of any reason to hang up. A reason that is no ending is our failure, and
// its text is for the log alone.
func endingOf(err error) *ending {
	if e, ok := errors.AsType[*ending](err); ok {
		return e
	}
	return &ending{code: wire.CloseInternalError, reason: "internal error", cause: err}
}
