package chat_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
	chat "wsworkshop/steps/07"
)

// Task 7.12 (3 points, after 7.5, 7.11): The page continues its session.
//
// Rules: 7.bf, 7.bg.
func TestPageAsksForItsSession(t *testing.T) {
	withPage(t, "random: () => 0, maxAttempts: 100,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		p.Run("client.connect()")
		resumes(w, h, "page")
		var session struct{ ID, Last string }
		p.Get("client.session", &session)
		if session.ID != "s2" || session.Last != "first-of-s2" {
			w.Fatalf(`client.session is {id: %q, last: %q}, want {id: "s2", last: "first-of-s2"}`, session.ID, session.Last)
		}
	})
}

// Task 7.12: A page that sets session before connect, as after a reload, continues that session.
//
// Rules: 7.pi.
func TestPageGoesOn(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		p.Run(`client.session = { id: "kept&1", last: "m 1" }`)
		call := connectPage(h, p)
		expectResume(w, call, "kept&1", "m 1", "client.session was set before connect()")
		call.Welcomes("kept&1", true, "")
		call.HangUp(1006)
		expectResume(w, h.Call("page", 2*time.Second), "kept&1", "m 1", "the welcome says that this session goes on")
		p.Run(`client.disconnect()`)
		w.Sleep(time.Second)
		p.Run(`client.session = { id: "other", last: null }`)
		expectResume(w, connectPage(h, p), "other", "", "client.session was set to this before connect(), without a latest message")
		p.Run(`client.disconnect()`)
		w.Sleep(time.Second)
		p.Run(`client.session = null`)
		expectResume(w, connectPage(h, p), "", "", "client.session was set to null before connect()")
	})
}

// Task 7.12: A URL without a query gets one.
//
// Rules: 7.bh.
func TestPageURLWithoutQuery(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		p.Run(`client.url = client.url.replace(/[?].*/, ""); client.session = { id: "kept", last: "m1" }`)
		query := connectPage(h, p).Query
		if id, last := query.Get("session_id"), query.Get("last_message_id"); id != "kept" || last != "m1" {
			w.Fatalf(`the handshake had session_id %q and last_message_id %q, want "kept" and "m1": where client.url has no query, they are the query`, id, last)
		}
	})
}

// Task 7.12: Each parameter in the query of the URL stays there.
//
// Rules: 7.bh.
func TestPageURLWithLongQuery(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		p.Run(`client.url += "&theme=dark"; client.session = { id: "kept", last: "m1" }`)
		call := connectPage(h, p)
		expectResume(w, call, "kept", "m1", "client.session was set before connect()")
		if got := call.Query.Get("theme"); got != "dark" {
			w.Fatalf("the handshake had theme %q, want dark: what is in the query of client.url stays there", got)
		}
	})
}

// Task 7.12: The page gets each message that it missed, once and in order, also what a black hole swallowed.
//
// Rules: 7.bg, 7.ph.
func TestPageMissesNothing(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		chattest.AnswerHeartbeats(w)
		s := start(w, chat.Config{ResumeWindow: 10 * time.Minute, HeartbeatInterval: 30 * time.Second, StaleAfter: 70 * time.Second})
		p := openPage(w, s.Server.Server, "random: () => 0, idleTimeout: 65000,")
		p.Run("client.connect()")
		p.Await("be connected", `client.state === "open"`)
		ana := s.Join("ana", "den")
		var said []string
		talk := func() {
			said = append(said, fmt.Sprint("message ", len(said)+1))
			ana.Say(said[len(said)-1])
			w.Settle()
		}
		talk()
		w.Sleep(5*time.Minute + 7*time.Second)
		p.Client().Cut()
		talk()
		w.Sleep(500 * time.Millisecond)
		talk()
		w.Sleep(30 * time.Second)
		talk()
		p.Await("be connected again", `client.state === "open"`)
		p.Client().BlackHole()
		for range 8 {
			talk()
			w.Sleep(10 * time.Second)
		}
		talk()
		w.Sleep(5 * time.Minute)
		expectGot(w, p, said)
		if n := len(p.Dials()); n != 3 {
			w.Fatalf("the page has connected %d times, want 3: at first, after a cut, and after a silence of idleTimeout", n)
		}
	})
}

// expectGot fails unless onMessage was called with each message once, in order.
func expectGot(w *testclient.World, p *testpage.Page, want []string) {
	w.Helper()
	var got []string
	p.Get(`got.filter(({ type }) => type === "message").map(({ data }) => data)`, &got)
	if !slices.Equal(got, want) {
		w.Fatalf("onMessage was called with\n  %s\nand should have been with each message once, in order:\n  %s",
			strings.Join(got, ", "), strings.Join(want, ", "))
	}
}
