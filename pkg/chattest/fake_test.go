package chattest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
)

// mirror is a server that welcomes each client, and sends back whatever it says under a
// message_id. A session is resumed if it is named "kept".
type mirror struct {
	seats  int
	notice []string // to each client, after its welcome
	naked  bool     // its welcome names no session

	mu    sync.Mutex // guards what follows
	taken int
	asked []string // the queries
	said  int
}

func (s *mirror) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.enter(r.URL.RawQuery) {
		http.Error(w, "the room is full", http.StatusServiceUnavailable)
		return
	}
	defer s.leave()
	c, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = c.Close() }()
	send(c, s.welcome(r.URL.Query().Get("session_id")))
	for _, text := range s.notice {
		send(c, map[string]any{"type": "system", "data": text})
	}
	for {
		var m map[string]any
		if err := c.ReadJSON(&m); err != nil {
			return
		}
		m["message_id"] = s.next()
		send(c, m)
	}
}

func (s *mirror) welcome(session string) map[string]any {
	if s.naked {
		return map[string]any{"type": "welcome", "data": "hello"}
	}
	resumed := session == "kept"
	data := map[string]any{"resumed": resumed, "reconnects": 3}
	if session != "" && !resumed {
		data["reason"] = "unknown_session"
	}
	return map[string]any{"type": "welcome", "session_id": "kept", "data": data}
}

func (s *mirror) enter(query string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, query)
	if s.seats > 0 && s.taken == s.seats {
		return false
	}
	s.taken++
	return true
}

func (s *mirror) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken--
}

func (s *mirror) next() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said++
	return fmt.Sprint("m", s.said)
}

func send(c *websocket.Conn, m map[string]any) {
	data, _ := json.Marshal(m)
	_ = c.WriteMessage(websocket.TextMessage, data)
}

// with is a test of a mirror.
func with(t *testing.T, h *mirror, fn func(w *testclient.World, s *chattest.Server)) {
	t.Helper()
	testclient.Run(t, func(w *testclient.World) { fn(w, chattest.Serve(w, h, struct{ Seats int }{h.seats})) })
}

// failure is what a test of a mirror would fail with.
func failure(t *testing.T, h *mirror, fn func(w *testclient.World, s *chattest.Server)) string {
	t.Helper()
	f := testclient.Try(t, func(w *testclient.World) { fn(w, chattest.Serve(w, h, struct{}{})) })
	if f == nil {
		t.Fatal("the test has not failed")
	}
	return f.String()
}

func text(s string) testclient.Message {
	return testclient.Message{Kind: testclient.Text, Data: json.RawMessage(s)}
}
