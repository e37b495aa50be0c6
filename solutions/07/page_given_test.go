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

// Task 7.10: The page sends only while its state is "open", and send tells whether it did.
//
// Rules: 7.pj.
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
			w.Fatalf("the first text that the page sent was %q, want the message that was given to send while it was open, as JSON", text)
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

// Task 7.10: Only one JSON object with a known type is a message and reaches onMessage.
//
// Rules: 7.pl.
func TestPageIgnoresWhatIsNoMessage(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		call := connectPage(h, p)
		for _, text := range []string{
			`null`, `{}`, `[]`, `"message"`, `1`, ``, `{"type":null}`, `{"type":""}`, `{"type":["message"]}`,
			`{"type":"of-a-later-step"}`, `{"type":"message"}{}`, `{"type":"message"`,
			`{"type":"constructor"}`, `{"type":"__proto__"}`, `{"type":"toString"}`,
		} {
			call.Write(websocket.TextMessage, text)
		}
		call.Write(websocket.BinaryMessage, `{"type":"message","data":"x"}`)
		call.Says("heartbeat", "beat")
		want := []string{"welcome", "system", "message", "direct", "broadcast", "error"}
		for _, kind := range want {
			call.Says(kind, "id-of-"+kind)
		}
		var got []string
		if p.Get("got.map(({ type }) => String(type))", &got); !slices.Equal(got, want) {
			w.Fatalf("onMessage was called with messages of the types %q, want %q "+
				"(\"constructor\" is no known type, although each object of JavaScript has a property of that name)", got, want)
		}
	})
}
