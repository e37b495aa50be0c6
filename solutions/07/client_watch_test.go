package chat_test

import (
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/solutions/07/client"
)

// signs are what ends the silence of a server, in words and as a deed.
var signs = []struct {
	what string
	show func(*chattest.Call)
}{
	{"the end of the handshake", func(*chattest.Call) {}},
	{"a ping", (*chattest.Call).Ping},
	{"a message", func(c *chattest.Call) { c.Says("system", "m1") }},
	{"a message of a later step", func(c *chattest.Call) { c.Write(websocket.BinaryMessage, "\x00") }},
}

// Task 7.7: The client gives up each connection on which nothing has come for IdleTimeout.
//
// Rules: 7.bi, 7.bj.
func TestClientGivesUpASilentConnection(t *testing.T) {
	for _, idle := range []time.Duration{20 * time.Second, 100 * time.Second} {
		testclient.Run(t, func(w *testclient.World) {
			h := chattest.NewHost(w)
			h.AnswerAfter(idle - time.Second)
			r := runClient(w, w.Serve(h), client.Config{IdleTimeout: idle, Jitter: steady(0)})
			h.Tells = r.status
			for n := 1; n <= len(signs); n++ {
				call := h.Call("bob", idle+40*time.Second)
				var latest string
				for _, sign := range signs[:n] {
					sign.show(call)
					latest = sign.what
					w.Sleep(idle - time.Second)
					if len(r.dials(n)) > n {
						w.Fatalf("bob has given up connection %d within %v of %s, want not before IdleTimeout, which is %v",
							n, idle-time.Second, latest, idle)
					}
				}
				w.Sleep(1500 * time.Millisecond)
				select {
				case <-call.Ended:
				default:
					w.Lacks("bob", "bob still has connection %d, and nothing has come since %s, %v ago: it should be given up after IdleTimeout, which is %v",
						n, latest, idle+500*time.Millisecond, idle)
				}
			}
		})
	}
}

// Task 7.7: With IdleTimeout zero, a connection may be silent for ever.
//
// Rules: 7.bk.
func TestClientWithoutIdleTimeout(t *testing.T) {
	withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
		h.Call("bob", time.Second)
		w.Sleep(24 * time.Hour)
		if n := len(r.dials(1)); n > 1 {
			w.Fatalf("bob has connected %d times, want once: IdleTimeout is zero, which means no limit", n)
		}
	})
}
