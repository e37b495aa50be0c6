package chat

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"time"

	"wsworkshop/steps/13/wire"
)

// logOf returns the log of a connection: each of its lines says whose it is.
func (s *Server) logOf(in entry, r *http.Request) *slog.Logger {
	return s.log.With(
		"client_id", in.clientID,
		"room_id", in.roomID,
		"remote", r.RemoteAddr,
		"connection", rand.Text()[:8], // several may come from one address
	)
}

// logName stands for the session in the log. Nobody who reads a log may resume a
// session from it.
func (s *session) logName() string {
	sum := sha256.Sum256([]byte(s.id))
	return hex.EncodeToString(sum[:6])
}

// logEnd writes down that a connection has ended: how long it lasted, who closed it, and how.
func (s *Server) logEnd(c *client, end *ending) {
	// task 1.4: Log "client disconnected" with duration and reason.
	c.log.LogAttrs(context.Background(), end.level(), "client disconnected", end.attrs(time.Since(c.health.since))...)
	// end task 1.4
	// task 12.3: It may have ended because of a failure of ours.
	if end.code == wire.CloseInternalError && !end.byPeer {
		s.failed(c.failure("", end.cause))
	}
	// end task 12.3
}

// logRefusal writes down that a request was not let in.
func (s *Server) logRefusal(r *http.Request, attrs ...slog.Attr) {
	attrs = append(attrs,
		slog.String("remote", r.RemoteAddr),
		slog.String("client_id", r.PathValue("client_id")),
		slog.String("room_id", r.URL.Query().Get("room_id")),
	)
	s.log.LogAttrs(r.Context(), slog.LevelInfo, "handshake refused", attrs...)
}

// level is how much an operator should care. Connections end all the time.
func (e *ending) level() slog.Level {
	// task 8.7: A fault of ours is an error, one of the client's a warning.
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
		attrs = append(attrs, causeAttrs(e.cause)...)
	}
	return attrs
}
