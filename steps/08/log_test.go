package chat_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
)

// ends are connections that end, and what the log says of them.
var ends = []struct {
	what   string
	do     func(w *testclient.World, s *server, bob *chattest.Client)
	code   int
	by     string
	level  slog.Level
	reason string // if the client gave one
}{
	{"bob closes with 1000", func(_ *testclient.World, _ *server, bob *chattest.Client) { bob.Close(1000, "bye") },
		1000, "client", slog.LevelInfo, "bye"},
	{"bob closes with 1001", func(_ *testclient.World, _ *server, bob *chattest.Client) { bob.Close(1001, "") },
		1001, "client", slog.LevelInfo, ""},
	{"bob closes without a code", func(_ *testclient.World, _ *server, bob *chattest.Client) {
		bob.SendFrame(testclient.NewFrame(testclient.OpClose, nil))
	}, 1005, "client", slog.LevelInfo, ""},
	{"bob closes with 4321", func(_ *testclient.World, _ *server, bob *chattest.Client) { bob.Close(4321, "lunch") },
		4321, "client", slog.LevelInfo, "lunch"},
	{"bob closes with 1009", func(_ *testclient.World, _ *server, bob *chattest.Client) { bob.Close(1009, "too big") },
		1009, "client", slog.LevelInfo, "too big"},
	{"bob closes with 1011", func(_ *testclient.World, _ *server, bob *chattest.Client) { bob.Close(1011, "bug") },
		1011, "client", slog.LevelInfo, "bug"},
	{"bob's network is gone", func(_ *testclient.World, _ *server, bob *chattest.Client) { bob.Cut() },
		1006, "network", slog.LevelInfo, ""},
	{"bob connects once more", func(_ *testclient.World, s *server, _ *chattest.Client) { s.Join("bob", "lobby") },
		4001, "server", slog.LevelInfo, ""},
	{"bob sends a binary message", func(_ *testclient.World, _ *server, bob *chattest.Client) { bob.SendBinary(nil) },
		1003, "server", slog.LevelWarn, ""},
	{"bob sends what is no UTF-8", func(_ *testclient.World, _ *server, bob *chattest.Client) { bob.SendFrame(fragments("\xff")...) },
		1007, "server", slog.LevelWarn, ""},
	{"bob sends too much", func(_ *testclient.World, _ *server, bob *chattest.Client) { bob.Say(long(200)) },
		1009, "server", slog.LevelWarn, ""},
	{"bob breaks the protocol", func(_ *testclient.World, _ *server, bob *chattest.Client) { bob.SendRaw(broken[2].bytes) },
		1002, "server", slog.LevelWarn, ""},
	{"the server is closed", func(_ *testclient.World, s *server, _ *chattest.Client) { s.chat.Close() },
		1001, "server", slog.LevelInfo, ""},
}

// Task 8.7 (5 points, after 8.6): The log says who closed, and how.
//
// Rules: 8.d, 8.v, 8.w.
func TestEndIsLogged(t *testing.T) {
	cfg := closing
	cfg.MaxMessageSize = 200
	for _, e := range ends {
		run(t, cfg, func(w *testclient.World, s *server) {
			bob := s.Join("bob", "den")
			e.do(w, s, bob)
			w.Sleep(6 * time.Second)
			record := w.Logs().ExpectRecord(fmt.Sprintf("a record \"client disconnected\" after this: %s", e.what), func(r testclient.Record) bool {
				return r.Message == "client disconnected" && r.Attrs["room_id"] == "den"
			})
			expectAttr(w, e.what, record, "code", float64(e.code))
			expectAttr(w, e.what, record, "closed_by", e.by)
			if e.reason != "" {
				expectAttr(w, e.what, record, "reason", e.reason)
			} else if e.by == "server" && (record.Attrs["reason"] == "" || record.Attrs["reason"] == nil) {
				w.Fatalf("%s: the record has no reason, and the server had one:\n%s", e.what, record)
			}
			if record.Level != e.level {
				w.Fatalf("%s: the record has the level %s, want %s:\n%s", e.what, record.Level, e.level, record)
			}
		})
	}
}

// expectAttr fails unless a record has an attribute with a value, as JSON has it.
func expectAttr(w *testclient.World, what string, r testclient.Record, key string, want any) {
	w.Helper()
	data, _ := json.Marshal(r.Attrs[key])
	var got any
	if err := json.Unmarshal(data, &got); err != nil || got != want {
		w.Fatalf("%s: the record has %s=%v, want %v:\n%s", what, key, r.Attrs[key], want, r)
	}
}
