package chat_test

import (
	"slices"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// Task 7.9: Where there is no open connection nothing is sent, and send returns false.
func TestPageSendsWhileOpen(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		send := func(text string, want bool, when string) {
			w.Helper()
			var sent any
			if p.Get(`client.send({ type: "message", data: "`+text+`" }) ?? null`, &sent); sent != want {
				w.Fatalf("send returned %v %s, want %v", sent, when, want)
			}
		}
		send("1", false, "before connect()")
		h.AnswerAfter(5 * time.Second)
		p.Run("client.connect()")
		w.Sleep(time.Second)
		send("2", false, "while the page was connecting")
		call := h.Call("page", 5*time.Second)
		p.Await("be connected", `client.state === "open"`)
		send("3", true, "while the page was open")
		if text, _ := call.Heard(); parse(text).String() != "message 3" {
			w.Fatalf("the first that the page sent was %q, want the message that was given to send while it was open, as JSON", text)
		}
		call.HangUp(1006)
		w.Settle()
		expectState(w, p, "waiting", "its connection has ended")
		send("4", false, "while the page waited")
		call = h.Call("page", 10*time.Second)
		if text, ok := call.Heard(); ok {
			w.Fatalf("on its second connection the page sent %s, want nothing: send had returned false", text)
		}
		p.Run("client.disconnect()")
		send("5", false, "after disconnect()")
	})
}

// parse takes apart what a page has sent.
func parse(text string) chattest.Message {
	return chattest.Parse(testclient.Message{Kind: testclient.Text, Data: []byte(text)})
}

// Task 7.9: Only one JSON object with a known type is a message and reaches onMessage.
func TestPageIgnoresWhatIsNoMessage(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		call := connectPage(h, p)
		call.Welcomes("s1", false, "")
		for _, text := range []string{
			`null`, `{}`, `[]`, `"message"`, `1`, ``, `{"type":null,"message_id":"no"}`, `{"type":"","message_id":"no"}`, `{"type":["message"],"message_id":"no"}`,
			`{"type":"of-a-later-step","message_id":"no"}`, `{"type":"message","message_id":"no"}{}`, `{"type":"message"`,
			`{"type":"constructor","message_id":"no"}`, `{"type":"__proto__","message_id":"no"}`, `{"type":"toString","message_id":"no"}`,
		} {
			call.Write(websocket.TextMessage, text)
		}
		call.Write(websocket.BinaryMessage, `{"type":"message","data":"x","message_id":"no"}`)
		want := []string{"welcome"}
		for _, kind := range []string{"system", "message", "direct", "broadcast", "error"} {
			call.Says(kind, "id-of-"+kind)
			want = append(want, kind)
		}
		var got []string
		if p.Get("got.map(({ type }) => String(type))", &got); !slices.Equal(got, want) {
			w.Fatalf("onMessage was called with messages of the types %q, want %q: a message is one JSON object in one text, with a type that the page knows "+
				"(\"constructor\" is none, although each object of JavaScript has one), and anything else is ignored", got, want)
		}
		expectSession(w, p, `{"id":"s1","last":"id-of-broadcast"}`, "it came last of what a session keeps")
	})
}

// Task 7.9: Heartbeats are answered, and the round trip is measured, as in step 05.
func TestPageAnswersHeartbeats(t *testing.T) {
	withPage(t, "random: () => 0, onRoundTrip: (milliseconds) => trips.push(milliseconds),", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		p.Run("globalThis.trips = []")
		call := connectPage(h, p)
		var own [3]string
		for i := range own {
			call.Says("heartbeat", "beat")
			if text, _ := call.Heard(); parse(text).Type != "heartbeat_ack" || parse(text).ID != "beat" {
				w.Fatalf("the page answered a heartbeat with %q, want a heartbeat_ack of the same message_id", text)
			}
			text, _ := call.Heard()
			m := parse(text)
			if m.Type != "heartbeat" || m.ID == "" || slices.Contains(own[:], m.ID) {
				w.Fatalf("after its answer the page sent %q, want a heartbeat of its own, with a new message_id each time", text)
			}
			own[i] = m.ID
			w.Sleep(50 * time.Millisecond)
			call.Says("heartbeat_ack", "of-somebody-else")
			call.Says("heartbeat_ack", own[i])
			call.Says("heartbeat_ack", own[i])
		}
		var trips []float64
		if p.Get("trips", &trips); !slices.Equal(trips, []float64{50, 50, 50}) {
			w.Fatalf("onRoundTrip was called with %v, want 50 three times: once for each heartbeat of the page's, with the milliseconds until its answer", trips)
		}
		expectGot(w, p, nil)
	})
}
