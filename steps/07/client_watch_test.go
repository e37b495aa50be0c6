package chat_test

import (
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/steps/07/client"
)

// Task 7.7: A connection is given up when the server has been silent for IdleTimeout, and a ping is a sign of life.
func TestClientGivesUpASilentConnection(t *testing.T) {
	for _, idle := range []time.Duration{20 * time.Second, 100 * time.Second} {
		withHost(t, client.Config{IdleTimeout: idle}, func(w *testclient.World, h *chattest.Host, r *runner) {
			call := h.Call("bob", time.Second)
			for _, sign := range []func(){call.Ping, func() { call.Says("system", "m1") }} {
				w.Sleep(idle - time.Second)
				if len(r.dials(1)) > 1 {
					w.Fatalf("bob has given up its connection %v after the server's last sign of life, 1s before IdleTimeout: "+
						"pings and messages are signs of life", idle-time.Second)
				}
				sign()
			}
			heard := w.Elapsed()
			h.Call("bob", 3*time.Minute)
			dials := r.dials(2)
			if got, want := dials[1]-heard, idle+time.Second; !nearly(got, want) {
				w.Fatalf("bob connected again %v after the server's last sign of life, want %v: IdleTimeout is %v, not another number, "+
					"and the first retry comes after 1s", got, want, idle)
			}
		})
	}
}
