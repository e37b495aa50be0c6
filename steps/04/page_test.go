package chat_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
	chat "wsworkshop/steps/04"
)

// openPage opens the page and has it connect as ana to den; what it hands out is in the page's heard.
func openPage(w *testclient.World, s *testclient.Server) *testpage.Page {
	p := testpage.Open(w, s, "/chat.js", testclient.As("page"))
	p.Run(`const heard = [];
		const client = new ChatClient({ url: "/ws/ana?room_id=den", onMessage: (message) => heard.push(message) });
		client.connect();`)
	p.Await("be open", `client.state === "open"`)
	w.Sleep(time.Second)
	return p
}

// Task 4.8 (10 points, after 4.4, 4.6, 4.7): The page sends and reads JSON.
func TestPageSpeaksJSON(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		bob, zoe := s.join("bob", "den"), s.join("zoe", "lobby")
		p := openPage(w, s.Server)
		var sent bool
		for _, text := range []string{"hello", `she said "hi"`, "grüß dich 🎈", "<b>"} {
			p.Get(`client.send({ type: "message", data: `+quote(text)+` })`, &sent)
			require.True(w, sent, "send returns true when there is an open connection")
			hear(w, bob, fields{"type": "message", "data": text, "from": "ana"})
		}
		p.Run(`client.send({ type: "direct", to: "zoe", data: "psst", message_id: "mine" })`)
		p.Run(`client.send({ type: "broadcast", data: "fire!" })`)
		p.Run(`client.send({ type: "direct", to: "nobody", data: "psst", message_id: "my seventh" })`)
		w.Sleep(time.Second)
		say(bob, "message", "hello, page")
		p.Await("hand out what bob says", `heard.some((m) => m.type === "message" && m.data === "hello, page")`)
		wantHanded(w, p, "what it said itself", `heard.filter((m) => m.type === "message").map((m) => m.data).join("|")`,
			`hello|she said "hi"|grüß dich 🎈|<b>|hello, page`)
		wantHanded(w, p, "the error about a message that it called \"my seventh\"",
			`heard.filter((m) => m.type === "error").map((m) => m.code + " " + m.message_id).join("|")`, "no_such_client my seventh")
		wantHanded(w, p, "the message of bob's, all its fields",
			`(() => { const m = heard.findLast((m) => m.type === "message"); return [m.from, m.room_id, typeof m.message_id, typeof m.timestamp].join(" ") })()`,
			"bob den string string")
		hearNoMore(w, zoe.PassingOver(isTalk))
	})
}

func isTalk(m testclient.Message) bool {
	got, _ := parse(m)
	return got.kind() == "direct" || got.kind() == "broadcast"
}

// wantHanded compares what an expression in the page gives with want.
func wantHanded(w *testclient.World, p *testpage.Page, what, js, want string) {
	w.Helper()
	var got string
	p.Get(js, &got)
	if got != want {
		w.Fatalf("of %s, the page's onMessage got %q, want %q", what, got, want)
	}
}

// odd is a server of its own: it sends what is given, and hears nothing.
func odd(page http.Handler, frames ...testclient.Message) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", page)
	mux.HandleFunc("/ws/", func(rw http.ResponseWriter, r *http.Request) {
		var up websocket.Upgrader
		conn, err := up.Upgrade(rw, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		for _, m := range frames {
			conn.WriteMessage(int(m.Kind), m.Data)
		}
		conn.ReadMessage() // the page's end
	})
	return mux
}

