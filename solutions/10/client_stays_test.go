package chat_test

import (
	"net/http"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/solutions/10/client"
)

// failures are the ways in which a new connection does not open, in words and as deeds: one when bob
// is about to connect, and one when it has.
var failures = []struct {
	what    string
	prepare func(h *chattest.Host, r *runner)
	deed    func(second *chattest.Call)
}{
	{"bob cannot reach the server", func(_ *chattest.Host, r *runner) { r.link.Down(true) }, nil},
	{"the server is stopping too", func(h *chattest.Host, _ *runner) { h.Answer(http.StatusServiceUnavailable) }, nil},
	{"the server does not let bob in", func(h *chattest.Host, _ *runner) { h.Answer(http.StatusForbidden) }, nil},
	{"the handshake has no answer", func(h *chattest.Host, _ *runner) { h.Answer(chattest.Hangs) }, nil},
	{"the new connection is lost before its welcome", nil, func(second *chattest.Call) { second.HangUp(1006) }},
	{"the new connection is closed before its welcome", nil, func(second *chattest.Call) { second.HangUp(1001) }},
	{"the new connection is closed before its welcome", nil, func(second *chattest.Call) { second.HangUp(1008) }},
	{"the new connection says nothing for IdleTimeout", nil, func(second *chattest.Call) {}},
}

// Task 10.7: If the new connection does not open, the client stays where it is.
//
// Rules: 10.t, 10.v.
func TestClientStaysWhereItIs(t *testing.T) {
	for _, c := range failures {
		withHost(t, client.Config{Jitter: steady(0.5), IdleTimeout: 20 * time.Second}, func(w *testclient.World, h *chattest.Host, r *runner) {
			old := h.Call("bob", time.Second)
			old.Welcomes("s1", false, "")
			asksToMove(old, 10*time.Second)
			w.Sleep(4 * time.Second)
			w.Note("%s", c.what)
			if c.prepare != nil {
				c.prepare(h, r)
			}
			w.Sleep(2 * time.Second)
			var failed *chattest.Call
			if c.deed != nil {
				failed = h.Call("bob", time.Second)
				c.deed(failed)
			}
			if n := len(r.link.Dials()); n < 2 {
				w.Lacks("bob", "bob should have opened another connection in the window: %s", r.status())
			}
			for range 3 {
				w.Sleep(10 * time.Second)
				stillThere(w, old, c.what)
				old.Ping()
				r.expectSends(old, "old")
			}
			old.Says("message", "m1")
			r.expectGot("the old connection has brought it", "welcome-s1", "m1")
			r.expectSteady(c.what)
			if failed != nil {
				ended(w, failed, c.what)
			}
			r.link.Down(false)
			h.Answer(http.StatusSwitchingProtocols)
			w.Note("the server asks once more")
			asksToMove(old, 10*time.Second)
			second := h.Call("bob", 6*time.Second)
			second.Welcomes("s1", true, "")
			expectLeft(w, old, "old", "the new one has had its welcome")
		})
	}
}

// Task 10.7: Who could not move gives way to another client as always.
//
// Rules: 10.t.
func TestClientIsTakenOverAfterAMoveThatFailed(t *testing.T) {
	withHost(t, client.Config{Jitter: steady(0)}, func(w *testclient.World, h *chattest.Host, r *runner) {
		old := settled(w, h, r)
		h.Answer(http.StatusServiceUnavailable)
		asksToMove(old, 10*time.Second)
		w.Sleep(12 * time.Second)
		w.Note("the move has failed long ago; now the person connects from another device")
		old.HangUp(4001)
		select {
		case <-r.done:
		case <-time.After(time.Minute):
			w.Fatalf("Run should have returned: 4001 means stop, and it does not come from a move of bob's")
		}
	})
}

// Task 10.7: The end of a connection that could not be left is an end like any other.
//
// Rules: 10.t.
func TestClientComesBackAfterAMoveThatFailed(t *testing.T) {
	withHost(t, client.Config{Jitter: steady(0)}, func(w *testclient.World, h *chattest.Host, r *runner) {
		old := settled(w, h, r)
		h.Answer(http.StatusServiceUnavailable)
		asksToMove(old, 10*time.Second)
		w.Sleep(12 * time.Second)
		old.Says("message", "m2")
		h.Answer(http.StatusSwitchingProtocols)
		old.HangUp(1001)
		began := w.Elapsed()
		call := h.Call("bob", 2*time.Second)
		if got := w.Elapsed() - began; !nearly(got, time.Second) {
			w.Fatalf("bob connected again after %v, want 1s", got)
		}
		expectAsks(w, call, "s1", "m2")
		call.Welcomes("s1", true, "")
		expectNoOther(w, r, 3, "it has come back")
	})
}

