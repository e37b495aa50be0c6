package chat_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/steps/10/client"
	"wsworkshop/steps/10/wire"
)

// asksToMove has the server send a reconnect over call.
func asksToMove(call *chattest.Call, window time.Duration) {
	call.Write(websocket.TextMessage, fmt.Sprintf(
		`{"type":"reconnect","message_id":"r","timestamp":"2000-01-01T00:00:00Z","data":{"window_ms":%d}}`, window.Milliseconds()))
}

// settled is a client's first connection, in session s1 with message m1, when a while has passed.
func settled(w *testclient.World, h *chattest.Host, r *runner) *chattest.Call {
	w.Helper()
	call := h.Call("bob", time.Second)
	call.Welcomes("s1", false, "")
	call.Says("message", "m1")
	w.Sleep(time.Minute)
	r.expectGot("it is what has come", "welcome-s1", "m1")
	return call
}

// expectLeft fails unless the client ends a connection with 1000, within a second from now.
func expectLeft(w *testclient.World, call *chattest.Call, which, why string) {
	w.Helper()
	select {
	case <-call.Ended:
	case <-time.After(time.Second):
		w.Lacks("bob", "bob should have ended its %s connection within 1s: %s", which, why)
	}
	closed, ok := errors.AsType[*websocket.CloseError](call.End)
	if !ok || closed.Code != websocket.CloseNormalClosure {
		w.Fatalf("bob ended its %s connection, and the server got %v, want a close frame with 1000: %s", which, call.End, why)
	}
}

// ended fails unless a connection has ended.
func ended(w *testclient.World, call *chattest.Call, why string) {
	w.Helper()
	w.Settle()
	select {
	case <-call.Ended:
	default:
		w.Lacks("bob", "bob should have ended a connection: %s", why)
	}
}

// stillThere fails if a connection has ended.
func stillThere(w *testclient.World, call *chattest.Call, why string) {
	w.Helper()
	w.Settle()
	select {
	case <-call.Ended:
		w.Fatalf("bob has left its old connection already (the server got %v): %s", call.End, why)
	default:
	}
}

// expectAsks fails unless a handshake asks for a session and what came after a message.
func expectAsks(w *testclient.World, call *chattest.Call, session, last string) {
	w.Helper()
	if s, l := call.Query.Get("session_id"), call.Query.Get("last_message_id"); s != session || l != last {
		w.Fatalf("bob's handshake has session_id %q and last_message_id %q, want %q and %q", s, l, session, last)
	}
}

// expectNoOther fails if the client connects once more within ten minutes.
func expectNoOther(w *testclient.World, r *runner, dials int, why string) {
	w.Helper()
	w.Sleep(10 * time.Minute)
	if n := len(r.link.Dials()); n != dials {
		w.Fatalf("bob has connected %d times, want %d: %s", n, dials, why)
	}
}

// Task 10.7 (12 points): The Go client moves to another connection without a gap.
//
// Rules: 10.r.
func TestClientMovesInTheWindow(t *testing.T) {
	for _, c := range []struct {
		window time.Duration
		jitter float64
	}{{10 * time.Second, 0.5}, {4 * time.Second, 0.75}, {15 * time.Second, 0}, {0, 0.5}} {
		withHost(t, client.Config{Jitter: steady(c.jitter)}, func(w *testclient.World, h *chattest.Host, r *runner) {
			old := settled(w, h, r)
			began := w.Elapsed()
			asksToMove(old, c.window)
			last := "m1"
			if c.window > 0 && c.jitter > 0 {
				old.Says("system", "m2")
				last = "m2"
			}
			second := h.Call("bob", c.window+time.Second)
			want := time.Duration(c.jitter * float64(c.window))
			if got := w.Elapsed() - began; !nearly(got, want) {
				w.Fatalf("bob opened another connection %v after a reconnect with a window of %v, want after %v: Jitter returns %v",
					got, c.window, want, c.jitter)
			}
			expectAsks(w, second, "s1", last)
		})
	}
}

