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

// Task 7.10: Two ChatClients of one page share neither timers nor counts of retries.
//
// Rules: 7.bl.
func TestPageRetriesForTwoClients(t *testing.T) {
	withTwo(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		one, two := connectTwo(w, h, p)
		endBoth(w, one, two)
		one = h.Call("page", 2*time.Second)
		expectTwo(w, p, "open waiting", "both have lost their connections; the first waits for 1s, the other for 5s")
		two = h.Call("page", 5*time.Second)
		expectTwo(w, p, "open open", "both have lost their connections; the first waited for 1s, the other for 5s")
		endBoth(w, one, two)
		p.Run("client.disconnect()")
		h.Call("page", 11*time.Second)
		expectTwo(w, p, "closed open", "disconnect() of the first was called while both waited")
	})
}

// Task 7.10: Each of two ChatClients of one page ends its own connection, also if the server does not answer.
//
// Rules: 7.bl.
func TestPageDisconnectsTwoClients(t *testing.T) {
	withTwo(t, "random: () => 0, WebSocket: MuteWebSocket,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		connectTwo(w, h, p)
		p.Run("client.disconnect()")
		w.Sleep(3 * time.Second)
		p.Run("other.disconnect()")
		w.Sleep(2500 * time.Millisecond)
		expectTwo(w, p, "closed open", "disconnect() of the first was called 5.5s ago, of the other 2.5s ago, and the server does not answer")
		w.Sleep(3 * time.Second)
		expectTwo(w, p, "closed closed", "disconnect() of the first was called 8.5s ago, of the other 5.5s ago, and the server does not answer")
	})
}

// Task 7.11: Each of two ChatClients of one page notices the silence of its own server.
//
// Rules: 7.bl.
func TestPageWatchesForTwoClients(t *testing.T) {
	withTwo(t, "random: () => 0, idleTimeout: 20000,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		_, two := connectTwo(w, h, p)
		w.Sleep(15 * time.Second)
		two.Says("system", "a sign of life")
		w.Sleep(5500 * time.Millisecond)
		expectTwo(w, p, "waiting open", "idleTimeout is 20s; the first has heard nothing for 20.5s, the other had a message 5.5s ago")
	})
}

// Task 7.12: Each of two ChatClients of one page continues its own session.
//
// Rules: 7.bl.
func TestPageContinuesTwoSessions(t *testing.T) {
	withTwo(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		one := connectPage(h, p)
		one.Welcomes("s1", false, "")
		one.Says("message", "m1")
		p.Run("other.connect()")
		two := h.Call("page", time.Second)
		expectResume(w, two, "", "", "this ChatClient connects for the first time; the session is that of another in the same page")
		two.Welcomes("s2", false, "")
		two.Says("message", "m2")
		endBoth(w, one, two)
		expectResume(w, h.Call("page", 2*time.Second), "s1", "m1", "the first of two ChatClients continues its own session")
		expectResume(w, h.Call("page", 5*time.Second), "s2", "m2", "the other of two ChatClients continues its own session")
	})
}

// connectTwo has both ChatClients connect, and returns their connections.
func connectTwo(w *testclient.World, h *chattest.Host, p *testpage.Page) (one, two *chattest.Call) {
	w.Helper()
	one = connectPage(h, p)
	p.Run("other.connect()")
	two = h.Call("page", time.Second)
	w.Settle()
	expectTwo(w, p, "open open", "both have connected")
	return one, two
}

// endBoth ends the connection of the first ChatClient, and then that of the other.
func endBoth(w *testclient.World, one, two *chattest.Call) {
	one.HangUp(1006)
	w.Settle()
	two.HangUp(1006)
	w.Settle()
}

// expectTwo fails unless the two ChatClients of a page have these states.
func expectTwo(w *testclient.World, p *testpage.Page, want, why string) {
	w.Helper()
	w.Settle()
	var got string
	if p.Get(`client.state + " " + other.state`, &got); got != want {
		w.Fatalf("the states of two ChatClients are %q, want %q: %s", got, want, why)
	}
}