// Task 10.7: A connection that ends while the client waits for its moment is one to come back from.
//
// Rules: 10.y.
func TestClientComesBackBeforeItsMoment(t *testing.T) {
	withHost(t, client.Config{Jitter: steady(0.5)}, func(w *testclient.World, h *chattest.Host, r *runner) {
		old := settled(w, h, r)
		asksToMove(old, 40*time.Second)
		w.Sleep(5 * time.Second)
		old.HangUp(1001)
		call := h.Call("bob", 2*time.Second)
		expectAsks(w, call, "s1", "m1")
		call.Welcomes("s1", true, "")
		expectNoOther(w, r, 2, "it has come back before the moment at which it would have moved")
	})
}

// ends are codes with each kind of advice, 1006 the end of TCP.
var ends = []int{1000, 1001, 1006, 1008, 4000, 4001, 4100, 4300}

// Task 10.7: While the new connection opens, the end of the old one has no effect.
//
// Rules: 10.y, 10.u.
func TestClientMovesAlthoughTheOldOneEnds(t *testing.T) {
	for _, code := range ends {
		withHost(t, client.Config{Jitter: steady(0.5)}, func(w *testclient.World, h *chattest.Host, r *runner) {
			old, second := moving(w, h, r)
			old.Says("message", "m3")
			w.Note("the old connection ends with %d before the new one has had its welcome", code)
			old.HangUp(code)
			w.Sleep(3 * time.Second)
			second.Welcomes("s1", true, "")
			second.Says("message", "m3")
			second.Says("message", "m4")
			r.expectGot("the new connection goes on where the old one ended", "m3", "welcome-s1", "m4")
			r.expectSends(second, "new")
			r.expectSteady("the new connection was opening when the old one ended")
			expectNoOther(w, r, 2, "it has moved")
		})
	}
}

// Task 10.7: After the new one's welcome, the end of the old one has no effect.
//
// Rules: 10.x.
func TestClientHasMovedWhenTheOldOneEnds(t *testing.T) {
	for _, code := range ends {
		withHost(t, client.Config{Jitter: steady(0.5)}, func(w *testclient.World, h *chattest.Host, r *runner) {
			old := settled(w, h, r)
			r.link.SetLatency(300 * time.Millisecond)
			asksToMove(old, 10*time.Second)
			second := h.Call("bob", 11*time.Second)
			second.Welcomes("s1", true, "")
			w.Note("the old connection ends with %d, which arrives after the new one's welcome", code)
			old.HangUp(code)
			r.expectSends(second, "new")
			r.expectSteady("it has moved")
			expectNoOther(w, r, 2, "it has moved")
			r.expectSends(second, "new")
		})
	}
}

// Task 10.7: If the new connection is lost after it has taken over, the client comes back.
//
// Rules: 10.y.
func TestClientComesBackAfterATakeover(t *testing.T) {
	for _, code := range ends {
		withHost(t, client.Config{Jitter: steady(0.5)}, func(w *testclient.World, h *chattest.Host, r *runner) {
			old, second := moving(w, h, r)
			w.Note("the server lets the new connection take over, which ends with %d before its welcome", code)
			old.HangUp(4001)
			w.Sleep(time.Second)
			second.HangUp(code)
			third := h.Call("bob", 2*time.Second)
			expectAsks(w, third, "s1", "m2")
		})
	}
}

// Task 10.7: If neither connection is left, the client follows the advice of the old one's code.
//
// Rules: 10.y.
func TestClientFollowsTheOldOne(t *testing.T) {
	withHost(t, client.Config{Jitter: steady(0.5)}, func(w *testclient.World, h *chattest.Host, r *runner) {
		old, second := moving(w, h, r)
		old.HangUp(4000)
		w.Sleep(time.Second)
		second.HangUp(1006)
		select {
		case <-r.done:
		case <-time.After(time.Minute):
			w.Fatalf("Run should have returned: the new connection did not open, and the old one's code, 4000, means stop")
		}
	})
}
