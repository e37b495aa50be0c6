package chat

import (
	"context"
	"net/http"
	"regexp"
	"sync"

	"github.com/gorilla/websocket"
)

const defaultRoom = "lobby"

// task 3.1: Let ids have 1 to 64 letters, digits, "_", "-" and ".", beginning with a letter
// or a digit. An id ends up in URLs, in logs and on other people's screens.

// validID is what a client or a room may be called: a bound on the length, and an alphabet
// that is harmless in URLs, in logs and on other people's screens. The first character
// rules out "." and "..", which a path takes for something else.
var validID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`)

// end task 3.1

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
	// task 3.1: Take the client id from the path and the room from ?room_id=, or
	// defaultRoom; refuse what is malformed with 400 Bad Request.
	id, roomID := r.PathValue("client_id"), r.URL.Query().Get("room_id")
	if roomID == "" {
		roomID = defaultRoom
	}
	if !validID.MatchString(id) || !validID.MatchString(roomID) {
		s.refuse(w, r, http.StatusBadRequest, "client_id, room_id: 1 to 64 letters, digits, _ - . and the first a letter or digit")
		return
	}
	// end task 3.1
	if err := s.hub.admit(id, roomID); err != nil {
		s.refuse(w, r, http.StatusServiceUnavailable, err.Error())
		return
	}
	ask := resumption{
		sessionID:     r.URL.Query().Get("session_id"),
		lastMessageID: r.URL.Query().Get("last_message_id"),
	}
	conn, err := s.upgrade(w, r)
	if err != nil {
		s.hub.dismiss(id, roomID)
		return // upgrade has answered already
	}
	// In a goroutine of its own: when the handler returns, net/http frees the request and its
	// buffers, a third of what an idle connection would cost.
	go s.serveClient(context.WithoutCancel(r.Context()), newClient(id, roomID, conn, s.cfg), ask)
	// end task 1.1
}

// serveClient is one client's life in the hub. Reading happens here, writing in another goroutine.
// When anybody calls c.hangUp, ctx ends and the closing handshake begins, see closing.go. It is over
// when nothing more is read or written. Only then does c leave its room.
func (s *Server) serveClient(ctx context.Context, c *client, ask resumption) {
	defer s.hub.dismiss(c.id, c.roomID)
	ctx, c.hangUp = context.WithCancelCause(ctx)
	c.gone = ctx.Done()
	ended := s.logConnection(c)
	var others sync.WaitGroup
	others.Add(1)
	context.AfterFunc(ctx, func() {
		defer others.Done()
		s.beginClosing(c, endingOf(context.Cause(ctx)))
	})
	s.hub.join(c, ask)
	others.Go(func() { s.writePump(ctx, c) })
	why := s.readPump(ctx, c)
	c.hangUp(why)
	s.linger(c, endingOf(why))
	others.Wait()
	c.conn.drop()
	s.hub.leave(c)
	ended(endingOf(context.Cause(ctx)))
}
