package chat_test

import (
	"slices"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// expectSession fails unless client.session is this, as JSON. JSON knows no undefined.
func expectSession(w *testclient.World, p *testpage.Page, want, why string) {
	w.Helper()
	var got string
	p.Get(`(({ session }) => JSON.stringify(session && { id: session.id, last: session.last }) ?? "undefined")(client)`, &got)
	if got != want {
		w.Fatalf("client.session is %s, want %s: %s", got, want, why)
	}
}

// Task 7.12: The session is null until there is one, and its latest message is null until one has come.
//
// Rules: 7.pi.
func TestPageSessionIsNull(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		expectSession(w, p, "null", "the page has never connected")
		call := connectPage(h, p)
		call.Welcomes("s1", false, "")
		expectSession(w, p, `{"id":"s1","last":null}`, "nothing has come in this session yet")
		call.Says("message", "m1")
		expectSession(w, p, `{"id":"s1","last":"m1"}`, "one message has come")
	})
}

// Task 7.12: After a welcome without a session_id there is no session to continue.
//
// Rules: 7.bf.
func TestPageForgetsItsSession(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		call := connectPage(h, p)
		call.Welcomes("s1", false, "")
		call.Says("message", "m1")
		call.Says("welcome", "without-a-session")
		expectSession(w, p, "null", "the latest welcome had no session_id")
		call.Says("message", "m2")
		expectSession(w, p, "null", "a message came, and the latest welcome had no session_id")
		call.HangUp(1006)
		call = h.Call("page", 2*time.Second)
		if call.Query.Has("session_id") || call.Query.Has("last_message_id") {
			w.Fatalf("the query of the handshake was %s, want no session_id and no last_message_id: the latest welcome had no session_id", call.Query.Encode())
		}
		call.Welcomes("s2", false, "")
		expectSession(w, p, `{"id":"s2","last":null}`, "nothing has come in this session yet")
	})
}

// Task 7.12: A page that gave up, or was disconnected, keeps its session and continues it at the next connect.
//
// Rules: 7.pn.
func TestPageGivesUpAndKeepsItsSession(t *testing.T) {
	withPage(t, "random: () => 0, maxAttempts: 2,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		call := connectPage(h, p)
		call.Welcomes("s1", false, "")
		call.Says("message", "m1")
		p.Down(true)
		call.HangUp(1006)
		w.Sleep(10 * time.Second)
		expectClosed(w, p, "no retry is left")
		expectSession(w, p, `{"id":"s1","last":"m1"}`, "the page gave up, and session stays")
		p.Down(false)
		expectResume(w, connectPage(h, p), "s1", "m1", "connect() was called after the page gave up")
		p.Run("client.disconnect()")
		w.Sleep(time.Second)
		expectSession(w, p, `{"id":"s1","last":"m1"}`, "disconnect() was called, and session stays")
		expectResume(w, connectPage(h, p), "s1", "m1", "connect() was called after disconnect()")
	})
}

// Task 7.12: When onMessage is called, session names that message, so that the page can store it there.
//
// Rules: 7.po.
func TestPageRemembersBeforeItTells(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		call := connectPage(h, p)
		call.Welcomes("s1", false, "")
		call.Says("message", "m1")
		call.Says("error", "e1")
		call.Says("direct", "m2")
		var seen []string
		if p.Get("got.map(({ seen }) => String(seen))", &seen); !slices.Equal(seen, []string{"null", "m1", "m1", "m2"}) {
			w.Fatalf("the server sent a welcome, message m1, an error and direct m2; when onMessage was called, client.session.last was %q, "+
				"want null, m1, m1, m2: a page that stores its session there and is reloaded would get the latest message again", seen)
		}
	})
}
