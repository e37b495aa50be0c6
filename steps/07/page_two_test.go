package chat_test

import (
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// Task 7.9: Two ChatClients of one page share nothing: neither session nor timers nor counts.
func TestPageWithTwoClients(t *testing.T) {
	withPage(t, "random: () => 0, idleTimeout: 20000,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		h.Tells = func() string {
			var states []string
			p.Get("[client.state, other.state]", &states)
			return "one page has two ChatClients, and they share nothing; the state of the first is " + states[0] + ", of the other " + states[1]
		}
		p.Run(`const other = new ChatClient({ url: client.url, random: () => 0, idleTimeout: 20000, baseDelay: 5000 })`)
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
		two = h.Call("page", 6*time.Second)
		expectState(w, p, "closed", "disconnect() was called while it waited; it is the other ChatClient that connects again")
	})
}
