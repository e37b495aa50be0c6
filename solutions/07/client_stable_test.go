package chat_test

import (
	"cmp"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/solutions/07/client"
)

// Task 7.8: The delays are short again after a connection that has held for StableAfter, not when it opens.
//
// Rules: 7.bd.
func TestClientDelaysBeginAnew(t *testing.T) {
	for _, stable := range []time.Duration{4 * time.Second, 40 * time.Second, 0} {
		withHost(t, client.Config{StableAfter: stable}, func(w *testclient.World, h *chattest.Host, r *runner) {
			least := cmp.Or(stable, 10*time.Second) // zero means that
			call := h.Call("bob", time.Second)
			for _, life := range aroundStable(least) {
				w.Sleep(life.held)
				call.HangUp(1006)
				ended := w.Elapsed()
				call = h.Call("bob", 40*time.Second)
				if got := w.Elapsed() - ended; !nearly(got, life.delay) {
					w.Fatalf("after a connection that held for %v, the next attempt came %v later, want %v: StableAfter is %v, and only a connection that has held for so long makes the delays short again",
						life.held, got, life.delay, least)
				}
			}
		})
	}
}

// Task 7.8: The time of a handshake is no time for which the connection has held.
//
// Rules: 7.bd.
func TestClientSlowHandshakeIsNotStable(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h := chattest.NewHost(w)
		s := w.Serve(h)
		r := runOver(w, s, s.Link(testclient.As("bob"), testclient.Latency(8*time.Second)), client.Config{Jitter: steady(0)})
		for range 4 {
			h.Call("bob", time.Minute).HangUp(1006)
		}
		dials := r.dials(4)
		for n := 2; n < 4; n++ {
			first, later := dials[1]-dials[0], dials[n]-dials[n-1]
			if more := time.Duration(1<<(n-1)-1) * time.Second; !nearly(later-first, more) {
				w.Fatalf("bob waited %v longer before retry %d than before the first, want %v: each handshake took 16s, and the "+
					"connection ended at once. StableAfter counts from the end of the handshake", later-first, n, more)
			}
		}
	})
}
