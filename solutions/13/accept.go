package chat

import (
	"context"
	"net/http"
	"regexp"
	"sync"

	"github.com/gorilla/websocket"

	"wsworkshop/solutions/13/auth"
)

const defaultRoom = "lobby"

// task 3.1: Let ids have 1 to 64 letters, digits, "_", "-" and ".", beginning with a letter
// or a digit. An id ends up in URLs, in logs and on other people's screens.

// validID is what a client or a room may be called: a bound on the length, and an alphabet
// that is harmless in URLs, in logs and on other people's screens. The first character
// rules out "." and "..", which a path takes for something else.
var validID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`)

// end task 3.1

// entry is what a request to be let in says: who, where to, and what for.
type entry struct {
	clientID string
	roomID   string
	ask      resumption

	who     *auth.Identity // nil where nobody is asked
	address string         // as limits count
}

// entryOf takes a request apart. When it is malformed, it has been refused, and ok is false.
func (s *Server) entryOf(w http.ResponseWriter, r *http.Request) (in entry, ok bool) {
	// task 3.1: Take the client id from the path and the room from ?room_id=, or
	// defaultRoom; refuse what is malformed with 400 Bad Request.
	query := r.URL.Query()
	in = entry{clientID: r.PathValue("client_id"), roomID: query.Get("room_id")}
	if in.roomID == "" {
		in.roomID = defaultRoom
	}
	if !validID.MatchString(in.clientID) || !validID.MatchString(in.roomID) {
		s.refuse(w, r, http.StatusBadRequest, "client_id, room_id: 1 to 64 letters, digits, _ - . and the first a letter or digit")
		return in, false
	}
	// end task 3.1
	in.ask = resumption{sessionID: query.Get("session_id"), lastMessageID: query.Get("last_message_id")}
	return in, true
}

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
	in, ok := s.gate(w, r)
	if !ok {
		return
	}
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
	conn, err := s.upgrade(w, r)
	if err != nil {
		return // upgrade has answered already
	}
	taken = true
	c := s.newClient(in, r, conn)
	// In a goroutine of its own: when the handler returns, net/http frees the request and its
	// buffers, a third of what an idle connection would cost.
	go s.serveClient(context.WithoutCancel(r.Context()), c, in.ask, func(ctx context.Context) error {
		return s.readPump(ctx, c, conn)
	})
	// end task 1.1
}

// serveClient is one client's life in the hub. hear returns when nothing more comes from c, and why;
// writing happens in another goroutine. When anybody calls c.hangUp, ctx ends and the closing begins,
// see closing.go. It is over when nothing more is read or written. Only then does c leave its room.
func (s *Server) serveClient(ctx context.Context, c *client, ask resumption, hear func(context.Context) error) {
	defer s.dismiss(c.entry())
	ctx, c.hangUp = context.WithCancelCause(ctx)
	c.ctx = ctx
	var others sync.WaitGroup
	others.Add(1)
	context.AfterFunc(ctx, func() {
		defer others.Done()
		s.beginClosing(c, endingOf(context.Cause(ctx)))
	})
	live := func() error {
		// task 12.2: It counts from its welcome on.
		c.pass.begin(func() { c.hangUp(errExpired) })
		defer c.pass.stop()
		s.hub.join(c, ask)
		s.opened(c)
		// end task 12.2
		heartbeat := s.startHeartbeat(c)
		defer heartbeat.stop()
		others.Go(func() {
			// task 9.3: A panic ends this connection, and nothing else.
			c.endWith(safely(func() error {
				s.writePump(ctx, c)
				return nil // c is hung up on
			}))
			// end task 9.3
		})
		c.log.Info("client connected")
		return hear(ctx)
	}
	// task 9.3: A panic ends this connection, and nothing else.
	c.endWith(safely(live))
	// end task 9.3
	// task 12.2: It counts until it has ended.
	others.Wait()
	c.conn.drop()
	s.hub.leave(c)
	s.logEnd(c, endingOf(context.Cause(ctx)))
	s.closed(c, endingOf(context.Cause(ctx)).code)
	// end task 12.2
}
