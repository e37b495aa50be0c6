package chat_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// inLines writes what onState was called with, a line for each call.
const inLines = `states.splice(0).map(({ state, seen, code, reason, opened, asked }) =>
  (seen === state ? state : state + " (client.state is " + seen + ")") +
  (state === "connecting" || state === "open" ? "" :
    ", code " + code + ", reason " + JSON.stringify(reason) + ", opened " + opened + ", asked " + asked))`

// expectStates fails unless onState was called with these since the last time, each a line as in inLines.
func expectStates(w *testclient.World, p *testpage.Page, why string, want ...string) {
	w.Helper()
	w.Settle()
	var got []string
	if p.Get(inLines, &got); !slices.Equal(got, want) {
		w.Fatalf("%s: onState was called with\n  %s\nwant\n  %s\nThe detail has the code and the reason of the close event, or 1006 and \"\" "+
			"where there was none; opened says whether that connection was open, asked whether disconnect() was called",
			why, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// Task 7.9: onState is told of each change, and of each end what is known of it.
func TestPageTellsOfEachEnd(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		expectState(w, p, "closed", "connect() has not been called")
		p.Run("client.disconnect()")
		expectStates(w, p, "disconnect() of a client that is closed changes nothing")

		call := connectPage(h, p)
		expectStates(w, p, "the page has connected", "connecting", "open")
		p.Down(true)
		call.HangUpWith(1011, "out of memory")
		expectStates(w, p, "the server has ended the connection", `waiting, code 1011, reason "out of memory", opened true, asked false`)
		w.Sleep(1500 * time.Millisecond)
		expectStates(w, p, "nobody listens at the first retry", "connecting", `waiting, code 1006, reason "", opened false, asked false`)
		p.Run("client.disconnect()")
		expectStates(w, p, "disconnect() was called while it waited", `closed, code 1000, reason "", opened false, asked true`)
		p.Down(false)

		connectPage(h, p).HangUpWith(4001, "taken over")
		expectStates(w, p, "the server has ended the connection for good", "connecting", "open",
			`closed, code 4001, reason "taken over", opened true, asked false`)

		h.Answer(chattest.Hangs)
		p.Run("client.connect()")
		w.Sleep(time.Second)
		p.Run("client.disconnect()")
		expectStates(w, p, "disconnect() was called while it was connecting", "connecting", `closed, code 1006, reason "", opened false, asked true`)
	})
}

// Task 7.9: disconnect finishes the closing handshake where the server answers, however slowly, and reports its code.
func TestPageFinishesTheClosingHandshake(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		call := connectPage(h, p)
		p.Client().SetLatency(2 * time.Second)
		p.Run(`states.length = 0; client.disconnect(4100, "goodbye")`)
		w.Sleep(3500 * time.Millisecond)
		expectStates(w, p, "disconnect() was called 3.5s ago, and the server's answer takes 4s")
		w.Sleep(time.Second)
		expectStates(w, p, "the server has answered the close frame", `closed, code 4100, reason "", opened true, asked true`)
		if closed, ok := call.End.(*websocket.CloseError); !ok || closed.Code != 4100 || closed.Text != "goodbye" {
			w.Fatalf("disconnect(4100, \"goodbye\") was called, and the server saw the connection end with %v", call.End)
		}
	})
}

// Task 7.9: A call of disconnect that follows another does not give the server more time.
func TestPageDisconnectsImpatiently(t *testing.T) {
	withPage(t, "random: () => 0, WebSocket: MuteWebSocket,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		for range 2 {
			connectPage(h, p)
			p.Run("states.length = 0; client.disconnect()")
			w.Sleep(3 * time.Second)
			p.Run("client.disconnect()")
			w.Sleep(3 * time.Second)
			expectStates(w, p, "disconnect() was called 6s ago and again 3s ago, and the server does not answer",
				`closed, code 1006, reason "", opened true, asked true`)
		}
		connectPage(h, p)
		w.Sleep(time.Minute)
		expectState(w, p, "open", "it has connected again, and no timer of the connection before may end this one")
	})
}
