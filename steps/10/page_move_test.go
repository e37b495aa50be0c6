package chat_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
	chat "wsworkshop/steps/10"
)

// asksPage has the server ask the page to open another connection within a window.
func asksPage(w *testclient.World, call *chattest.Call, window time.Duration) {
	w.Note("the server asks for a move within %v", window)
	call.Write(websocket.TextMessage, fmt.Sprintf(`{"type":"reconnect","message_id":"r","data":{"window_ms":%d}}`, window.Milliseconds()))
}

// movingPage connects a page, whose session is S1, and has the server ask for a move within ten seconds.
func movingPage(t *testing.T, random string, fn func(w *testclient.World, h *chattest.Host, p *testpage.Page, old *chattest.Call)) {
	movingPageIn(t, random, 10*time.Second, fn)
}

func movingPageIn(t *testing.T, random string, window time.Duration, fn func(w *testclient.World, h *chattest.Host, p *testpage.Page, old *chattest.Call)) {
	withPage(t, "random: () => "+random+",", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		old := connectPage(h, p)
		old.Welcomes("S1", false, "")
		old.Says("message", "m1")
		w.Sleep(time.Minute)
		asksPage(w, old, window)
		fn(w, h, p, old)
	})
}

// expectHeard fails unless these are the ids of the messages that the page was given so far.
func expectHeard(w *testclient.World, p *testpage.Page, why string, want ...string) {
	w.Helper()
	w.Settle()
	var got []string
	p.Get(`got.filter(({ type }) => type === "message").map(({ message_id }) => message_id)`, &got)
	if !slices.Equal(got, want) {
		w.Fatalf("the page was given the messages %q, want %q: %s", got, want, why)
	}
}

// expectStillOpen fails unless the page has been open without a break since it was connected.
func expectStillOpen(w *testclient.World, p *testpage.Page, why string) {
	w.Helper()
	w.Settle()
	var got []string
	if p.Get(`states.map(({ state }) => state)`, &got); !slices.Equal(got, []string{"connecting", "open"}) {
		w.Fatalf("the states of the page were %q, want connecting and open alone: %s", got, why)
	}
}

// expectEnded fails unless the page ends a connection with 1000 within a second.
func expectEnded(w *testclient.World, call *chattest.Call, which string) {
	w.Helper()
	select {
	case <-call.Ended:
	case <-time.After(time.Second):
		w.Fatalf("the page has not ended the %s connection", which)
	}
	if e, ok := errors.AsType[*websocket.CloseError](call.End); !ok || e.Code != websocket.CloseNormalClosure {
		w.Fatalf("the page has ended the %s connection with %v, want a close frame with 1000", which, call.End)
	}
}

// Task 10.8 (8 points): The page moves to another connection without a gap.
//
// Rules: 10.r, 10.w, 10.x, 10.s, 10.u, 10.v.
func TestPageMoves(t *testing.T) {
	for _, c := range []struct {
		random string
		window time.Duration
	}{{"0", 10 * time.Second}, {"0.5", 10 * time.Second}, {"0.9", 10 * time.Second}, {"0.8", 5 * time.Minute}} {
		movingPageIn(t, c.random, c.window, func(w *testclient.World, h *chattest.Host, p *testpage.Page, old *chattest.Call) {
			var share float64
			fmt.Sscan(c.random, &share)
			began, want := w.Elapsed(), time.Duration(share*float64(c.window))
			next := h.Call("page", c.window)
			if got := w.Elapsed() - began; (got - want).Abs() > 2*time.Millisecond {
				w.Fatalf("the page has opened another connection after %v, want %v: random() is %s, and the window %v", got, want, c.random, c.window)
			}
			if s, l := next.Query.Get("session_id"), next.Query.Get("last_message_id"); s != "S1" || l != "m1" {
				w.Fatalf("the page's handshake has session_id %q and last_message_id %q, want S1 and m1", s, l)
			}
			w.Sleep(time.Second)
			old.Says("message", "m2")
			expectHeard(w, p, "the new connection has had no welcome: the old one is heard", "m1", "m2")
			w.Note("the new connection's welcome, and what the session has missed since m1")
			next.Welcomes("S1", true, "")
			next.Says("message", "m2")
			next.Says("message", "m3")
			expectEnded(w, old, "old")
			p.Run(`client.send({ type: "message", data: "after" })`)
			if text, ok := next.Heard(); !ok || !strings.Contains(text, "after") {
				w.Fatalf("the page's message did not come over the new connection; what came is %q", text)
			}
			expectHeard(w, p, "each message is given once, in order", "m1", "m2", "m3")
			expectStillOpen(w, p, "a move is no end")
			w.Sleep(time.Minute)
			next.Says("message", "m4")
			expectHeard(w, p, "the new connection goes on", "m1", "m2", "m3", "m4")
			var welcomes int
			if p.Get(`got.filter(({ type }) => type === "welcome").length`, &welcomes); welcomes != 2 {
				w.Fatalf("the page was given %d welcomes, want that of the old connection and that of the new one", welcomes)
			}
			if n := len(p.Dials()); n != 2 {
				w.Fatalf("the page has connected %s, want 2 times", times(n))
			}
			w.Note("the server asks once more")
			asksPage(w, next, c.window)
			h.Call("page", c.window).Welcomes("S1", true, "")
			expectEnded(w, next, "second")
			expectStillOpen(w, p, "a move is no end")
		})
	}
}

