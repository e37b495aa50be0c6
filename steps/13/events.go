package chat

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"wsworkshop/steps/13/wire"
)

// The fallback for those for whom no WebSocket opens: an event stream down, POST up. Envelopes, rooms,
// sessions, limits and refusals are those of a WebSocket.

// Headers of a POST. They are no part of the URL, which ends up in logs.
const (
	sessionHeader  = "Chat-Session"
	instanceHeader = "Chat-Instance" // of several servers, the one that has the connection
)

// stopID is the id of the last event of a stream that must not be asked for again. A browser does so
// all the same, and sends this id.
const stopID = "stop"

// serveStream lets a client in, as serveWS does, and returns when its stream is over.
func (s *Server) serveStream(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead { // which is routed like GET, and would be a client that hears nothing
		s.refuse(w, r, http.StatusMethodNotAllowed, "GET is the event stream, POST sends a message")
		return
	}
	if r.ContentLength != 0 { // net/http would notice the client's end only when all of it is read
		s.refuse(w, r, http.StatusBadRequest, "an event stream is asked for without a body")
		return
	}
	in, ok := s.gate(w, r)
	if !ok {
		return
	}
	// task 9.9: A browser that asks again says where it was. Some are not to ask again.
	if last := r.Header.Get("Last-Event-ID"); last == stopID {
		w.WriteHeader(http.StatusNoContent)
		s.logRefusal(r, slog.String("reason", "it was told to stop"))
		return
	} else if last != "" {
		in.ask.sessionID, in.ask.lastMessageID, _ = strings.Cut(last, "/")
	}
	// end task 9.9
	// task 9.7: Let the client in, or refuse it as serveWS does. Its stream lasts until this returns.
	if err := s.admit(in); err != nil {
		s.refuseEntry(w, r, err)
		return
	}
	taken := false // the seat, by serveClient
	defer func() {
		if !taken {
			s.dismiss(in)
		}
	}()
	conn, err := s.openStream(w, r)
	if err != nil {
		if errors.Is(err, errors.ErrUnsupported) {
			s.answerRefused(w, r, http.StatusInternalServerError, errors.New("no event stream can be sent here"))
		}
		s.logRefusal(r, append(causeAttrs(err), slog.String("reason", "the stream could not begin"))...)
		return
	}
	taken = true
	s.serveClient(context.WithoutCancel(r.Context()), s.newClient(in, r, conn), in.ask, func(ctx context.Context) error {
		return s.waitFor(ctx, r.Context())
	})
	// end task 9.7
}

// waitFor returns when a stream's client has gone, or somebody has hung up on it. Nothing can be read
// from it.
func (s *Server) waitFor(ctx, request context.Context) error {
	// task 9.7: Both contexts end for a reason.
	select {
	case <-request.Done():
		return &ending{code: wire.CloseAbnormal, cause: request.Err()}
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	// end task 9.7
}

// servePost hears one message of a client that has a connection, of whichever kind.
func (s *Server) servePost(w http.ResponseWriter, r *http.Request) {
	if !s.checkOrigin(w, r) {
		return
	}
	// task 9.8: Only a program that knows the session may speak for it, as long as it has a connection here.
	c := s.hub.find(r.PathValue("client_id"), r.Header.Get(sessionHeader), r.Header.Get(instanceHeader))
	if c == nil {
		s.refuse(w, r, http.StatusNotFound, unknownPoster)
		return
	}
	data, err := s.readBody(r)
	if err != nil {
		s.refuse(w, r, http.StatusBadRequest, "the message did not come to its end")
		return
	}
	// A message for which a WebSocket would be closed ends the connection in the same way.
	if end := s.judge(data, true); end != nil {
		c.hangUp(end)
		s.refuse(w, r, statusOf(endingOf(end)), endingOf(end).reason)
		return
	}
	if c.ctx.Err() != nil {
		s.refuse(w, r, http.StatusNotFound, unknownPoster)
		return
	}
	err = safely(func() error {
		s.hear(c.ctx, c, data)
		return nil
	})
	if err != nil {
		c.endWith(err)
		s.refuse(w, r, http.StatusInternalServerError, errInternal.sentence)
		return
	}
	w.WriteHeader(http.StatusNoContent)
	// end task 9.8
}

const unknownPoster = "this session has no connection here: open an event stream first"

// readBody returns the body of a POST. Of one over MaxMessageSize it returns one byte more than that.
func (s *Server) readBody(r *http.Request) ([]byte, error) {
	body := io.Reader(r.Body)
	if most := s.cfg.MaxMessageSize; most > 0 {
		body = io.LimitReader(body, most+1)
	}
	return io.ReadAll(body)
}

// statusOf is the answer to a POST that ends its connection.
func statusOf(end *ending) int {
	if end.code == wire.CloseTooBig {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}

// find returns the connection of a session, or nil. The answer does not tell what is wrong.
func (h *hub) find(clientID, sessionID, instance string) *client {
	h.mu.Lock()
	defer h.mu.Unlock()
	// task 9.8: A session may be unknown, somebody else's, or on another server, or wait to be resumed.
	s := h.sessions[clientID]
	if s == nil || !s.is(sessionID) || instance != h.instance {
		return nil
	}
	return s.client
	// end task 9.8
}