// Task 10.7: Without a Jitter, clients move at moments of their own.
//
// Rules: 10.r.
func TestClientsMoveAtMomentsOfTheirOwn(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h := chattest.NewHost(w)
		s := w.Serve(h)
		const window = 20 * time.Second
		var runners []*runner
		var calls []*chattest.Call
		for i := range 5 {
			r := runClient(w, s, s.Link(testclient.As(fmt.Sprintf("bob%d", i+1))), client.Config{})
			h.Tells = r.status
			call := h.Call(r.link.Name(), time.Second)
			call.Welcomes("s1", false, "")
			runners, calls = append(runners, r), append(calls, call)
		}
		w.Sleep(time.Minute)
		began := w.Elapsed()
		for _, call := range calls {
			asksToMove(call, window)
		}
		w.Sleep(window + time.Second)
		var moments []time.Duration
		for _, r := range runners {
			dials := r.link.Dials()
			if len(dials) != 2 {
				w.Lacks(r.link.Name(), "%s should have opened another connection in the window of %v that the server gave it: %s", r.link.Name(), window, r.status())
			}
			moments = append(moments, dials[1]-began)
		}
		if first, last := slices.Min(moments), slices.Max(moments); last > window || last-first < window/50 {
			w.Fatalf("five clients without a Jitter in their Config moved after %v; these should be random moments of the window of %v", moments, window)
		}
	})
}

// Task 10.7: Until the new connection's welcome the client hears and sends over the old one, then over the new one.
//
// Rules: 10.w, 10.u, 10.x.
func TestClientLeavesAfterTheWelcome(t *testing.T) {
	withHost(t, client.Config{Jitter: steady(0.5)}, func(w *testclient.World, h *chattest.Host, r *runner) {
		old := settled(w, h, r)
		asksToMove(old, 10*time.Second)
		w.Sleep(2 * time.Second)
		stillThere(w, old, "bob waits for its moment")
		old.Says("message", "m2")
		r.expectGot("bob waits for its moment", "m2")
		r.expectSends(old, "old")
		h.AnswerAfter(3 * time.Second)
		w.Sleep(4 * time.Second)
		stillThere(w, old, "the new connection's handshake has no answer yet")
		old.Says("message", "m3")
		r.expectGot("the new connection's handshake has no answer yet", "m3")
		r.expectSends(old, "old")
		second := h.Call("bob", 5*time.Second)
		w.Sleep(2 * time.Second)
		stillThere(w, old, "the new connection has had no welcome yet")
		old.Says("message", "m4")
		r.expectGot("the new connection has had no welcome yet", "m4")
		r.expectSends(old, "old")
		second.Welcomes("s1", true, "")
		r.expectGot("the welcome has come", "welcome-s1")
		expectLeft(w, old, "old", "the new one has had its welcome")
		second.Says("broadcast", "m5")
		r.expectGot("it came over the new connection", "m5")
		r.expectSends(second, "new")
		second.Says("heartbeat", "h1")
		if ack, ok := second.Heard(); !ok {
			w.Fatalf("bob answered no heartbeat over the new connection: %s", ack)
		}
		r.expectGot("bob answers heartbeats and hands them to nobody")
		r.expectSteady("bob was connected all the time")
		expectNoOther(w, r, 2, "it has moved")
		r.expectSends(second, "new")
	})
}

// Task 10.7: What comes later is for the new connection: its end, its session, another reconnect.
//
// Rules: 10.r, 10.v.
func TestClientLivesOnAfterAMove(t *testing.T) {
	withHost(t, client.Config{Jitter: steady(0), IdleTimeout: 2 * time.Minute}, func(w *testclient.World, h *chattest.Host, r *runner) {
		call := settled(w, h, r)
		for _, session := range []string{"s2", "s2", "s3"} {
			w.Note("the server asks bob to move, and the new connection begins with session %s", session)
			asksToMove(call, 10*time.Second)
			next := h.Call("bob", time.Second)
			next.Welcomes(session, false, "unknown_session")
			expectLeft(w, call, "old", "the new one has had its welcome")
			call = next
			w.Sleep(time.Minute)
		}
		w.Note("the server falls silent")
		silent := call
		call = h.Call("bob", 2*time.Minute+2*time.Second)
		ended(w, silent, "it was silent for IdleTimeout")
		expectAsks(w, call, "s3", "")
		call.Welcomes("s3", true, "")
		call.Says("message", "m2")
		w.Sleep(time.Minute)
		call.HangUp(1001)
		expectAsks(w, h.Call("bob", 2*time.Second), "s3", "m2")
	})
}

