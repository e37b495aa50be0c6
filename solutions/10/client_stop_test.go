package chat_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/solutions/10/client"
)

// expectStopped fails unless Run returns within a second of the end of ctx.
func expectStopped(w *testclient.World, r *runner, when string) {
	w.Helper()
	w.Note("ctx ends: %s", when)
	r.stop()
	select {
	case <-r.done:
	case <-time.After(time.Second):
		w.Fatalf("ctx ended 1s ago, and Run has not returned: %s", when)
	}
	if !errors.Is(r.err, context.Canceled) {
		w.Fatalf("Run returned %v, want context.Canceled: %s", r.err, when)
	}
}

// Task 10.7: The end of ctx ends a client that moves, and both its connections.
//
// Rules: 10.z.
func TestClientStopsWhileItMoves(t *testing.T) {
	for _, c := range []struct {
		when   string
		status int
		passes time.Duration
	}{
		{"bob waits for its moment", http.StatusSwitchingProtocols, 2 * time.Second},
		{"the new connection's handshake has no answer yet", chattest.Hangs, 7 * time.Second},
		{"the new connection has had no welcome yet", http.StatusSwitchingProtocols, 7 * time.Second},
	} {
		withHost(t, client.Config{Jitter: steady(0.5), IdleTimeout: 5 * time.Minute}, func(w *testclient.World, h *chattest.Host, r *runner) {
			old := settled(w, h, r)
			h.Answer(c.status)
			asksToMove(old, 10*time.Second)
			w.Sleep(c.passes)
			var second *chattest.Call
			if c.passes > 5*time.Second && c.status != chattest.Hangs {
				second = h.Call("bob", time.Second)
			}
			expectStopped(w, r, c.when)
			expectLeft(w, old, "old", "ctx has ended")
			if second != nil {
				expectLeft(w, second, "new", "ctx has ended")
			}
		})
	}
}

// mute is a server that upgrades its first client, says what it is told to, and reads nothing. All
// other requests are the host's.
type mute struct {
	host *chattest.Host
	conn *websocket.Conn
	over chan struct{}
}

func (m *mute) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if m.conn != nil || !websocket.IsWebSocketUpgrade(r) {
		m.host.ServeHTTP(w, r)
		return
	}
	var upgrader websocket.Upgrader
	m.conn, _ = upgrader.Upgrade(w, r, nil) // it is a handshake of gorilla's
	<-m.over
	_ = m.conn.Close() // may have ended already
}

// hasEnded tells whether the client has ended TCP.
func (m *mute) hasEnded() bool {
	_ = m.conn.NetConn().SetReadDeadline(time.Now().Add(time.Millisecond))
	_, err := io.Copy(io.Discard, m.conn.NetConn()) // nil means EOF
	return err == nil
}

// Close ends all connections.
func (m *mute) Close() error {
	close(m.over)
	return m.host.Close()
}

// withMute is a test in which bob has had its welcome from a server that answers no close frame, when
// it moves to a host.
func withMute(t *testing.T, fn func(w *testclient.World, m *mute, second *chattest.Call, r *runner)) {
	testclient.Run(t, func(w *testclient.World) {
		m := &mute{host: chattest.NewHost(w), over: make(chan struct{})}
		s := w.Serve(m)
		r := runClient(w, s, s.Link(testclient.As("bob")), client.Config{Jitter: steady(0.5)})
		m.host.Tells = r.status
		w.Sleep(time.Second)
		for _, text := range []string{
			`{"type":"welcome","message_id":"welcome-s1","session_id":"s1","data":{"client_id":"bob","room_id":"den","resumed":false}}`,
			`{"type":"reconnect","message_id":"r","data":{"window_ms":4000}}`,
		} {
			_ = m.conn.WriteMessage(websocket.TextMessage, []byte(text)) // if it fails, bob does not move
		}
		second := m.host.Call("bob", 3*time.Second)
		r.expectGot("it is what has come", "welcome-s1")
		fn(w, m, second, r)
	})
}

// Task 10.7: An old connection that does not end holds up nothing, and is dropped within a second.
//
// Rules: 10.x.
func TestClientDoesNotWaitForTheOldOne(t *testing.T) {
	withMute(t, func(w *testclient.World, m *mute, second *chattest.Call, r *runner) {
		second.Welcomes("s2", false, "unknown_session")
		second.Says("message", "m2")
		r.expectGot("the old connection's server does not answer bob's close frame", "welcome-s2", "m2")
		r.expectSends(second, "new")
		w.Sleep(500 * time.Millisecond)
		if m.hasEnded() {
			w.Fatalf("bob has ended TCP already: the old connection's server may still answer bob's close frame")
		}
		w.Sleep(600 * time.Millisecond)
		if !m.hasEnded() {
			w.Fatalf("bob should have ended TCP within a second of the new one's welcome: the old connection's server does not answer its close frame")
		}
		r.expectSends(second, "new")
	})
}

// Task 10.7: The end of ctx ends a client that has just moved.
//
// Rules: 10.z.
func TestClientStopsWhileTheOldOneEnds(t *testing.T) {
	withMute(t, func(w *testclient.World, m *mute, second *chattest.Call, r *runner) {
		second.Welcomes("s2", false, "unknown_session")
		w.Sleep(100 * time.Millisecond)
		expectStopped(w, r, "the old connection's server has not answered bob's close frame")
		if !m.hasEnded() {
			w.Fatalf("Run has returned, and bob still has its old connection")
		}
		expectLeft(w, second, "new", "ctx has ended")
	})
}

// watched is a context that knows how many functions are to be called at its end.
type watched struct {
	context.Context
	waiting atomic.Int64
}

// Value hides the context within, where package context would register what is to be called.
func (c *watched) Value(any) any { return nil }

// AfterFunc is what context.AfterFunc calls, and context.WithCancel for a context of this one.
func (c *watched) AfterFunc(f func()) (stop func() bool) {
	c.waiting.Add(1)
	called := context.AfterFunc(c.Context, func() {
		c.waiting.Add(-1)
		f()
	})
	return func() bool {
		stopped := called()
		if stopped {
			c.waiting.Add(-1)
		}
		return stopped
	}
}

// Task 10.7: However often a client moves, only its one connection waits for the end of ctx.
//
// Rules: 10.z.
func TestClientLeavesNothingWaiting(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h := chattest.NewHost(w)
		s := w.Serve(h)
		inner, stop := context.WithCancel(context.Background())
		ctx := &watched{Context: inner}
		r := runIn(ctx, stop, w, s, s.Link(testclient.As("bob")), client.Config{Jitter: steady(0.5)})
		h.Tells = r.status
		call := settled(w, h, r)
		before := ctx.waiting.Load()
		for range 5 {
			asksToMove(call, 10*time.Second)
			h.Call("bob", 6*time.Second).HangUp(1006)
			w.Sleep(time.Second)
			asksToMove(call, 10*time.Second)
			call = h.Call("bob", 6*time.Second)
			call.Welcomes("s1", true, "")
			w.Sleep(10 * time.Second)
		}
		if n := ctx.waiting.Load(); n > before {
			w.Fatalf("bob has moved 5 times, and %d functions or contexts more than before wait for the end of ctx. "+
				"Call the stop that context.AfterFunc returns, and the cancel of a context that is made from ctx", n-before)
		}
	})
}
