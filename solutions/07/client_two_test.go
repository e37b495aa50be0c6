package chat_test

import (
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/solutions/07/client"
)

// Task 7.7: Two clients in one program share no session, no connection and no delays.
//
// Rules: 7.bl.
func TestTwoClientsShareNothing(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h := chattest.NewHost(w)
		s := w.Serve(h)
		ana := runOver(w, s, s.Link(testclient.As("ana")), client.Config{Jitter: steady(0)})
		h.Tells = ana.status
		one := h.Call("ana", time.Second)
		one.Welcomes("s1", false, "")
		one.Says("message", "m1")

		bob := runOver(w, s, s.Link(testclient.As("bob")), client.Config{Jitter: steady(0), BaseDelay: 5 * time.Second})
		h.Tells = bob.status
		two := h.Call("bob", time.Second)
		expectResume(w, two, "", "", "bob connects for the first time; the session is that of ana, another client of the same program")
		two.Welcomes("s2", false, "")
		two.Says("message", "m2")
		expectSent(w, ana, one, "from ana")
		expectSent(w, bob, two, "from bob")

		one.HangUp(1006)
		two.HangUp(1006)
		one = h.Call("ana", 2*time.Second)
		expectResume(w, one, "s1", "m1", "ana continues her own session; bob is another client of the same program")
		two = h.Call("bob", 5*time.Second)
		expectResume(w, two, "s2", "m2", "bob continues his own session; ana is another client of the same program")
	})
}
