package chat

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"sync"

	"github.com/gorilla/websocket"
)

// validName is what a client may be called.
var validName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`)

// serveWS lets a client in: whatever there is to refuse is refused before the upgrade,
// while an HTTP status can still say why. From then on the client is serveClient's.
func (s *Server) serveWS(w http.ResponseWriter, r *http.Request) {
	// task 1.1: Upgrade the request with s.upgrader and hand the connection to s.serveClient.
	// Refuse a request that is no handshake or a broken one, and log an Upgrade that fails.
	if !r.ProtoAtLeast(1, 1) || r.ContentLength != 0 || !websocket.IsWebSocketUpgrade(r) {
		// HTTP/1.0 has no upgrade (RFC 9110, section 7.8). gorilla would take a body for
		// frames that came too early, and drop the connection without an answer.
		s.refuse(w, r, http.StatusUpgradeRequired,
			"this is a WebSocket endpoint: open it with a WebSocket handshake, in HTTP/1.1 and without a body")
		return
	}
	name := r.URL.Query().Get("name")
	// TODO(2.1): Refuse a name that is missing or malformed with 400 Bad Request.
	if err := s.hub.admit(name); err != nil {
		s.refuse(w, r, admitStatus(err), err.Error())
		return
	}
	conn, err := s.upgrade(w, r)
	if err != nil {
		s.hub.dismiss(name)
		return // upgrade has answered already
	}
	// In a goroutine of its own: when the handler returns, net/http frees the request and its
	// buffers, a third of what an idle connection would cost.
	go s.serveClient(context.WithoutCancel(r.Context()), newClient(name, conn, s.cfg))
	// end task 1.1
}

// admitStatus is the HTTP status that tells a client why it is not let in.
func admitStatus(err error) int {
	if errors.Is(err, errClosed) {
		return http.StatusServiceUnavailable
	}
	return http.StatusConflict
}

// serveClient is one client's life in the hub. Reading happens here; writing and closing in
// two other goroutines. When one pump ends, or anybody calls c.hangUp, ctx ends. Then the
// connection is closed, which ends both pumps.
func (s *Server) serveClient(ctx context.Context, c *client) {
	defer s.hub.dismiss(c.name)
	ctx, c.hangUp = context.WithCancelCause(ctx)
	c.gone = ctx.Done()
	gone := s.logConnection(c)
	var others sync.WaitGroup
	others.Add(1)
	context.AfterFunc(ctx, func() {
		defer others.Done()
		c.conn.Close()
	})
	others.Go(func() { c.hangUp(c.writePump()) })
	s.hub.join(c)
	c.hangUp(s.readPump(ctx, c))
	s.hub.leave(c)
	others.Wait()
	gone(context.Cause(ctx))
}