// Task 10.8: A page that has come back by itself moves no more.
//
// Rules: 10.v, 10.y.
func TestPageComesBackBeforeItsMoment(t *testing.T) {
	movingPageIn(t, "0.5", time.Minute, func(w *testclient.World, h *chattest.Host, p *testpage.Page, old *chattest.Call) {
		w.Note("the connection ends long before the page's moment")
		old.HangUp(1001)
		again := h.Call("page", 5*time.Second)
		again.Welcomes("S1", true, "")
		w.Sleep(2 * time.Minute)
		if n := len(p.Dials()); n != 2 {
			w.Fatalf("the page has connected %s, want 2 times: the connection that was to be left has ended", times(n))
		}
		asksPage(w, again, time.Minute)
		h.Call("page", time.Minute).Welcomes("S1", true, "")
		expectEnded(w, again, "second")
	})
}

// Task 10.8: What the page sends during a move arrives, over one of the two.
//
// Rules: 10.w.
func TestPageSendsDuringAMove(t *testing.T) {
	for _, status := range []int{101, 503} {
		movingPage(t, "0.5", func(w *testclient.World, h *chattest.Host, p *testpage.Page, old *chattest.Call) {
			h.AnswerAfter(2 * time.Second)
			h.Answer(status)
			w.Note("the new handshake takes 2 s, and is answered with %d", status)
			w.Sleep(6 * time.Second)
			p.Run(`client.send({ type: "message", data: "one" }); client.send({ type: "message", data: "two" })`)
			h.AnswerAfter(0)
			calls := []*chattest.Call{old}
			if status == 101 {
				next := h.Call("page", 3*time.Second)
				next.Welcomes("S1", true, "")
				calls = append(calls, next)
			}
			w.Sleep(2 * time.Second)
			var all []string
			for _, call := range calls {
				for text, ok := call.Heard(); ok; text, ok = call.Heard() {
					all = append(all, text)
				}
			}
			if len(all) != 2 || !strings.Contains(all[0], "one") || !strings.Contains(all[1], "two") {
				w.Fatalf("while it moved the page was given two messages to send; what came is %q", all)
			}
			expectStillOpen(w, p, "the page has a connection all the time")
		})
	}
}

// Task 10.8: A connection that does not open changes nothing.
//
// Rules: 10.t, 10.v.
func TestPageStays(t *testing.T) {
	movingPage(t, "0.5", func(w *testclient.World, h *chattest.Host, p *testpage.Page, old *chattest.Call) {
		w.Note("the next server refuses the page")
		h.Answer(503)
		w.Sleep(time.Minute)
		old.Says("message", "m2")
		expectHeard(w, p, "the old connection is still there", "m1", "m2")
		p.Run(`client.send({ type: "message", data: "still here" })`)
		if text, ok := old.Heard(); !ok || !strings.Contains(text, "still here") {
			w.Fatalf("the page's message did not come over the old connection; what came is %q", text)
		}
		expectStillOpen(w, p, "the old connection is still there")
		w.Note("the server asks once more, and now the next one has a place")
		h.Answer(101)
		asksPage(w, old, time.Second)
		next := h.Call("page", 2*time.Second)
		next.Welcomes("S1", true, "")
		expectEnded(w, old, "old")
		expectStillOpen(w, p, "the page has moved")
	})
}

