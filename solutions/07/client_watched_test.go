package chat_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/solutions/07/client"
)

// watched is a context that knows how many functions are to be called at its end.
type watched struct {
	context.Context
	waiting atomic.Int64
}

// Value hides the context within, where package context would register what is to be called.
func (c *watched) Value(any) any { return nil }

// AfterFunc is what context.AfterFunc calls, and context.WithTimeout for a context of this one.
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
			w.Fatalf("Run has returned. Functions and contexts of its 6 connections that still wait for the end of ctx: %d, want none. "+
				"Call the stop that context.AfterFunc returns, and the cancel of a context that is made from ctx", n)
		}
	})
}
