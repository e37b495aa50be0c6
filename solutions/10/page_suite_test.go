package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
	chat "wsworkshop/solutions/10"
)

// openPage opens chat.js with a ChatClient that is not connected. What it is told goes into
// states and got.
func openPage(w *testclient.World, s *testclient.Server, options string) *testpage.Page {
	w.Note("the page's options: {%s}", strings.TrimSuffix(options, ","))
	p := testpage.Open(w, s, "/chat.js")
	p.Run(`const fakes = []; // fallbacks
class Fake {
  constructor() { this.readyState = 0; fakes.push(this); }
  send() {}
  close() { this.readyState = 2; }
  tell(message) { this.onmessage({ data: JSON.stringify(message) }); }
  open() {
    this.readyState = 1;
    this.onopen?.();
    this.tell({ type: "welcome", message_id: "w", session_id: "S1", data: { client_id: "page", room_id: "den" } });
  }
}
const states = [], got = [];
const client = new ChatClient({
  url: "` + strings.Replace(s.URL(), "http", "ws", 1) + `/ws/page?room_id=den",
  onState: (state, detail) => states.push({ ...detail, state }),
  onMessage: (message) => got.push(message),
  ` + options + `
});`)
	return p
}

// withPage is a test of a page with a host, to which it is not connected yet.
func withPage(t *testing.T, options string, fn func(w *testclient.World, h *chattest.Host, p *testpage.Page)) {
	testclient.Run(t, func(w *testclient.World) {
		pages := start(w, chat.Config{})
		h := chattest.NewHost(w)
		h.Pages = pages.chat
		p := openPage(w, w.Serve(h), options)
		h.Tells = func() string {
			var state string
			p.Get("client.state", &state)
			return fmt.Sprintf("its state is %q", state)
		}
		fn(w, h, p)
	})
}

// connectPage has the page connect, and returns that connection.
func connectPage(h *chattest.Host, p *testpage.Page) *chattest.Call {
	p.Run("client.connect()")
	call := h.Call("page", time.Second)
	p.Await("be connected", `client.state === "open"`)
	return call
}

// expectState fails unless the page is in a state.
func expectState(w *testclient.World, p *testpage.Page, want, why string) {
	w.Helper()
	var got string
	if p.Get("client.state", &got); got != want {
		w.Fatalf("the page's state is %q, want %q: %s", got, want, why)
	}
}
