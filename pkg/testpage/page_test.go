package testpage_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

const client = `
"use strict";
class Chat {
  #socket = null;
  #attempt = 0;
  constructor(url) { this.url = url; this.state = "closed"; this.seen = []; }
  async connect() {
    for (;;) {
      try { await this.#once(); } catch (e) { this.seen.push(String(e)); }
      const delay = Math.min(30000, 1000 * 2 ** this.#attempt++);
      this.state = "waiting";
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }
  #once() {
    return new Promise((resolve, reject) => {
      const socket = (this.#socket = new WebSocket(this.url));
      this.state = "connecting";
      socket.onopen = () => { this.state = "open"; this.#attempt = 0; };
      socket.onmessage = (event) => this.seen.push(event.data);
      socket.onclose = (event) => event.code === 1000 ? resolve() : reject(new Error("closed " + event.code));
    });
  }
  send(text) { this.#socket.send(text); }
}
globalThis.Chat = Chat;
`

func serve(script string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /chat.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		_, _ = w.Write([]byte(script))
	})
	up := websocket.Upgrader{}
	mux.HandleFunc("GET /ws", func(w http.ResponseWriter, r *http.Request) {
		c, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer c.Close()
		for {
			kind, data, err := c.ReadMessage()
			if err != nil {
				return
			}
			if err := c.WriteMessage(kind, data); err != nil {
				return
			}
		}
	})
	return mux
}

func TestReconnects(t *testing.T) {
	began := time.Now()
	testclient.Run(t, func(w *testclient.World) {
		s := w.Serve(serve(client))
		p := testpage.Open(w, s, "/chat.js")
		p.Run(`const chat = new Chat("/ws"); chat.connect();`)
		p.Await("be open", `chat.state === "open"`)
		p.Run(`chat.send("hi")`)
		p.Await("hear itself", `chat.seen.length === 1`)
		p.Client().Cut()
		p.Down(true)
		w.Sleep(4 * time.Second)
		p.Down(false)
		p.Within(4*time.Second).Await("be open again", `chat.state === "open"`)
		p.Stays(2*time.Second, "stay open", `chat.state === "open"`)
		var seen []string
		p.Get(`chat.seen`, &seen)
		w.Note("seen %q, dials %v", seen, p.Dials())
		if len(p.Dials()) != 4 {
			w.Fatalf("%v", p.Dials())
		}
	})
	t.Log(time.Since(began))
}
