package chat_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/solutions/07/client"
)

// Task 7.7: A handshake that is never answered has failed after IdleTimeout.
//
// Rules: 7.bi, 7.bk, 7.bl.
func TestClientHandshakeIsNeverAnswered(t *testing.T) {
	for _, c := range []struct{ idle, dialer, want time.Duration }{
		{idle: 65 * time.Second, want: 65 * time.Second},
		{idle: 20 * time.Second, dialer: 45 * time.Second, want: 20 * time.Second},
		{idle: 0, dialer: 30 * time.Second, want: 30 * time.Second},
		{idle: 50 * time.Second, dialer: 15 * time.Second, want: 15 * time.Second},
	} {
		testclient.Run(t, func(w *testclient.World) {
			h := chattest.NewHost(w)
			h.Answer(chattest.Hangs)
			w.Note("the Dialer's HandshakeTimeout is %v", c.dialer)
			r := runClient(w, w.Serve(h), client.Config{
				IdleTimeout: c.idle,
				Jitter:      steady(0),
				Dialer:      &websocket.Dialer{HandshakeTimeout: c.dialer},
			})
			h.Tells = r.status
			w.Sleep(4*c.want + 8*time.Second)
			const why = "IdleTimeout is %v and runs from the dial on, the Dialer's own HandshakeTimeout is %v, and zero is no limit"
			dials := r.dials(1)
			if len(dials) < 4 {
				w.Lacks("bob", "no handshake was answered, and each should have been given up after %v: bob should have tried to connect 4 times by now, "+
					"and did %s: %s. "+why, c.want, times(len(dials)), r.status(), c.idle, c.dialer)
			}
			for n := 1; n < 4; n++ {
				delay := doubled(time.Second, 30*time.Second, n)
				if got := dials[n] - dials[n-1] - delay; !nearly(got, c.want) {
					w.Fatalf("the handshake of attempt %d was not answered, and given up after %v, want %v: "+why, n, got, c.want, c.idle, c.dialer)
				}
			}
			h.Answer(http.StatusSwitchingProtocols)
			h.Call("bob", c.want+9*time.Second)
			if got := r.dialer.HandshakeTimeout; got != c.dialer {
				w.Fatalf("the client has set the HandshakeTimeout of the Dialer to %v: the Dialer is its owner's, and others may use it (rule 7.bl)", got)
			}
		})
	}
}

// Task 7.7: An attempt has IdleTimeout from the dial on, also if not even TCP has an answer.
//
// Rules: 7.bi.
func TestClientConnectIsNeverAnswered(t *testing.T) {
	for _, idle := range []time.Duration{20 * time.Second, 50 * time.Second} {
		withHost(t, client.Config{IdleTimeout: idle}, func(w *testclient.World, h *chattest.Host, r *runner) {
			call := h.Call("bob", time.Second)
			r.hangs.Store(true)
			call.HangUp(1006)
			w.Sleep(time.Second + idle/2)
			r.hangs.Store(false)
			w.Note("the network is in order again; the attempt that is under way does not know")
			w.Sleep(idle/2 + 1900*time.Millisecond)
			if n := len(r.link.Dials()); n != 1 {
				w.Fatalf("bob has connected again before an attempt without an answer had its IdleTimeout of %v", idle)
			}
			h.Call("bob", time.Second)
		})
	}
}

// Task 7.7: OnMessage gets only messages: one JSON object with a known type, and no heartbeat.
//
// Rules: 7.ga.
func TestClientIgnoresWhatIsNoMessage(t *testing.T) {
	withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
		call := h.Call("bob", time.Second)
		call.Welcomes("s1", false, "")
		call.Says("message", "m1")
		for _, text := range []string{
			`null`, `{}`, `[]`, `"message"`, `1`, ``, `{"type":null,"message_id":"m2"}`, `{"type":"","message_id":"m2"}`,
			`{"type":"of-a-later-step","message_id":"m2"}`, `{"type":"message","message_id":"m2"}{}`, `{"type":"message"`,
		} {
			call.Write(websocket.TextMessage, text)
		}
		call.Write(websocket.BinaryMessage, `{"type":"message","data":"x","message_id":"m2"}`)
		call.Says("heartbeat", "h1")
		if ack, _ := call.Heard(); !strings.Contains(ack, `"heartbeat_ack"`) || !strings.Contains(ack, `"h1"`) {
			w.Fatalf("the server sent a heartbeat with the message_id h1, and then got %q, want a heartbeat_ack with that message_id", ack)
		}
		call.Says("direct", "m3")
		r.expectGot(`welcome "welcome-s1"`, `message "m1"`, `direct "m3"`)
		call.HangUp(1006)
		expectResume(w, h.Call("bob", 2*time.Second), "s1", "m3", "it came last of what is a message")
	})
}

// expectGot fails unless OnMessage was called with these types and ids, in that order.
func (r *runner) expectGot(want ...string) {
	r.w.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range max(len(want), len(r.got)) {
		got, expected := "nothing more", "nothing more"
		if i < len(r.got) {
			got = fmt.Sprintf("%v %q", r.got[i].Type, r.got[i].ID)
		}
		if i < len(want) {
			expected = want[i]
		}
		if got != expected {
			r.w.Fatalf("OnMessage was called with a message of type and id %s, want %s: a message is one JSON object with a known type; heartbeats and anything else do not reach OnMessage", got, expected)
		}
	}
}
