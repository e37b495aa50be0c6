package chat_test

import (
	"context"
	"errors"
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

// Task 7.9 (6 points, after 7.8): The end of ctx ends the Go client at any moment.
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
