package chat_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// Task 7.11: The page gives up a connection when the server has been silent for idleTimeout, and closes its WebSocket.
//
// Rules: 7.bi, 7.ph.
func TestPageGivesUpASilentConnection(t *testing.T) {
	for _, idle := range []time.Duration{20 * time.Second, 100 * time.Second} {
		withPage(t, fmt.Sprintf("random: () => 0, idleTimeout: %d,", idle.Milliseconds()), func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
			call := connectPage(h, p)
			w.Sleep(idle - time.Second)
			call.Says("system", "a sign of life")
			p.Run("states.length = 0")
			w.Sleep(idle - time.Second)
			expectStates(w, p, fmt.Sprintf("The server has been silent for %v, 1s less than idleTimeout.", idle-time.Second))
			w.Sleep(1500 * time.Millisecond)
			expectStates(w, p, fmt.Sprintf("The server has been silent for longer than idleTimeout, %v.", idle), `waiting, code 1006, reason "", opened true, asked false`)
			select {
			case <-call.Ended:
			case <-time.After(time.Second):
				w.Fatalf("the page has given up a silent connection and left its WebSocket open: call close(), without waiting for the end")
			}
		})
	}
}

// Task 7.11: The end of a handshake ends the silence, and so does whatever the server sends.
//
// Rules: 7.bj.
func TestPageTakesSignsOfLife(t *testing.T) {
	withPage(t, "random: () => 0, idleTimeout: 20000,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		h.AnswerAfter(15 * time.Second)
		p.Run("client.connect()")
		w.Sleep(34 * time.Second)
		expectState(w, p, "open", "idleTimeout is 20s, and the server answered the handshake 19s ago: that was a sign of life")
		call := h.Call("page", time.Second)
		for _, sign := range []struct {
			what string
			kind int
			data string
		}{
			{"a heartbeat", websocket.TextMessage, `{"type":"heartbeat","message_id":"beat"}`},
			{"a message of a type that it does not know", websocket.TextMessage, `{"type":"of-a-later-step"}`},
			{"a text that is no message", websocket.TextMessage, `x`},
			{"a binary message", websocket.BinaryMessage, "x"},
		} {
			call.Write(sign.kind, sign.data)
			p.Run("states.length = 0")
			w.Sleep(19 * time.Second)
			expectStates(w, p, "idleTimeout is 20s, and the server sent "+sign.what+" 19s ago: that was a sign of life.")
		}
		w.Sleep(1500 * time.Millisecond)
		expectState(w, p, "waiting", "idleTimeout is 20s, and the server has been silent for 20.5s")
	})
}

// Task 7.10: A handshake that takes long is no connection that holds.
//
// Rules: 7.bd.
func TestPageSlowHandshakeIsNotStable(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		h.AnswerAfter(8 * time.Second)
		p.Run("client.connect()")
		for n := 1; n < 4; n++ {
			call := h.Call("page", time.Minute)
			w.Sleep(5 * time.Second)
			call.HangUp(1006)
			ended := w.Elapsed()
			w.Sleep(9 * time.Second)
			if got, want := pageDials(w, p, n+1)[n]-ended, time.Second<<(n-1); (got - want).Abs() > 2*time.Millisecond {
				w.Fatalf("retry %d came after %v, want %v: the handshake took 8s, and the connection held for 5s after it. "+
					"stableAfter, 10s, counts from the end of the handshake", n, got, want)
			}
		}
	})
}
