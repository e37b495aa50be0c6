package chat_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/07"
	"wsworkshop/steps/07/client"
)

// Task 7.7: A client asks for the session of its latest welcome and what came after its latest message.
func TestClientAsksForItsSession(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h := chattest.NewHost(w)
		r := runClient(w, w.Serve(h), client.Config{Jitter: steady(0)})
		h.Tells = r.status
		resumes(w, h, "bob")
	})
}

// Task 7.7: After a welcome without a session_id there is nothing to continue.
func TestClientForgetsItsSession(t *testing.T) {
	withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
		call := h.Call("bob", time.Second)
		call.Welcomes("s1", false, "")
		call.Says("message", "m1")
		call.Says("welcome", "without-a-session")
		call.HangUp(1006)
		call = h.Call("bob", 2*time.Second)
		expectResume(w, call, "", "", "the latest welcome had no session_id")
		call.Welcomes("s2", false, "")
		call.HangUp(1006)
		expectResume(w, h.Call("bob", 3*time.Second), "s2", "", "nothing has come in this session yet")
	})
}

// away has the real server with bob, a client that runs, and ana, who talks to him.
type away struct {
	w    *testclient.World
	ana  *chattest.Client
	bob  *runner
	said []string // what bob must get
}

// talk has ana say one thing more.
func (a *away) talk() {
	text := fmt.Sprint("message ", len(a.said)+1)
	a.ana.Say(text)
	a.said = append(a.said, text)
	a.w.Settle()
}

// withAway is a test in which bob loses connections.
func withAway(t *testing.T, cfg chat.Config, how client.Config, fn func(a *away)) {
	testclient.Run(t, func(w *testclient.World) {
		chattest.AnswerHeartbeats(w)
		cfg.ResumeWindow = 10 * time.Minute
		s := start(w, cfg)
		a := &away{w: w, bob: runClient(w, s.Server.Server, how)}
		w.Sleep(time.Second)
		a.ana = s.Join("ana", "den")
		a.talk()
		fn(a)
		w.Sleep(time.Second)
		if got := a.bob.texts(chat.TypeMessage); !slices.Equal(got, a.said) {
			w.Fatalf("OnMessage was called with\n  %s\nand should have been with each message once, in order:\n  %s",
				strings.Join(got, ", "), strings.Join(a.said, ", "))
		}
		a.sends()
	})
}

// sends fails unless bob can be heard.
func (a *away) sends() {
	a.w.Helper()
	a.ana.Drain()
	if err := a.bob.Send(chat.Message{Type: chat.TypeMessage, Data: []byte(`"I am back"`)}); err != nil {
		a.w.Fatalf("after it had come back, Send returned %q, want nil", err)
	}
	a.ana.Await("bob's message", func(m testclient.Message) bool { return strings.Contains(m.Text(), "I am back") })
}

// Task 7.7: Whoever comes back gets each message that it missed, once and in order.
func TestClientMissesNothing(t *testing.T) {
	withAway(t, chat.Config{}, client.Config{Jitter: steady(0)}, func(a *away) {
		for _, outage := range []time.Duration{0, 20 * time.Second} {
			a.talk()
			a.bob.link.Down(outage > 0)
			a.bob.link.Cut()
			a.talk()
			a.w.Sleep(outage + 500*time.Millisecond)
			a.talk()
			a.bob.link.Down(false)
			a.talk()
			a.w.Sleep(30 * time.Second)
			a.talk()
		}
	})
}

// Task 7.7: A server that has been silent for IdleTimeout is given up, and what it has sent meanwhile is not lost.
func TestClientLeavesBlackHole(t *testing.T) {
	cfg := chat.Config{HeartbeatInterval: 30 * time.Second, StaleAfter: 70 * time.Second}
	withAway(t, cfg, client.Config{Jitter: steady(0), IdleTimeout: 65 * time.Second}, func(a *away) {
		a.w.Sleep(5*time.Minute + 7*time.Second)
		if n := len(a.bob.dials(1)); n != 1 {
			a.w.Fatalf("bob has connected %d times although the server was never silent for IdleTimeout: heartbeats are signs of life", n)
		}
		a.bob.link.BlackHole()
		for range 7 {
			a.talk()
			a.w.Sleep(10 * time.Second)
		}
		a.talk()
		a.w.Sleep(5 * time.Second)
		a.bob.dials(2)
	})
}

// expectResume fails unless a client has asked for a session, from a message on. Without a
// message it may leave last_message_id out or empty.
func expectResume(w *testclient.World, c *chattest.Call, session, last, why string) {
	w.Helper()
	if got := c.Query.Get("session_id"); got != session {
		w.Fatalf("the handshake had session_id %q, want %q: %s", got, session, why)
	}
	if got := c.Query.Get("last_message_id"); got != last {
		w.Fatalf("the handshake had last_message_id %q, want %q: %s", got, last, why)
	}
	if got := c.Query.Get("room_id"); got != "den" {
		w.Fatalf("the handshake had room_id %q, want den: what is in the query of URL stays there", got)
	}
}

// resumes plays a server that resumes sessions and forgets them, to bob, or to a page called bob.
func resumes(w *testclient.World, h *chattest.Host, who string) {
	const odd = "s+1 &x=ü/%"
	cut := func(c *chattest.Call) *chattest.Call {
		c.HangUp(1006)
		return h.Call(who, 40*time.Second)
	}
	c := h.Call(who, time.Second)
	expectResume(w, c, "", "", "there is no session yet")
	c.Welcomes(odd, false, "")
	c = cut(c)
	expectResume(w, c, odd, "", "it asks for the session of the latest welcome, escaped as by url.QueryEscape or encodeURIComponent; nothing has come yet in that one")
	c.Welcomes(odd, true, "")
	for i, kind := range []string{"system", "message", "direct", "broadcast"} {
		id := fmt.Sprintf("id+%d &é", i)
		c.Says(kind, id)
		c = cut(c)
		expectResume(w, c, odd, id, "the latest that came was a "+kind)
		c.Welcomes(odd, true, "")
		for _, other := range []string{"error", "heartbeat", "heartbeat_ack", "of-a-later-step"} {
			c.Says(other, "id-of-"+other)
		}
		c = cut(c)
		expectResume(w, c, odd, id, "only message, broadcast, direct and system count, and a welcome that says resumed does not begin anew")
		c.Welcomes(odd, true, "")
	}
	c = cut(c)
	c.Welcomes("s2", false, "unknown_session")
	c = cut(c)
	expectResume(w, c, "s2", "", "the session of the latest welcome counts, and nothing has come yet in that one")
	c.Welcomes("s2", true, "")
	c.Says("message", "first-of-s2")
	c = cut(c)
	expectResume(w, c, "s2", "first-of-s2", "it came in the session of the latest welcome")
}
