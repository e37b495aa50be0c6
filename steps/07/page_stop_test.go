package chat_test

import (
	"fmt"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// Task 7.10: After close codes that forbid it the page makes no other attempt.
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

// Task 7.10: After other close codes it does.
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

// Task 7.10: After maxAttempts retries in a row the page is closed, until it is told to connect.
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

// Task 7.10: What was before a stable connection does not count.
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

// Task 7.10: Who disconnects stays disconnected, also in the middle of waiting.
func TestPageDisconnects(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		for _, waits := range []time.Duration{0, 5 * time.Second} {
			call := connectPage(h, p)
			p.Down(true)
			call.HangUp(1006)
			w.Sleep(waits)
			p.Await("be waiting for its next attempt", `client.state === "waiting"`)
			p.Run("client.disconnect()")
			expectClosed(w, p, "disconnect() was called while it waited")
			p.Down(false)
		}
		connectPage(h, p)
		p.Run("client.disconnect()")
		w.Sleep(time.Second)
		expectClosed(w, p, "disconnect() was called while it was connected")
		call := connectPage(h, p)
		h.Answer(chattest.Hangs)
		call.HangUp(1006)
		p.Within(2*time.Second).Await("be connecting again", `client.state === "connecting"`)
		p.Run("client.disconnect()")
		w.Sleep(time.Second)
		expectClosed(w, p, "disconnect() was called while it was connecting")
	})
}

// Task 7.10: Who does not want to wait connects at once, and there is never more than one connection.
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
