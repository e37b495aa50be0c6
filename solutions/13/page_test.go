package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// Task 13.2: The page talks over wss.
//
// Rules: 13.f.
func TestPageTalksOverTLS(t *testing.T) {
	cfg, a := secure(t, lasting)
	run(t, cfg, a.roots, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		p := testpage.Open(w, s.Server.Server, "/chat.js")
		p.Run(`const got = [];
const client = new ChatClient({
  url: "` + strings.Replace(s.URL(), "http", "ws", 1) + `/ws/page?room_id=den",
  onMessage: (message) => got.push(message),
});
client.connect();`)
		p.Await("be connected", `client.state === "open"`)
		ana.Hear("system page joined")
		p.Run(`client.send({ type: "message", data: "hello from the page" })`)
		ana.Within(time.Second).Hear("message hello from the page")
	})
}

// Task 13.2: Where no WebSocket opens, its event stream comes over https.
//
// Rules: 13.f.
func TestPageFallsBackOverTLS(t *testing.T) {
	cfg, a := secure(t, lasting)
	run(t, cfg, a.roots, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		p := testpage.Open(w, s.Server.Server, "/events.js")
		p.Run(fmt.Sprintf(`const socket = new EventSocket(%q);`, strings.Replace(s.URL(), "http", "ws", 1)+"/ws/page?room_id=den"))
		p.Await("be open", `socket.readyState === 1`)
		ana.Hear("system page joined")
		p.Run(`socket.send(JSON.stringify({ type: "message", data: "hello from the page" }))`)
		ana.Within(time.Second).Hear("message hello from the page")
	})
}
