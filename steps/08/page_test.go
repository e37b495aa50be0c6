package chat_test

import (
	"fmt"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
	"wsworkshop/steps/08/wire"
)

// Task 8.10 (5 points, after 8.1): The page follows the advice of the close code.
//
// Rules: 8.x.
func TestPageFollowsAdvice(t *testing.T) {
	for code, want := range advice {
		if !sent(code) {
			continue
		}
		withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
			call := connectPage(h, p)
			call.Welcomes("S1", false, "")
			call.Says("message", "m1")
			w.Sleep(time.Minute)
			w.Note("the server closes with %s, whose advice is %q", code, want)
			call.HangUp(int(code))
			expectAdvice(w, p, code, want)
			if want == wire.Stop {
				expectClosed(w, p, fmt.Sprintf("the advice of %s is to stop", code))
				return
			}
			delay, session, last := time.Second, "S1", "m1"
			switch want {
			case wire.NewSession:
				session, last = "", ""
			case wire.ResumeAtOnce:
				delay = 0
			}
			began := w.Elapsed()
			call = h.Call("page", 2*time.Second)
			if got := w.Elapsed() - began; (got - delay).Abs() > 2*time.Millisecond {
				w.Fatalf("the page connected again after %v, want %v: the advice is %q", got, delay, want)
			}
			if s, l := call.Query.Get("session_id"), call.Query.Get("last_message_id"); s != session || l != last {
				w.Fatalf("the page's handshake has session_id %q and last_message_id %q, want %q and %q: the advice is %q", s, l, session, last, want)
			}
		})
	}
}

// Task 8.10: The page forgets a session that is not to be resumed also if no retry is left.
//
// Rules: 8.x.
func TestPageForgetsWithoutARetry(t *testing.T) {
	withPage(t, "random: () => 0, maxAttempts: 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		call := connectPage(h, p)
		call.Welcomes("S1", false, "")
		w.Sleep(time.Minute)
		call.HangUp(4100)
		expectClosed(w, p, "no retry is left")
		call = connectPage(h, p)
		if s := call.Query.Get("session_id"); s != "" {
			w.Fatalf("the page asks for session %q, which it was told not to resume", s)
		}
	})
}

// Task 8.10: disconnect() ends the waiting for the next attempt, and its detail has the advice to stop.
//
// Rules: 8.x.
func TestPageStopsWaiting(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		connectPage(h, p).HangUp(1001)
		p.Await("wait", `client.state === "waiting"`)
		w.Note("disconnect() is called twice")
		p.Run("client.disconnect(); client.disconnect()")
		var got string
		if p.Get(`states.slice(-2).map(({ state, advice }) => state + ", " + advice).join("; ")`, &got); got != "waiting, resume after backoff; closed, stop" {
			w.Fatalf("state and advice, as onState was told them at last, are %q, want first waiting and then closed, once, with the advice \"stop\"", got)
		}
		expectClosed(w, p, "disconnect() was called")
	})
}

// expectAdvice fails unless the page was told the advice of a close code.
func expectAdvice(w *testclient.World, p *testpage.Page, code wire.CloseCode, want wire.Advice) {
	w.Helper()
	w.Settle()
	var got string
	if p.Get(`String(states.findLast(({ code }) => code !== undefined)?.advice)`, &got); got != want.String() {
		w.Fatalf("after %s the detail of onState has the advice %q, want %q", code, got, want)
	}
}

// Task 8.10: Only the first of several retries of the page comes at once.
//
// Rules: 8.y.
func TestPageGoesOnAtOnceOnlyOnce(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		call := connectPage(h, p)
		for range 2 {
			w.Sleep(time.Minute)
			for _, delay := range []time.Duration{0, 2 * time.Second, 4 * time.Second} {
				began := w.Elapsed()
				w.Note("the server closes with 4300 although the connection has not held")
				call.HangUp(4300)
				call = h.Call("page", 5*time.Second)
				if got := w.Elapsed() - began; (got - delay).Abs() > 2*time.Millisecond {
					w.Fatalf("the page connected again after %v, want %v", got, delay)
				}
			}
		}
	})
}

// late has a socket fire every event that an abandoned socket may still fire.
const late = `
old.dispatchEvent(new Event("open"));
old.dispatchEvent(new MessageEvent("message", { data: '{"type":"system","data":"late","message_id":"late"}' }));
old.dispatchEvent(new CloseEvent("close", { code: 1011 }));`

// Task 8.10: connect() does not wait for the end of a connection that disconnect() has closed, and that end changes nothing.
//
// Rules: 8.aa.
func TestPageConnectsWhileItCloses(t *testing.T) {
	withPage(t, "random: () => 0, WebSocket: MuteWebSocket,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		connectPage(h, p)
		w.Note("this browser never fires a close event after close()")
		p.Run("globalThis.old = socket; client.disconnect()")
		w.Sleep(2 * time.Second)
		p.Run("client.connect()")
		h.Call("page", time.Second)
		p.Await("be connected", `client.state === "open"`)
		w.Note("now it fires, and later the page's own time for the closing handshake has passed")
		p.Run(late)
		w.Sleep(time.Minute)
		expectState(w, p, "open", "the end of the old connection is no end of the new one")
		if n := len(p.Dials()); n != 2 {
			w.Fatalf("the page has connected %s, want 2 times: at first, and when connect() was called", times(n))
		}
	})
}
