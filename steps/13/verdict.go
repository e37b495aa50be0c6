package chat

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
)

// Clients are told this of failures that are not theirs. The log has the rest.
var (
	errInternal = &problem{code: CodeInternal, sentence: "the server could not handle this message"}
	errAway     = &problem{code: CodeUnavailable, sentence: "something that the server needs is away; try again later"}
)

// fail is the one place that decides what follows an error with one message of c: what c is told,
// what the log says, and whether the connection goes on. messageID is what c calls that message; it
// may be empty.
func (s *Server) fail(c *client, messageID string, err error) {
	// task 9.2: It depends on KindOf(err). c is told nothing of the inside of the server.
	if cause := context.Cause(c.ctx); cause != nil && errors.Is(err, cause) {
		return // "client disconnected" has it
	}
	switch KindOf(err) {
	case KindLost:
		// Nobody is there to be told, and "client disconnected" is in the log.
	case KindClient:
		p, _ := errors.AsType[*problem](err)
		s.tell(c, messageID, p, slog.LevelInfo, err)
	case KindUnavailable:
		s.tell(c, messageID, errAway, slog.LevelWarn, err)
	default:
		s.tell(c, messageID, errInternal, slog.LevelError, err)
	}
	// end task 9.2
}

// tell refuses a message of c, and leaves one record of why.
func (s *Server) tell(c *client, messageID string, p *problem, level slog.Level, err error) {
	attrs := []slog.Attr{
		slog.String("message_id", messageID),
		slog.String("kind", KindOf(err).String()),
		slog.String("code", string(p.code)),
	}
	c.log.LogAttrs(context.Background(), level, "message failed", append(attrs, causeAttrs(err)...)...)
	// task 12.3: It is an error.
	s.failed(c.failure(messageID, err))
	// end task 12.3
	refuse(c, messageID, p)
}

// causeAttrs puts an error into the log: of a panic, what it panicked with, and its stack.
func causeAttrs(err error) []slog.Attr {
	// task 9.3: A panic has a stack.
	if p, ok := errors.AsType[*panicked](err); ok {
		return []slog.Attr{slog.Any("cause", p.value), slog.String("stack", string(p.stack))}
	}
	// end task 9.3
	return []slog.Attr{slog.String("cause", fmt.Sprint(err))}
}
