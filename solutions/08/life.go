package chat

import (
	"context"
	"log/slog"
	"time"

	"wsworkshop/solutions/08/wire"
)

// logConnection writes down that a connection begins, and returns the function that writes down
// its end: how long it lasted, who closed it, and how.
func (s *Server) logConnection(c *client) (gone func(*ending)) {
	// task 1.4: Log "client connected" with the attribute remote; return a function that
	// logs "client disconnected" with remote, duration and reason.
	log := s.log.With("client_id", c.id, "room_id", c.roomID, "remote", c.remoteAddr)
	log.Info("client connected")
	return func(end *ending) {
		log.LogAttrs(context.Background(), end.level(), "client disconnected", end.attrs(time.Since(c.health.since))...)
	}
	// end task 1.4
}

// level is how much an operator should care. Connections end all the time.
func (e *ending) level() slog.Level {
	// task 8.7: A fault of ours is an error, one of the client's a warning.
	//- return slog.LevelInfo // placeholder: some matter more
	if e.byPeer {
		return slog.LevelInfo
	}
	switch e.code {
	case wire.CloseInternalError:
		return slog.LevelError
	case wire.CloseProtocolError, wire.CloseUnsupportedData, wire.CloseInvalidPayload, wire.ClosePolicyViolation,
		wire.CloseTooBig, wire.CloseTryAgainLater:
		return slog.LevelWarn
	}
	return slog.LevelInfo
	// end task 8.7
}

// attrs tells how a connection ended.
func (e *ending) attrs(duration time.Duration) []slog.Attr {
	by := "server"
	// task 8.7: It may have been somebody else.
	switch {
	case e.byPeer:
		by = "client"
	case e.code == wire.CloseAbnormal:
		by = "network"
	}
	// end task 8.7
	attrs := []slog.Attr{
		slog.Duration("duration", duration),
		slog.Int("code", int(e.code)),
		slog.String("reason", e.reason),
		slog.String("closed_by", by),
	}
	if e.cause != nil {
		attrs = append(attrs, slog.String("cause", e.cause.Error()))
	}
	return attrs
}
