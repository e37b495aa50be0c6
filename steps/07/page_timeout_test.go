package chat_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// late has a socket fire every event that an abandoned socket may still fire.
const late = `
old.dispatchEvent(new Event("open"));
old.dispatchEvent(new MessageEvent("message", { data: '{"type":"system","data":"late","message_id":"late"}' }));
old.dispatchEvent(new CloseEvent("close", { code: 1011 }));`

// expectNoEffect has the socket called old fire its late events, and fails if they have an effect.
func expectNoEffect(w *testclient.World, p *testpage.Page, why string) {
	w.Helper()
	look := func() (seen struct {
		State  string
		States int // how often onState was called
		Got    int
	}) {
		p.Get("({ State: client.state, States: states.length, Got: got.length })", &seen)
		return seen
	}
	before := look()
	p.Run(late)
	w.Settle()
	if after := look(); after != before {
		w.Fatalf("a socket that the page had abandoned fired open, message and close, late: the page's state is %q, was %q, "+
			"and onState was called %s more, onMessage %s; want no effect (rule 7.pm): %s",
			after.State, before.State, times(after.States-before.States), times(after.Got-before.Got), why)
	}
}

// Task 7.11 (3 points, after 7.10): The page gives up a silent server.
//
// Rules: 7.bi, 7.ph.
func TestPageHandshakeIsNeverAnswered(t *testing.T) {
	for _, idle := range []time.Duration{65 * time.Second, 20 * time.Second} {
		options := fmt.Sprintf("idleTimeout: %d, maxAttempts: 3, random: () => 0, WebSocket: MuteWebSocket,", idle.Milliseconds())
		withPage(t, options, func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
			h.Answer(chattest.Hangs)
			p.Run("client.connect()")
			for n := 1; n <= 3; n++ {
				w.Sleep(idle - time.Second)
				expectState(w, p, "connecting", fmt.Sprintf("the handshake of attempt %d has had no answer for %v, 1s less than idleTimeout", n, idle-time.Second))
				w.Sleep(1500 * time.Millisecond)
				expectState(w, p, "waiting", fmt.Sprintf("the handshake of attempt %d has had no answer for longer than idleTimeout, %v", n, idle))
				if dials := len(p.Dials()); dials != n {
					w.Fatalf("the page has connected %s, want %d times", times(dials), n)
				}
				w.Sleep(doubled(time.Second, 30*time.Second, n) - 500*time.Millisecond)
			}
			w.Sleep(idle + time.Second)
			expectClosed(w, p, "three retries have failed: their handshakes had no answer")
			var end struct {
				Code          int
				Opened, Asked bool
			}
			if p.Get("states.at(-1)", &end); end.Code != 1006 || end.Opened || end.Asked {
				w.Fatalf("onState was told of the end: code %d, opened %v, asked %v; want 1006, false, false", end.Code, end.Opened, end.Asked)
			}
		})
	}
}

// Task 7.11: A page whose handshake had no answer tries again, and keeps the connection that it then gets.
//
// Rules: 7.bj, 7.pm.
func TestPageConnectsAfterSilence(t *testing.T) {
	withPage(t, "idleTimeout: 65000, random: () => 0, WebSocket: MuteWebSocket,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		h.Answer(chattest.Hangs)
		p.Run("client.connect()")
		w.Sleep(65*time.Second + 500*time.Millisecond)
		p.Run("globalThis.old = socket")
		expectNoEffect(w, p, "it waits for its next attempt")
		h.Answer(http.StatusSwitchingProtocols)
		call := h.Call("page", time.Second)
		p.Await("be connected", `client.state === "open"`)
		expectNoEffect(w, p, "there is a newer connection")
		for range 5 {
			w.Sleep(60 * time.Second)
			call.Says("system", "a sign of life")
		}
		expectState(w, p, "open", "the server was never silent for idleTimeout")
		w.Sleep(66*time.Second + 500*time.Millisecond)
		if n := len(p.Dials()); n != 3 {
			w.Fatalf("the page has connected %s, want 3 times: the server was silent for idleTimeout twice, first in the handshake", times(n))
		}
	})
}

// Task 7.11: A page without the option idleTimeout keeps the connection of a silent server.
//
// Rules: 7.bk.
func TestPageWaitsForASlowServer(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		connectPage(h, p)
		w.Sleep(time.Hour)
		expectState(w, p, "open", "idleTimeout is zero: the server may be silent for ever")
	})
}

// Task 7.10: disconnect ends a handshake at once, and late events of its WebSocket have no effect.
//
// Rules: 7.pf, 7.pm.
func TestPageDisconnectsInHandshake(t *testing.T) {
	withPage(t, "idleTimeout: 65000, random: () => 0, WebSocket: MuteWebSocket,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		h.Answer(chattest.Hangs)
		p.Run("client.connect()")
		w.Sleep(5 * time.Second)
		p.Run("globalThis.old = socket; client.disconnect()")
		expectClosed(w, p, "disconnect() was called while it was connecting")
		expectNoEffect(w, p, "it has been disconnected")
		h.Answer(http.StatusSwitchingProtocols)
		connectPage(h, p)
		expectNoEffect(w, p, "there is a newer connection")
	})
}

// Task 7.10: disconnect ends a connection within five seconds, also if the server does not answer.
//
// Rules: 7.pg, 7.pm.
func TestPageDisconnectsFromSilence(t *testing.T) {
	withPage(t, "random: () => 0, WebSocket: MuteWebSocket,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		connectPage(h, p)
		p.Run("globalThis.old = socket; client.disconnect(); client.disconnect()")
		w.Sleep(5*time.Second + 100*time.Millisecond)
		expectClosed(w, p, "disconnect() was called 5s ago, and the server does not answer the close frame")
		expectNoEffect(w, p, "it has been disconnected")
		connectPage(h, p)
		w.Sleep(time.Minute)
		expectState(w, p, "open", "it has connected again")
	})
}

// Task 7.10: An attempt that connect begins uses up no retry.
//
// Rules: 7.pd.
func TestPageConnectUsesUpNoRetry(t *testing.T) {
	withPage(t, "random: () => 0, baseDelay: 2000, maxAttempts: 3,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		call := connectPage(h, p)
		p.Down(true)
		call.HangUp(1006)
		for n := range 10 {
			w.Sleep(500 * time.Millisecond)
			expectState(w, p, "waiting", fmt.Sprintf("connect() was called %s while it waited, and each attempt has failed; none of them is a retry", times(n)))
			p.Run("client.connect(); client.connect()")
		}
		w.Settle()
		pageDials(w, p, 11)
		w.Sleep(10 * time.Minute)
		if n := len(p.Dials()); n != 14 {
			w.Fatalf("the page has connected %s, want 14 times: at first, ten times when connect() was called while it waited, and then for maxAttempts retries, 3", times(n))
		}
		expectClosed(w, p, "no retry is left")
	})
}
