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
	// TODO(9.2): It depends on KindOf(err). c is told nothing of the inside of the server.
	if p, ok := errors.AsType[*problem](err); ok {
		s.tell(c, messageID, p, slog.LevelInfo, err) // placeholder: other errors are not told at all
	}
}

// tell refuses a message of c, and leaves one record of why.
func (s *Server) tell(c *client, messageID string, p *problem, level slog.Level, err error) {
	attrs := []slog.Attr{
		slog.String("message_id", messageID),
		slog.String("kind", KindOf(err).String()),
		slog.String("code", string(p.code)),
	}
	c.log.LogAttrs(context.Background(), level, "message failed", append(attrs, causeAttrs(err)...)...)
	refuse(c, messageID, p)
}

// causeAttrs puts an error into the log: of a panic, what it panicked with, and its stack.
func causeAttrs(err error) []slog.Attr {
	// TODO(9.3): A panic has a stack.
	// placeholder: the log should say where
	return []slog.Attr{slog.String("cause", fmt.Sprint(err))}
}