// Task 10.8: The end of the old connection during a move has no effect.
//
// Rules: 10.t, 10.y.
func TestPageOutlivesItsOldConnection(t *testing.T) {
	for _, code := range []int{4001, 1001, 1006} {
		movingPage(t, "0", func(w *testclient.World, h *chattest.Host, p *testpage.Page, old *chattest.Call) {
			next := h.Call("page", time.Second)
			w.Note("the old connection ends with %d before the new one's welcome", code)
			old.HangUp(code)
			w.Sleep(time.Second)
			next.Welcomes("S1", true, "")
			next.Says("message", "m2")
			expectHeard(w, p, "the new connection has its welcome", "m1", "m2")
			expectStillOpen(w, p, "the new connection has taken the place of the old one")
			if n := len(p.Dials()); n != 2 {
				w.Fatalf("the page has connected %s, want 2 times", times(n))
			}
			w.Note("the server asks once more, and the next one refuses")
			h.Answer(503)
			asksPage(w, next, time.Second)
			w.Sleep(10 * time.Second)
			next.Says("message", "m3")
			expectHeard(w, p, "nothing has ended this connection", "m1", "m2", "m3")
		})
	}
}

// Task 10.8: When the old connection has ended and no new one opens, the page does what the end asks for.
//
// Rules: 10.y.
func TestPageLosesBothConnections(t *testing.T) {
	for _, c := range []struct {
		code, want int
	}{{4001, 1006}, {1001, 1001}, {1008, 1008}} {
		movingPage(t, "0.5", func(w *testclient.World, h *chattest.Host, p *testpage.Page, old *chattest.Call) {
			h.AnswerAfter(2 * time.Second)
			h.Answer(503)
			w.Sleep(6 * time.Second)
			w.Note("the old connection ends with %d, and a second later the new one is refused with 503", c.code)
			old.HangUp(c.code)
			w.Sleep(1500 * time.Millisecond)
			var got struct{ Code int }
			if p.Get(`states.at(-1)`, &got); got.Code != c.want {
				w.Fatalf("the page's last state came with the code %d, want %d: the old connection has ended with %d, and there is no new one", got.Code, c.want, c.code)
			}
			if c.code == 1008 {
				expectState(w, p, "closed", "1008 means that another attempt would end in the same way")
				return
			}
			h.AnswerAfter(0)
			h.Answer(101)
			h.Call("page", 5*time.Second).Welcomes("S1", true, "")
			expectState(w, p, "open", "the page has connected again")
		})
	}
}

// Task 10.8: An old connection that does not end holds up nothing.
//
// Rules: 10.x, 10.s.
func TestPageDoesNotWaitForTheOldOne(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		pages := start(w, chat.Config{})
		m := &mute{host: chattest.NewHost(w), over: make(chan struct{})}
		m.host.Pages = pages.chat
		p := openPage(w, w.Serve(m), "random: () => 0.5,")
		p.Run("client.connect()")
		w.Sleep(time.Second)
		tell := func(text string) {
			_ = m.conn.WriteMessage(websocket.TextMessage, []byte(text)) // if it fails, the page does not move
		}
		tell(`{"type":"welcome","message_id":"w","session_id":"S1","data":{"client_id":"page","room_id":"den","resumed":false}}`)
		tell(`{"type":"reconnect","message_id":"r","data":{"window_ms":4000}}`)
		next := m.host.Call("page", 3*time.Second)
		next.Welcomes("S1", true, "")
		w.Note("the old connection's server does not answer the page's close frame, and still sends")
		p.Run(`client.send({ type: "message", data: "after" })`)
		if text, ok := next.Heard(); !ok || !strings.Contains(text, "after") {
			w.Fatalf("the page's message did not come over the new connection; what came is %q", text)
		}
		tell(`{"type":"message","message_id":"m1","data":"x"}`)
		next.Says("message", "m1")
		expectHeard(w, p, "from the welcome on, the new connection alone is heard", "m1")
		w.Sleep(time.Minute)
		next.Says("message", "m2")
		expectHeard(w, p, "the new connection goes on", "m1", "m2")
		expectStillOpen(w, p, "the page has moved")
	})
}

