package chat

import (
	"context"
	"io"
	"net/http"

	"wsworkshop/steps/09/wire"
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
	in, ok := s.entryOf(w, r)
	if !ok {
		return
	}
	// TODO(9.9): A browser that asks again says where it was. Some are not to ask again.
	// TODO(9.7): Let the client in, or refuse it as serveWS does. Its stream lasts until this returns.
	s.refuse(w, r, http.StatusNotImplemented, "there is no event stream yet for "+in.clientID) // placeholder
}

// waitFor returns when a stream's client has gone, or somebody has hung up on it. Nothing can be read
// from it.
func (s *Server) waitFor(ctx, request context.Context) error {
	// TODO(9.7): Both contexts end for a reason.
	<-ctx.Done()
	return context.Cause(ctx) // placeholder: a client that goes is not missed
}

// servePost hears one message of a client that has a connection, of whichever kind.
func (s *Server) servePost(w http.ResponseWriter, r *http.Request) {
	// TODO(9.8): Only a program that knows the session may speak for it, as long as it has a connection here.
	s.refuse(w, r, http.StatusNotFound, unknownPoster) // placeholder
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
	// TODO(9.8): A session may be unknown, somebody else's, or on another server, or wait to be resumed.
	return nil // placeholder
}
