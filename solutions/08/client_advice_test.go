package chat_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/solutions/08/client"
	"wsworkshop/solutions/08/wire"
)

// withHost is a test of a client that connects to a host.
func withHost(t *testing.T, cfg client.Config, fn func(w *testclient.World, h *chattest.Host, r *runner)) {
	testclient.Run(t, func(w *testclient.World) {
		h := chattest.NewHost(w)
		if cfg.Jitter == nil {
			cfg.Jitter = steady(0)
		}
		r := runClient(w, w.Serve(h), cfg)
		h.Tells = r.status
		fn(w, h, r)
	})
}

// sent are the codes that a close frame brings to a client, and 1006 for the end of TCP without one.
// 1015 and gorilla's 1014 never arrive as such.
func sent(code wire.CloseCode) bool {
	return code == 1005 || code == 1006 || code.MaySend() && code != 1014
}

// Task 8.8 (10 points, after 8.1): The Go client follows the advice of the close code.
//
// Rules: 8.x.
func TestClientFollowsAdvice(t *testing.T) {
	for code, want := range advice {
		if !sent(code) {
			continue
		}
		withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
			call := h.Call("bob", time.Second)
			call.Welcomes("S1", false, "")
			call.Says("message", "m1")
			w.Sleep(time.Minute)
			w.Note("the server closes with %s, whose advice is %q", code, want)
			call.HangUp(int(code))
			if want == wire.Stop {
				select {
				case <-r.done:
				case <-time.After(time.Minute):
					w.Fatalf("Run should have returned: the advice of %s is to stop", code)
				}
				closed, ok := errors.AsType[*websocket.CloseError](r.err)
				if !errors.Is(r.err, client.ErrGaveUp) || !ok || closed.Code != int(code) {
					w.Fatalf("Run returned %v, want an error that is client.ErrGaveUp and a *websocket.CloseError with code %d", r.err, int(code))
				}
				return
			}
			expectNext(w, h, r, want)
		})
	}
}

// Task 8.8: The client tries again after an end that has no close code, if step 07 says so.
//
// Rules: 8.x.
func TestClientGoesOnAfterARefusal(t *testing.T) {
	withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
		call := h.Call("bob", time.Second)
		call.Welcomes("S1", false, "")
		call.Says("message", "m1")
		w.Sleep(time.Minute)
		w.Note("the server closes with 1001, and refuses the next handshake with 503")
		h.Answer(http.StatusServiceUnavailable)
		call.HangUp(1001)
		w.Sleep(2 * time.Second)
		h.Answer(http.StatusSwitchingProtocols)
		call = h.Call("bob", 2*time.Second)
		if s := call.Query.Get("session_id"); s != "S1" {
			w.Fatalf("bob's handshake has session_id %q, want %q", s, "S1")
		}
		w.Sleep(time.Minute)
		w.Note("now it refuses with 403")
		h.Answer(http.StatusForbidden)
		call.HangUp(1001)
		select {
		case <-r.done:
		case <-time.After(time.Minute):
			w.Fatalf("Run should have returned: after 403 no other attempt makes sense")
		}
	})
}

// expectNext fails unless the client connects as advised, having been in session S1 with message m1.
func expectNext(w *testclient.World, h *chattest.Host, r *runner, want wire.Advice) {
	w.Helper()
	delay, session, last := time.Second, "S1", "m1"
	switch want {
	case wire.NewSession:
		session, last = "", ""
	case wire.ResumeAtOnce:
		delay = 0
	}
	began := w.Elapsed()
	call := h.Call("bob", 2*time.Second)
	if got := w.Elapsed() - began; !nearly(got, delay) {
		w.Fatalf("bob connected again after %v, want %v: the advice is %q", got, delay, want)
	}
	if s, l := call.Query.Get("session_id"), call.Query.Get("last_message_id"); s != session || l != last {
		w.Fatalf("bob's handshake has session_id %q and last_message_id %q, want %q and %q: the advice is %q", s, l, session, last, want)
	}
}

// Task 8.8: Only the first of several retries comes at once, or a client would hammer on a server that cannot keep it.
//
// Rules: 8.y.
func TestClientGoesOnAtOnceOnlyOnce(t *testing.T) {
	withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
		call := h.Call("bob", time.Second)
		for range 2 {
			w.Sleep(time.Minute)
			for _, delay := range []time.Duration{0, 2 * time.Second, 4 * time.Second} {
				began := w.Elapsed()
				w.Note("the server closes with 4300 although the connection has not held")
				call.HangUp(4300)
				call = h.Call("bob", 5*time.Second)
				if got := w.Elapsed() - began; !nearly(got, delay) {
					w.Fatalf("bob connected again after %v, want %v", got, delay)
				}
			}
		}
	})
}

// Task 8.8: A new session is begun after the advice to do so, and that session is the one to resume afterwards.
//
// Rules: 8.x.
func TestClientBeginsAnotherSession(t *testing.T) {
	withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
		call := h.Call("bob", time.Second)
		call.Welcomes("S1", false, "")
		call.Says("message", "m1")
		w.Sleep(time.Minute)
		call.HangUp(4100)
		call = h.Call("bob", 2*time.Second)
		call.Welcomes("S2", false, "")
		w.Sleep(time.Minute)
		call.HangUp(1001)
		call = h.Call("bob", 2*time.Second)
		if s, l := call.Query.Get("session_id"), call.Query.Get("last_message_id"); s != "S2" || l != "" {
			w.Fatalf("bob's handshake has session_id %q and last_message_id %q, want %q and none", s, l, "S2")
		}
	})
}
