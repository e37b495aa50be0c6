package chat_test

import (
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// withTwo is a test of a page that has a second ChatClient, called other.
func withTwo(t *testing.T, options string, fn func(w *testclient.World, h *chattest.Host, p *testpage.Page)) {
	withPage(t, options, func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		h.Tells = func() string {
			var states []string
			p.Get("[client.state, other.state]", &states)
			return "the page has two ChatClients, which share nothing; the state of the first is " + states[0] + ", of the other " + states[1]
		}
		p.Run(`const other = new ChatClient({ url: client.url, ` + options + ` baseDelay: 5000 })`)
		fn(w, h, p)
	})
}

// Task 7.12: Two ChatClients of one page share nothing, neither session nor timers nor counts.
//
// Rules: 7.bl.
func TestPageWithTwoClients(t *testing.T) {
	withTwo(t, "random: () => 0, idleTimeout: 20000,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		one := connectPage(h, p)
		one.Welcomes("s1", false, "")
		one.Says("message", "m1")
		p.Run("other.connect()")
		two := h.Call("page", time.Second)
		expectResume(w, two, "", "", "this ChatClient connects for the first time; the session is that of another in the same page")
		two.Welcomes("s2", false, "")
		two.Says("message", "m2")

		one.HangUp(1006)
		two.HangUp(1006)
		one = h.Call("page", 2*time.Second)
		expectResume(w, one, "s1", "m1", "the first of two ChatClients continues its own session")
		two = h.Call("page", 5*time.Second)
		expectResume(w, two, "s2", "m2", "the other of two ChatClients continues its own session")

		for range 3 {
			w.Sleep(9 * time.Second)
			two.Says("system", "a sign of life")
		}
		one = h.Call("page", time.Second) // the first has heard nothing for idleTimeout
		one.HangUp(1006)
		two.HangUp(1006)
		p.Run("client.disconnect()")
		h.Call("page", 11*time.Second)
		expectState(w, p, "closed", "disconnect() was called while it waited; it is the other ChatClient that connects again")
	})
}

// Task 7.10: Each of two ChatClients of one page ends its own connection, also if the server does not answer.
//
// Rules: 7.bl, 7.pg.
func TestPageDisconnectsTwoClients(t *testing.T) {
	withTwo(t, "random: () => 0, WebSocket: MuteWebSocket,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		connectPage(h, p)
		p.Run("other.connect()")
		h.Call("page", time.Second)
		w.Settle()
		p.Run("client.disconnect()")
		w.Sleep(3 * time.Second)
		p.Run("other.disconnect()")
		w.Sleep(2500 * time.Millisecond)
		expectTwo(w, p, "closed open", "disconnect() of the first was called 5.5s ago, of the other 2.5s ago, and the server does not answer")
		w.Sleep(3 * time.Second)
		expectTwo(w, p, "closed closed", "disconnect() of the first was called 8.5s ago, of the other 5.5s ago, and the server does not answer")
	})
}

// expectTwo fails unless the two ChatClients of a page have these states.
func expectTwo(w *testclient.World, p *testpage.Page, want, why string) {
	w.Helper()
	var got string
	if p.Get(`client.state + " " + other.state`, &got); got != want {
		w.Fatalf("the states of two ChatClients are %q, want %q: %s", got, want, why)
	}
}
