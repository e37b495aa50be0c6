package testpage_test

import (
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// scenario is a test that must fail. What it says is in testdata/golden, under its name.
type scenario struct {
	name string
	test func(w *testclient.World)
}

// broken has a function for each mistake. Its lines are told: mind them.
const broken = `"use strict";
class Client {
  connect() {
    this.socket = new WebSocket("/ws");
    this.socket.onopen = () => {
      this.state.name = "open";
    };
  }

  async save() {
    await null;
    return this.nothing.there;
  }

  again() {
    return this.again() + 1;
  }

  forever() {
    let n = 0;
    while (n >= 0) n++;
  }
}
const later = (ms) => setTimeout(() => {
  later.x.y();
}, ms);
const microtasks = async () => {
  for (;;) await null;
};
const client = new Client();
function listen() {
  const source = new EventSource("/events");
  source.onmessage = (event) => {
    source.last.id = event.lastEventId;
  };
}
`

var scenarios = []scenario{
	{"await-missing", func(w *testclient.World) {
		open(w, `let state = "closed"`).Await("be open", `state === "open"`)
	}},
	{"await-other", func(w *testclient.World) {
		open(w, `const seen = []`).Within(time.Minute).Await("have seen something", `seen.some((x) => x > 1)`)
	}},
	{"stays-broken", func(w *testclient.World) {
		open(w, `let state = "open"; setTimeout(() => (state = "closed"), 1500)`).
			Stays(10*time.Second, "stay open", `state === "open"`)
	}},
	{"get-pending", func(w *testclient.World) {
		var v any
		open(w, `const never = new Promise(() => {})`).Get(`never`, &v)
	}},
	{"get-other", func(w *testclient.World) {
		var v int
		open(w, ``).Get(`"three"`, &v)
	}},
	{"get-unknown", func(w *testclient.World) {
		var v int
		open(w, ``).Get(`nobody.home`, &v)
	}},
	{"run-syntax", func(w *testclient.World) { open(w, ``).Run(`let = = 1`) }},
	{"script-missing", func(w *testclient.World) {
		testpage.Open(w, w.Serve(http.NotFoundHandler()), "/chat.js")
	}},
	{"script-other", func(w *testclient.World) {
		mux := http.NewServeMux()
		mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			_, _ = w.Write([]byte("let x = 1"))
		})
		testpage.Open(w, w.Serve(mux), "/chat.js")
	}},
	{"script-syntax", func(w *testclient.World) { open(w, "let a = 1;\nlet b = ;\n") }},
	{"script-too-new", func(w *testclient.World) { open(w, "let a = 1;\n\nasync function* g() {}\n") }},
	{"script-throws", func(w *testclient.World) { open(w, "let a = 1;\na.b.c;\n") }},
	{"throws-in-handler", func(w *testclient.World) {
		p := open(w, broken)
		p.Run(`client.connect()`)
		w.Sleep(time.Second)
	}},
	{"throws-in-timer", func(w *testclient.World) {
		p := open(w, broken)
		p.Run(`later(1500)`)
		p.Stays(time.Minute, "be there", `true`)
	}},
	{"throws-in-run", func(w *testclient.World) { open(w, broken).Run("\nclient.save.x.y()") }},
	{"throws-a-string", func(w *testclient.World) { open(w, "setTimeout(() => { throw 'oh' })"); w.Sleep(1) }},
	{"rejected", func(w *testclient.World) { open(w, broken).Run(`client.save()`) }},
	{"recursion", func(w *testclient.World) { open(w, broken).Run(`client.again()`) }},
	{"endless-loop", func(w *testclient.World) { open(w, broken).Run(`client.forever()`) }},
	{"endless-microtasks", func(w *testclient.World) { open(w, broken).Run(`microtasks()`) }},
	{"never-done", func(w *testclient.World) {
		p := open(w, `const s = new WebSocket("/ws"); s.onopen = () => s.send("0"); s.onmessage = (e) => s.send("0");`)
		p.Stays(time.Second, "be there", `true`)
	}},
	{"no-client", func(w *testclient.World) { open(w, ``).Client().Cut() }},
	{"no-stream", func(w *testclient.World) { open(w, ``).Stream().Cut() }},
	{"throws-in-event", func(w *testclient.World) {
		p, _ := openFed(w, broken, stays("data: x\n\n"))
		p.Run(`listen()`)
		w.Sleep(time.Second)
	}},
	{"event-missing", func(w *testclient.World) {
		p, _ := openFed(w, broken, ends("id: 7\nevent: chat\ndata: one\n\n", ": still here\nretry: 500\n"), status(http.StatusServiceUnavailable, "text/plain"))
		p.Run(`const s = new EventSource("/events")`)
		p.Await("be open to stay", `s.readyState === 3`)
	}},
	{"post", func(w *testclient.World) {
		p := open(w, ``)
		p.Run(`fetch("/no", { method: "POST", body: '{"type":"message"}' })`)
		p.Await("be done", `false`)
	}},
	{"console", func(w *testclient.World) {
		p := open(w, `console.log("one", 2, { three: [3] }, new TypeError("four"), undefined)`)
		p.Await("be done", `false`)
	}},
	{"not-a-function", func(w *testclient.World) {
		p := open(w, `const connect = () => {}; setTimeout(connect(), 1000)`)
		p.Await("connect", `false`)
	}},
	{"closed-by-the-server", func(w *testclient.World) {
		p := sessions(w, func(c *websocket.Conn) {
			time.Sleep(5 * time.Second)
			closeFrame(c, 4001, "elsewhere")
		})
		p.Run(`const s = new WebSocket("/own"); s.onclose = () => {}`)
		p.Await("be open", `s.readyState === WebSocket.OPEN`)
		p.Stays(time.Minute, "stay open", `s.readyState === WebSocket.OPEN`)
	}},
	{"down", func(w *testclient.World) {
		p := open(w, ``)
		p.Down(true)
		p.Run(`const s = new WebSocket("ws://192.0.2.1/ws")`)
		p.Await("be open", `s.readyState === WebSocket.OPEN`)
	}},
	{"elsewhere", func(w *testclient.World) {
		p := open(w, ``)
		p.Run(`const s = new WebSocket("ws://198.51.100.1/ws")`)
		p.Await("be open", `s.readyState === WebSocket.OPEN`)
	}},
}
