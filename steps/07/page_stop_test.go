package chat_test

import (
	"fmt"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// Task 7.10: After a close code that forbids another attempt the page makes none.
//
// Rules: 7.be.
func TestPageIsForbidden(t *testing.T) {
	for _, code := range forbidding {
		withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
			call := connectPage(h, p)
			w.Sleep(time.Minute)
			call.HangUp(code)
			expectClosed(w, p, "the close code forbids another attempt")
		})
	}
}

// Task 7.10: After a close code that allows another attempt the page makes one.
//
// Rules: 7.be.
func TestPageIsNotForbidden(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		call := connectPage(h, p)
		for _, code := range passing {
			w.Sleep(time.Minute)
			w.Note("the server ends the connection with %d", code)
			call.HangUp(code)
			call = h.Call("page", 40*time.Second)
		}
	})
}

// Task 7.10: After maxAttempts retries in a row that failed the page is closed, until connect is called.
//
// Rules: 7.pc.
func TestPageGivesUp(t *testing.T) {
	for _, most := range []int{10, 3} {
		options := ""
		if most != 10 { // which it is without that option
			options = fmt.Sprintf("maxAttempts: %d,", most)
		}
		withPage(t, options+"random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
			call := connectPage(h, p)
			p.Down(true)
			for range 2 {
				call.HangUp(1006)
				w.Sleep(10 * time.Minute)
				if n := len(p.Dials()); n != 1+most {
					w.Fatalf("the page has connected %s, want %d times: at first, and then %d retries", times(n), 1+most, most)
				}
				expectClosed(w, p, "no retry is left")
			}
			p.Run("client.connect()")
			w.Sleep(20 * time.Second)
			expectPageDelays(w, pageDials(w, p, 1+most+4)[1+most:], time.Second, 30*time.Second, 1, 1)
		})
	}
}

// Task 7.10: Retries from before a stable connection do not count, and those before an unstable one do.
//
// Rules: 7.bd, 7.pc.
func TestPageCountsInARow(t *testing.T) {
	withPage(t, "random: () => 0, maxAttempts: 3,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		call := connectPage(h, p)
		for range 3 {
			p.Down(true)
			call.HangUp(1006)
			w.Sleep(5 * time.Second) // retries after 1 s and 3 s have failed, the third comes after 7 s
			p.Down(false)
			call = h.Call("page", 5*time.Second)
			w.Sleep(time.Minute)
		}
		for range 3 {
			call.HangUp(1006)
			call = h.Call("page", 10*time.Second)
		}
		call.HangUp(1006)
		expectClosed(w, p, "three retries in a row have brought no connection that held")
	})
}

// Task 7.10: disconnect ends the waiting or the attempt, and the page stays closed.
//
// Rules: 7.pf.
func TestPageDisconnects(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		for _, waits := range []time.Duration{0, 5 * time.Second} {
			call := connectPage(h, p)
			p.Down(true)
			call.HangUp(1006)
			w.Sleep(waits)
			w.Settle()
			expectState(w, p, "waiting", "its connection has ended, and disconnect() was not called since connect()")
			p.Run("client.disconnect()")
			expectClosed(w, p, "disconnect() was called while it waited")
			p.Down(false)
		}
		call := connectPage(h, p)
		h.Answer(chattest.Hangs)
		call.HangUp(1006)
		p.Within(2*time.Second).Await("be connecting again", `client.state === "connecting"`)
		p.Run("client.disconnect()")
		w.Sleep(time.Second)
		expectClosed(w, p, "disconnect() was called while it was connecting")
	})
}

// Task 7.10: connect ends the waiting at once, and there is never more than one connection.
//
// Rules: 7.pd, 7.pe.
func TestPageConnectsWhileWaiting(t *testing.T) {
	withPage(t, "random: () => 0, baseDelay: 20000,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		call := connectPage(h, p)
		call.HangUp(1006)
		w.Sleep(7 * time.Second)
		expectState(w, p, "waiting", "its connection has ended, and the next attempt is 13s away")
		p.Run("client.connect(); client.connect(); client.connect()")
		call = h.Call("page", time.Second)
		p.Await("be connected", `client.state === "open"`)
		p.Run("client.connect()")
		w.Sleep(5 * time.Minute)
		if n := len(p.Dials()); n != 2 {
			w.Fatalf("the page has connected %s, want 2 times: at first, and when connect() was called while it waited, in place of the attempt that was to come", times(n))
		}
		call.HangUp(1006)
		w.Sleep(time.Second)
		expectState(w, p, "waiting", "its second connection has ended, too")
	})
}

// Task 7.10: A page that browsers tell of a certificate that does not hold makes no other attempt.
//
// Rules: 7.be.
func TestPageMistrustsTheCertificate(t *testing.T) {
	withPage(t, "random: () => 0, WebSocket: MuteWebSocket,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		h.Answer(chattest.Hangs)
		p.Run("client.connect()")
		w.Sleep(time.Second)
		p.Run(`socket.dispatchEvent(new CloseEvent("close", { code: 1015 }))`)
		expectClosed(w, p, "the WebSocket fired a close event with the code 1015, after which another attempt is forbidden")
	})
}

// Task 7.10: connect does nothing while there is a connection or an attempt, also to the count of retries.
//
// Rules: 7.pe.
func TestPageConnectsWhileConnected(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		call := connectPage(h, p)
		h.AnswerAfter(time.Second)
		for n := 1; n <= 4; n++ {
			call.HangUp(1006)
			w.Sleep(time.Second<<(n-1) + 500*time.Millisecond)
			expectState(w, p, "connecting", fmt.Sprintf("its connection has ended, and retry %d should have begun 500ms ago: connect(), called during the attempts and connections before, makes no delay shorter or longer", n))
			p.Run("client.connect()")
			call = h.Call("page", time.Second)
			p.Await("be connected", `client.state === "open"`)
			p.Run("client.connect()")
			w.Sleep(time.Second)
			if dials := len(p.Dials()); dials != 1+n {
				w.Fatalf("the page has connected %s, want %d times: at first, and %d retries", times(dials), 1+n, n)
			}
		}
	})
}
