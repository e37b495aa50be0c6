package chat_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/solutions/07/client"
)

// Task 7.9: The end of ctx ends a connection over which nothing arrives any more.
//
// Rules: 7.ge.
func TestClientStopsInABlackHole(t *testing.T) {
	withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
		h.Call("bob", time.Second)
		w.Sleep(time.Minute)
		r.link.BlackHole()
		expectCanceled(w, r, "was connected, and the network swallowed its close frame: a client does not wait for the answer to that")
	})
}

// Task 7.9: The end of ctx is not giving up, even if no retry is left.
//
// Rules: 7.ge.
func TestClientStopsAtItsLastRetry(t *testing.T) {
	for _, status := range []int{chattest.Hangs, 101} {
		withHost(t, client.Config{MaxAttempts: 1}, func(w *testclient.World, h *chattest.Host, r *runner) {
			call := h.Call("bob", time.Second)
			h.Answer(status)
			call.HangUp(1006)
			w.Sleep(3 * time.Second)
			r.dials(2)
			expectCanceled(w, r, "made its last attempt")
			if errors.Is(r.err, client.ErrGaveUp) {
				w.Fatalf("Run returned %v, want the error of its context alone: the client did not give up, it was stopped", r.err)
			}
		})
	}
}

// Task 7.9: Run returns the error of its context, whatever that is.
//
// Rules: 7.ge.
func TestClientStopsAtADeadline(t *testing.T) {
	for _, c := range []struct {
		what  string
		limit time.Duration
		down  bool
	}{
		{what: "had ended before Run was called"},
		{what: "ended while it was connected", limit: 10 * time.Second},
		{what: "ended while it waited", limit: 10 * time.Second, down: true},
	} {
		testclient.Run(t, func(w *testclient.World) {
			s := w.Serve(chattest.NewHost(w))
			link := s.Link(testclient.As("bob"))
			link.Down(c.down)
			ctx, stop := context.WithTimeout(context.Background(), c.limit)
			r := runIn(ctx, stop, w, s, link, client.Config{Jitter: steady(0)})
			w.Sleep(c.limit)
			if err := r.returned("its context " + c.what); !errors.Is(err, context.DeadlineExceeded) {
				w.Fatalf("Run returned %v, want the error of its context, which %s: context deadline exceeded", err, c.what)
			}
		})
	}
}