// Task 4.8: It hands out each message as an object, and passes over what it does not know.
func TestPagePassesOverWhatItDoesNotKnow(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		c, err := chat.New(chat.Config{Logger: w.Logger()})
		require.NoError(w, err, "chat.New")
		defer c.Close()
		text := func(s string) testclient.Message { return testclient.Message{Kind: testclient.Text, Data: []byte(s)} }
		s := w.Serve(odd(c,
			text(`{"type":"welcome","data":{"client_id":"ana","room_id":"den","later":[1]},"later":true}`),
			text(`hello`), text(``), text(`null`), text(`7`), text(`"message"`), text(`["message"]`), text(`{"data":"no type"}`), text(`{"type":"message","data":`),
			testclient.Message{Kind: testclient.Binary, Data: []byte(`{"type":"message","data":"binary"}`)},
			text(`{"type":"applause","data":"later servers say more"}`), text(`{"type":"Message","data":"no"}`), text(`{"type":7,"data":"no"}`),
			text(`{"type":"message","data":"one","from":"bob","message_id":"1"}`), text(`{"type":"broadcast","data":"two"}`),
			text(`{"type":"direct","data":"three","to":"ana"}`), text(`{"type":"system","data":"bob left"}`),
			text(`{"type":"error","code":"invalid_json","data":{"message":"a message is one JSON object"}}`),
		))
		p := openPage(w, s)
		wantHanded(w, p, "all that came", `heard.map((m) => m.type).join(" ")`, "welcome message broadcast direct system error")
		wantHanded(w, p, "the welcome", `String(heard[0].data.room_id)`, "den")
		wantHanded(w, p, "the first message", `heard[1].data + " from " + heard[1].from`, "one from bob")
		wantHanded(w, p, "the error", `heard[5].code + ": " + heard[5].data.message`, "invalid_json: a message is one JSON object")
	})
}

// Task 4.8: What a person types becomes a message, or nothing when a command lacks something.
func TestPageParsesLines(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		p := testpage.Open(w, s.Server, "/chat.js")
		room := func(data string) string { return fmt.Sprintf(`{"type":"message","data":%q}`, data) }
		broadcast := func(data string) string { return fmt.Sprintf(`{"type":"broadcast","data":%q}`, data) }
		direct := func(to, data string) string { return fmt.Sprintf(`{"type":"direct","to":%q,"data":%q}`, to, data) }
		for _, line := range []struct{ typed, want string }{
			{"hello", room("hello")}, {"it is /all right", room("it is /all right")}, {"/me too", room("/me too")},
			{"/msgbob hi", room("/msgbob hi")}, {"/allright", room("/allright")}, {"<b> & null", room("<b> & null")},
			{"/msg bob hi", direct("bob", "hi")}, {"/msg bob it is you I mean", direct("bob", "it is you I mean")}, {"/msg a.b-c /all of us", direct("a.b-c", "/all of us")},
			{"/all hi", broadcast("hi")}, {"/all of /msg us", broadcast("of /msg us")},
			{"/msg", "null"}, {"/msg ", "null"}, {"/msg bob", "null"}, {"/msg bob ", "null"}, {"/all", "null"}, {"/all ", "null"}, {"", "null"},
		} {
			var got string
			p.Get(`((m) => m ? JSON.stringify({ type: m.type, to: m.to, data: m.data }) : String(m))(parseLine(`+quote(line.typed)+`))`, &got)
			if got != line.want {
				w.Fatalf("parseLine(%q) gives %s, want %s", line.typed, got, line.want)
			}
		}
	})
}

// Task 4.8: Where there is no open connection nothing is sent, and send says so.
func TestPageSaysWhenItCannotSend(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		bob := s.join("bob", "den")
		p := testpage.Open(w, s.Server, "/chat.js", testclient.As("page"))
		p.Run(`const client = new ChatClient({ url: "/ws/ana?room_id=den" })`)
		send := func(want bool, when string) {
			w.Helper()
			var sent bool
			p.Get(`client.send({ type: "message", data: "hello" })`, &sent)
			if sent != want {
				w.Fatalf("send returned %v %s, want %v", sent, when, want)
			}
		}
		send(false, "before the page had connected")
		p.Run(`client.connect()`)
		p.Await("be open", `client.state === "open"`)
		send(true, "on an open connection")
		hear(w, bob, fields{"type": "message", "data": "hello"})
		p.Run(`client.disconnect()`)
		p.Await("be closed", `client.state === "closed"`)
		send(false, "after the end")
		hearNoMore(w, bob)
	})
}
