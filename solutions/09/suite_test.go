package chat_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/09"
)

// failing is the Config with which most of this step is graded.
var failing = chat.Config{CloseTimeout: 5 * time.Second, ModerateTimeout: time.Second}

// server is a server under test: clients join it, and chat is what Go code may ask.
type server struct {
	*chattest.Server
	w    *testclient.World
	chat *chat.Server
}

// run is a test in virtual time with a fresh server.
func run(t *testing.T, cfg chat.Config, fn func(w *testclient.World, s *server)) {
	testclient.Run(t, func(w *testclient.World) { fn(w, start(w, cfg)) })
}

// start makes a server and puts it on the network.
func start(w *testclient.World, cfg chat.Config) *server {
	chattest.Vocabulary(w, "welcome", "message", "broadcast", "direct", "system", "error", "heartbeat", "heartbeat_ack")
	chattest.AnswerHeartbeats(w)
	cfg.Logger = w.Logger()
	c, err := chat.New(cfg)
	require.NoError(w, err, "chat.New")
	return &server{chattest.Serve(w, c, cfg), w, c}
}

// records returns the log's records with a message, about one client unless id is empty.
func (s *server) records(message, id string) []testclient.Record {
	s.w.Settle()
	var found []testclient.Record
	for _, r := range s.w.Logs().Records() {
		if r.Message == message && (id == "" || r.Attrs["client_id"] == id) {
			found = append(found, r)
		}
	}
	return found
}

// expectRecords fails unless the log has so many records with a message about a client, and returns them.
func (s *server) expectRecords(n int, message, id, why string) []testclient.Record {
	s.w.Helper()
	found := s.records(message, id)
	if len(found) != n {
		who := cmp.Or(id, "anybody")
		s.w.Fatalf("the log has %q %s about %s, want %d: %s%s", message, times(len(found)), who, n, why, list(found))
	}
	return found
}

func list(records []testclient.Record) string {
	var b strings.Builder
	for _, r := range records {
		b.WriteString("\n  " + r.String())
	}
	return b.String()
}

// expectAttr fails unless a record has an attribute with a value.
func (s *server) expectAttr(r testclient.Record, key, want string) {
	s.w.Helper()
	if got, _ := r.Attrs[key].(string); got != want {
		s.w.Fatalf("the record has %s=%v, want %q:\n  %s", key, r.Attrs[key], want, r)
	}
}

// talk is a message that a client sends, with an id of its own, if any.
func talk(id, text string) string {
	if id == "" {
		return `{"type":"message","data":"` + text + `"}`
	}
	return `{"type":"message","message_id":"` + id + `","data":"` + text + `"}`
}

// expectRefused fails unless the next that a client gets is an error with a code for a message of its own.
func expectRefused(w *testclient.World, c *chattest.Client, code, messageID string) chattest.Message {
	w.Helper()
	got := chattest.Parse(c.Expect(`an error with the code "`+code+`"`, func(m testclient.Message) bool {
		got := chattest.Parse(m)
		return got.Type == "error" && got.Code == code
	}))
	if messageID != "" && got.ID != messageID {
		w.Fatalf("the error for %s has the message_id %q, want that of the message which failed, %q", c.Name(), got.ID, messageID)
	}
	return got
}

// long is a text of so many bytes.
func long(n int) string { return strings.Repeat("x", n) }

// times writes "once", "2 times".
func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
