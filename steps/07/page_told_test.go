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
  (seen === state ? state : state + " (client.state was " + seen + ")") +
  (state === "connecting" || state === "open" ? "" :
    ", code " + code + ", reason " + JSON.stringify(reason) + ", opened " + opened + ", asked " + asked))`

// expectStates fails unless onState was called with these since the last time, each a line as in inLines.
func expectStates(w *testclient.World, p *testpage.Page, why string, want ...string) {
	w.Helper()
	w.Settle()
	var got []string
	if p.Get(inLines, &got); !slices.Equal(got, want) {
		w.Fatalf("onState was called with\n  %s\nwant\n  %s\n%s", lines(got), lines(want), why)
	}
}

// lines writes a list below its title.
func lines(list []string) string {
	if len(list) == 0 {
		return "nothing: no call"
	}
	return strings.Join(list, "\n  ")
}

// Task 7.10: onState is told of each change, and of what is known of each end.
//
// Rules: 7.pa, 7.pb.
func TestPageTellsOfEachEnd(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		expectState(w, p, "closed", "connect() has not been called")
		p.Run("client.disconnect()")
		expectStates(w, p, "disconnect() of a client that is closed changes nothing")

		call := connectPage(h, p)
		expectStates(w, p, "The page has connected.", "connecting", "open")
		p.Down(true)
		call.HangUpWith(1011, "out of memory")
		expectStates(w, p, "The server has ended the connection.", `waiting, code 1011, reason "out of memory", opened true, asked false`)
		w.Sleep(1500 * time.Millisecond)
		expectStates(w, p, "Nobody listens at the first retry.", "connecting", `waiting, code 1006, reason "", opened false, asked false`)
		p.Down(false)
		h.Answer(404)
		w.Sleep(2 * time.Second)
		expectStates(w, p, "The second retry was refused.", "connecting", `waiting, code 1006, reason "", opened false, asked false`)
		h.Answer(101)
		w.Sleep(4 * time.Second)
		expectStates(w, p, "The third retry had an answer.", "connecting", "open")
		h.Call("page", time.Second).HangUpWith(4001, "taken over")
		expectStates(w, p, "The server has ended the connection for good.", `closed, code 4001, reason "taken over", opened true, asked false`)

		h.Answer(chattest.Hangs)
		p.Run("client.connect()")
		w.Sleep(time.Second)
		p.Run("client.disconnect()")
		expectStates(w, p, "disconnect() was called while the page was connecting.", "connecting", `closed, code 1006, reason "", opened false, asked true`)
		h.Answer(101)
		connectPage(h, p).HangUp(1006)
		expectStates(w, p, "The connection was lost, and disconnect() ended only the attempt before.", "connecting", "open",
			`waiting, code 1006, reason "", opened true, asked false`)
	})
}

// Task 7.10: onState is told the delay that there is, with the random part of it.
//
// Rules: 7.pk.
func TestPageTellsTheDelay(t *testing.T) {
	withPage(t, "random: Math.random, baseDelay: 20000,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		call := connectPage(h, p)
		for range 5 {
			w.Sleep(time.Minute)
			began := w.Elapsed()
			call.HangUp(1006)
			w.Settle()
			var told float64
			p.Get("states.at(-1).delay", &told)
			call = h.Call("page", time.Minute)
			want := time.Duration(told * float64(time.Millisecond))
			if got := w.Elapsed() - began; (got - want).Abs() > 10*time.Millisecond {
				w.Fatalf("onState was told a delay of %v, and the page connected again after %v: is random() asked twice?", want, got)
			}
		}
	})
}

// Task 7.10: onState is told that disconnect has ended the waiting.
//
// Rules: 7.pa, 7.pf.
func TestPageTellsThatItStoppedWaiting(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		connectPage(h, p).HangUp(1006)
		w.Settle()
		expectState(w, p, "waiting", "its connection has ended")
		p.Run("states.length = 0; client.disconnect(); client.disconnect()")
		var told []string
		p.Get(`states.map(({ state, seen, asked }) => state + ", asked " + asked)`, &told)
		if want := "closed, asked true"; !slices.Equal(told, []string{want}) {
			w.Fatalf("onState was called with\n  %s\nwant\n  %s\ndisconnect() was called twice while the page waited; the first call ends the waiting, at once",
				lines(told), want)
		}
	})
}

// Task 7.10: disconnect waits for the server's close frame, also if it comes late, and tells its code.
//
// Rules: 7.pg.
func TestPageFinishesTheClosingHandshake(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		call := connectPage(h, p)
		p.Client().SetLatency(2 * time.Second)
		p.Run(`states.length = 0; client.disconnect(4100, "goodbye")`)
		w.Sleep(3500 * time.Millisecond)
		expectStates(w, p, "disconnect() was called 3.5s ago, and the server's answer takes 4s.")
		w.Sleep(time.Second)
		expectStates(w, p, "The server has answered the close frame.", `closed, code 4100, reason "", opened true, asked true`)
		expectClosed(w, p, "disconnect() was called while it was connected")
		if closed, ok := call.End.(*websocket.CloseError); !ok || closed.Code != 4100 || closed.Text != "goodbye" {
			w.Fatalf("disconnect(4100, \"goodbye\") was called, and the server saw the connection end with %v", call.End)
		}
	})
}

// Task 7.10: A second call of disconnect does not give the server more time.
//
// Rules: 7.pg.
func TestPageDisconnectsImpatiently(t *testing.T) {
	withPage(t, "random: () => 0, WebSocket: MuteWebSocket,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		for range 2 {
			connectPage(h, p)
			p.Run("states.length = 0; client.disconnect()")
			w.Sleep(3 * time.Second)
			p.Run("client.disconnect()")
			w.Sleep(3 * time.Second)
			expectStates(w, p, "disconnect() was called 6s ago and again 3s ago, and the server does not answer.",
				`closed, code 1006, reason "", opened true, asked true`)
		}
		connectPage(h, p)
		w.Sleep(time.Minute)
		expectState(w, p, "open", "it has connected again, and no timer of the connection before may end this one")
	})
}