// Task 10.7: A reconnect that comes while the client moves is no second move.
//
// Rules: 10.v.
func TestClientMovesOnce(t *testing.T) {
	withHost(t, client.Config{Jitter: steady(0.5)}, func(w *testclient.World, h *chattest.Host, r *runner) {
		old := settled(w, h, r)
		asksToMove(old, 10*time.Second)
		w.Sleep(2 * time.Second)
		asksToMove(old, 10*time.Second)
		second := h.Call("bob", 4*time.Second)
		asksToMove(old, 2*time.Second)
		w.Sleep(30 * time.Second)
		second.Welcomes("s1", true, "")
		expectLeft(w, old, "old", "the new one has had its welcome")
		expectNoOther(w, r, 2, "a reconnect that came while bob moved is no second move")
		r.expectSends(second, "new")
	})
}

// Task 10.7: Each Send during a move is successful, and what it sends arrives once.
//
// Rules: 10.w.
func TestClientSendsWhileItMoves(t *testing.T) {
	withHost(t, client.Config{Jitter: steady(0.5)}, func(w *testclient.World, h *chattest.Host, r *runner) {
		old := settled(w, h, r)
		asksToMove(old, 2*time.Second)
		const n = 200
		sent := make(chan error, 1)
		go func() {
			for i := range n {
				if err := r.Send(wire.Message{Type: wire.TypeMessage, Data: fmt.Append(nil, i)}); err != nil {
					sent <- err
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
			sent <- nil
		}()
		second := h.Call("bob", 2*time.Second)
		w.Sleep(500 * time.Millisecond)
		second.Welcomes("s1", true, "")
		if err := <-sent; err != nil {
			w.Fatalf("Send returned %v while bob moved, want nil: it has at least one connection all the time", err)
		}
		var got []int
		for _, call := range []*chattest.Call{old, second} {
			for text, ok := call.Heard(); ok; text, ok = call.Heard() {
				var i int
				fmt.Sscanf(text, `{"type":"message","data":%d}`, &i)
				got = append(got, i)
			}
		}
		want := make([]int, n)
		for i := range want {
			want[i] = i
		}
		if !slices.Equal(got, want) {
			w.Fatalf("bob sent 0 to %d, and the server got %v", n-1, got)
		}
	})
}

// Task 10.7: A welcome that comes while OnMessage takes its time is not missed.
//
// Rules: 10.w.
func TestClientMovesWhileItIsBusy(t *testing.T) {
	busy := func(m wire.Message) {
		if m.ID == "m2" {
			time.Sleep(3 * time.Second)
		}
	}
	withHost(t, client.Config{Jitter: steady(0.5), IdleTimeout: 2 * time.Minute, OnMessage: busy}, func(w *testclient.World, h *chattest.Host, r *runner) {
		old := settled(w, h, r)
		asksToMove(old, 10*time.Second)
		second := h.Call("bob", 11*time.Second)
		w.Note("OnMessage takes 3s for m2")
		old.Says("message", "m2")
		w.Sleep(time.Second)
		second.Welcomes("s1", true, "")
		second.Says("message", "m2")
		second.Says("message", "m3")
		w.Sleep(2500 * time.Millisecond)
		r.expectGot("OnMessage has returned", "m2", "welcome-s1", "m3")
		expectLeft(w, old, "old", "OnMessage has returned, and the new one has had its welcome")
	})
}
