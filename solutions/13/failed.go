package chat

import (
	"errors"
	"fmt"

	"wsworkshop/solutions/13/metrics"
)

// Failure is an error that is no client's fault, as Config.OnFailure gets it.
type Failure struct {
	Kind      Kind   // KindInternal or KindUnavailable
	ClientID  string // of whom it was about, or empty
	RoomID    string
	MessageID string // what the client calls its message, or empty
	Err       error
	Stack     string // of a panic
}

func newFailure(err error) Failure {
	f := Failure{Kind: KindOf(err), Err: err}
	if p, ok := errors.AsType[*panicked](err); ok {
		f.Err, f.Stack = fmt.Errorf("panic: %v", p.value), string(p.stack)
	}
	return f
}

// failure is an error with c, or with one of its messages.
func (c *client) failure(messageID string, err error) Failure {
	f := newFailure(err)
	f.ClientID, f.RoomID, f.MessageID = c.id, c.roomID, messageID
	return f
}

// failed notes an error when it is in the log. All of them come through here, also those that are a
// client's fault. Nobody calls it under a lock.
func (s *Server) failed(f Failure) {
	count := func() {
		s.metrics.Failed(metrics.Failure{
			Kind:      f.Kind.String(),
			ClientID:  f.ClientID,
			RoomID:    f.RoomID,
			MessageID: f.MessageID,
			Cause:     f.Err.Error(),
		})
	}
	s.failing.note(count, s.metrics.FailuresLately)
	// task 12.8: The error tracker is told of failures.
	if s.cfg.OnFailure != nil && f.Kind != KindClient {
		safely(func() error {
			s.cfg.OnFailure(f)
			return nil
		})
	}
	// end task 12.8
}
