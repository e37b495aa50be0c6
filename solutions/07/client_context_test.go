package chat_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/solutions/07/client"
)

// expectCanceled ends a client's context, and fails unless Run returns for that.
func expectCanceled(w *testclient.World, r *runner, while string) {
	w.Helper()
	w.Note("ctx ends")
	r.stop()
	if err := r.returned("its context has ended while it " + while); !errors.Is(err, context.Canceled) {
		w.Fatalf("Run returned %v, want the error of its context, which has ended while it %s", err, while)
	}
}

// Task 7.9 (5 points, after 7.8): The end of ctx ends the Go client at any moment.
//
// Rules: 7.ge.
func TestClientStopsWaiting(t *testing.T) {
	withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
		call := h.Call("bob", time.Second)
		r.link.Down(true)
		call.HangUp(1006)
		w.Sleep(20 * time.Second)
		r.dials(5) // the next comes after 31 s
		expectCanceled(w, r, "waited for its next attempt")
	})
}

// Task 7.9: The end of ctx ends a client that is connected, and the server gets a close frame with 1000.
//
// Rules: 7.ge, 7.gf.
func TestClientStopsConnected(t *testing.T) {
	withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
		h.Call("bob", time.Second).HangUp(1006)
		call := h.Call("bob", 2*time.Second) // the second connection is no different from the first
		w.Sleep(time.Minute)
		expectCanceled(w, r, "was connected")
		<-call.Ended
		if !websocket.IsCloseError(call.End, websocket.CloseNormalClosure) {
			w.Fatalf("the server saw the connection end with %v, want a close frame with 1000", call.End)
		}
	})
}

// Task 7.9: The end of ctx ends a client whose handshake has not been answered.
//
// Rules: 7.ge.
func TestClientStopsDialing(t *testing.T) {
	withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
		call := h.Call("bob", time.Second)
		h.Answer(chattest.Hangs)
		call.HangUp(1006)
		w.Sleep(5 * time.Second)
		r.dials(2)
		expectCanceled(w, r, "waited for the answer to a handshake")
	})
}

// watched is a context that knows how many functions are to be called at its end.
type watched struct {
	context.Context
	waiting atomic.Int64
}

// Value hides the context within, where package context would register what is to be called.
func (c *watched) Value(any) any { return nil }

// AfterFunc is what context.AfterFunc calls, and whoever makes a context of this one.
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

// Task 7.9: When Run has returned, nothing waits for the end of ctx, however many connections there were.
//
// Rules: 7.gg.
func TestClientLeavesNothingWaiting(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h := chattest.NewHost(w)
		s := w.Serve(h)
		inner, stop := context.WithCancel(context.Background())
		ctx := &watched{Context: inner}
		r := runIn(ctx, stop, w, s, s.Link(testclient.As("bob")), client.Config{Jitter: steady(0), IdleTimeout: 90 * time.Second})
		h.Tells = r.status
		for range 5 {
			call := h.Call("bob", 40*time.Second)
			w.Sleep(time.Minute)
			call.HangUp(1006)
		}
		h.Call("bob", 40*time.Second).HangUp(4001)
		expectGaveUp(w, r.returned("the close code forbids another attempt"))
		if n := ctx.waiting.Load(); n > 0 {
			w.Fatalf("Run has returned after 6 connections, and %d functions or contexts still wait for the end of ctx: "+
				"call the stop that context.AfterFunc returns, and the cancel of a context that is made from ctx", n)
		}
	})
}