// Task 10.8: A reconnect during a move begins no other move.
//
// Rules: 10.v.
func TestPageMovesOnce(t *testing.T) {
	movingPage(t, "0.9", func(w *testclient.World, h *chattest.Host, p *testpage.Page, old *chattest.Call) {
		for range 4 {
			w.Sleep(2 * time.Second)
			asksPage(w, old, 10*time.Second)
		}
		h.Call("page", 1100*time.Millisecond).Welcomes("S1", true, "") // 9 s after the first request
		expectEnded(w, old, "old")
	})
	movingPage(t, "0", func(w *testclient.World, h *chattest.Host, p *testpage.Page, old *chattest.Call) {
		next := h.Call("page", time.Second)
		asksPage(w, old, time.Second)
		w.Sleep(2 * time.Second)
		if n := len(p.Dials()); n != 2 {
			w.Fatalf("the page was asked again while it moved, and has connected %s, want 2 times", times(n))
		}
		next.Welcomes("S1", true, "")
		expectEnded(w, old, "old")
		expectStillOpen(w, p, "the page has moved")
	})
}

// Task 10.8: A page over the fallback moves as well, and still tries to get a WebSocket.
//
// Rules: 10.r, 10.w, 10.x.
func TestPageMovesOverTheFallback(t *testing.T) {
	for _, c := range []struct {
		what           string
		window, answer time.Duration
	}{
		{"no WebSocket is on its way", 4 * time.Second, 0},
		{"a WebSocket is on its way, and has no answer yet", 24 * time.Second, 30 * time.Second},
	} {
		withPage(t, "random: () => 0.5, upgradeAfter: 10000, Fallback: Fake,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
			w.Note("%s when the page moves", c.what)
			h.Answer(503)
			p.Run("client.connect()")
			p.Within(3*time.Second).Await("try the fallback", "fakes.length === 1")
			p.Run(`fakes[0].open()`)
			h.Answer(101)
			h.AnswerAfter(c.answer)
			p.Run(fmt.Sprintf(`fakes[0].tell({ type: "reconnect", message_id: "r", data: { window_ms: %d } })`, c.window.Milliseconds()))
			w.Sleep(c.window/2 - 10*time.Millisecond)
			var n int
			if p.Get("fakes.length", &n); n != 1 {
				w.Fatalf("the page has opened another connection before its moment, which is after %v", c.window/2)
			}
			w.Sleep(20 * time.Millisecond)
			if p.Get("fakes.length", &n); n != 2 {
				w.Fatalf("the page has opened %d event streams, want 2: it was to move after %v, and moves in the way that it has", n, c.window/2)
			}
			p.Run(`fakes[1].open()`)
			if p.Get("fakes[0].readyState", &n); n != 2 {
				w.Fatalf("the page has not closed the old event stream: the new one has had its welcome")
			}
			dials := len(p.Dials())
			h.AnswerAfter(0)
			w.Sleep(9 * time.Second)
			if got := len(p.Dials()); got != dials {
				w.Fatalf("the page has tried a WebSocket 9s after its move, want 10s: upgradeAfter is 10000")
			}
			h.Call("page", 2*time.Second).Welcomes("S1", true, "")
			w.Settle()
			if p.Get("fakes[1].readyState", &n); n != 2 {
				w.Fatalf("the page has not closed the second event stream: the WebSocket has had its welcome")
			}
		})
	}
}

// Task 10.8: disconnect() during a move ends both connections.
//
// Rules: 10.u.
func TestPageLeavesDuringAMove(t *testing.T) {
	movingPage(t, "0", func(w *testclient.World, h *chattest.Host, p *testpage.Page, old *chattest.Call) {
		next := h.Call("page", time.Second)
		p.Run("client.disconnect()")
		expectEnded(w, old, "old")
		p.Within(time.Second).Await("be closed, since the server has answered", `client.state === "closed"`)
		select {
		case <-next.Ended:
		case <-time.After(7 * time.Second):
			w.Fatalf("disconnect() was called during a move, and the new connection goes on")
		}
		w.Sleep(time.Minute)
		expectState(w, p, "closed", "disconnect() was called")
		if n := len(p.Dials()); n != 2 {
			w.Fatalf("the page has connected %s, want 2 times", times(n))
		}
	})
}
