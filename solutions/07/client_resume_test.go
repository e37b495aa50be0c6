package chat_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/07"
	"wsworkshop/solutions/07/client"
)

// Task 7.7: The client asks for the session of its latest welcome, and for what came after its latest message.
//
// Rules: 7.bf, 7.bg, 7.bh.
func TestClientAsksForItsSession(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h := chattest.NewHost(w)
		r := runClient(w, w.Serve(h), client.Config{Jitter: steady(0)})
		h.Tells = r.status
		resumes(w, h, "bob")
	})
}

// Task 7.7: After a welcome without a session_id, the client asks for no session.
//
// Rules: 7.bf.
func TestClientForgetsItsSession(t *testing.T) {
	withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
		call := h.Call("bob", time.Second)
		call.Welcomes("s1", false, "")
		call.Says("message", "m1")
		call.HangUp(1006)
		call = h.Call("bob", 2*time.Second)
		expectResume(w, call, "s1", "m1", "the latest welcome was that of s1")
		call.Says("welcome", "without-a-session")
		call.HangUp(1006)
		call = h.Call("bob", 3*time.Second)
		expectResume(w, call, "", "", "the latest welcome had no session_id")
		call.Welcomes("s2", false, "")
		call.HangUp(1006)
		expectResume(w, h.Call("bob", 5*time.Second), "s2", "", "nothing has come in this session yet")
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

// Task 7.7: The client gets each message that it missed, once and in order.
//
// Rules: 7.ga.
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

// Task 7.7: The client gives up a server that is silent for IdleTimeout, and gets what was sent meanwhile.
//
// Rules: 7.ga, 7.bi.
func TestClientLeavesBlackHole(t *testing.T) {
	cfg := chat.Config{HeartbeatInterval: 30 * time.Second, StaleAfter: 70 * time.Second}
	withAway(t, cfg, client.Config{Jitter: steady(0), IdleTimeout: 65 * time.Second}, func(a *away) {
		a.w.Sleep(5*time.Minute + 7*time.Second)
		if n := len(a.bob.dials(1)); n != 1 {
			a.w.Fatalf("bob has connected %d times although the server was never silent for IdleTimeout: its heartbeats are messages", n)
		}
		a.bob.link.BlackHole()
		for range 7 {
			a.talk()
			a.w.Sleep(10 * time.Second)
		}
		a.talk()
		a.w.Sleep(5 * time.Second)
		if len(a.bob.dials(1)) < 2 {
			a.w.Lacks("bob", "bob should have connected again: nothing has come from the server for 75s, and IdleTimeout is 65s")
		}
	})
}
