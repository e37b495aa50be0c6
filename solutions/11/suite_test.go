package chat_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/11"
)

// lasting is the Config with which most of this step is graded.
var lasting = chat.Config{CloseTimeout: 5 * time.Second}

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
	manners(w)
	c := newServer(w, cfg)
	return &server{chattest.Serve(w, c, cfg), w, c}
}

// manners are those of all clients of a test.
func manners(w *testclient.World) {
	chattest.Vocabulary(w, "welcome", "message", "broadcast", "direct", "system", "error", "heartbeat", "heartbeat_ack", "reconnect", "auth")
	chattest.AnswerHeartbeats(w)
}

func newServer(w *testclient.World, cfg chat.Config) *chat.Server {
	cfg.Logger = w.Logger()
	c, err := chat.New(cfg)
	require.NoError(w, err, "chat.New")
	return c
}

// try asks for a connection over one of the transports, and returns the answer's status: 101 and 200 are
// successes, and then there is a client.
func (s *server) try(transport, path string, opts ...testclient.DialOption) (int, *testclient.Client, *testclient.Response) {
	dial := s.TryDial
	if transport == events {
		dial = s.TryEvents
		path = strings.Replace(path, "/ws/", "/events/", 1)
	}
	c, resp := dial(path, opts...)
	if c == nil {
		return resp.Status, nil, resp
	}
	return http.StatusOK, c, nil
}

// The transports.
const (
	websocket = "WebSocket"
	events    = "event stream"
)

var transports = []string{websocket, events}

// expectStatus fails unless a request for a connection is answered with a status, 200 for success. It
// returns the answer of a refusal, or the connection.
func (s *server) expectStatus(want int, transport, path, why string, opts ...testclient.DialOption) (*testclient.Client, *testclient.Response) {
	s.w.Helper()
	got, c, resp := s.try(transport, path, opts...)
	if got != want {
		s.w.Fatalf("a request for %s, over the transport %s, was answered %s, want %s: %s", path, transport, status(got), status(want), why)
	}
	return c, resp
}

// status writes a status. 200 stands for a connection.
func status(code int) string {
	if code == http.StatusOK {
		return "with a connection"
	}
	return fmt.Sprintf("with the status %d %s", code, http.StatusText(code))
}

// expectGet fails unless a request is answered with a status.
func (s *server) expectGet(want int, path, why string, opts ...testclient.DialOption) *testclient.Response {
	s.w.Helper()
	resp := s.Get(path, opts...)
	if resp.Status != want {
		s.w.Fatalf("%s was answered %d %s, want %d: %s", path, resp.Status, http.StatusText(resp.Status), want, why)
	}
	return resp
}

// members returns the ids of those who are in a room.
func (s *server) members(room string) []string {
	ids := []string{}
	for _, r := range s.chat.Rooms() {
		for _, m := range r.Members {
			if r.ID == room {
				ids = append(ids, m.ID)
			}
		}
	}
	return ids
}

// expectMembers fails unless these are in a room.
func (s *server) expectMembers(room, why string, want ...string) {
	s.w.Helper()
	if got := s.members(room); !slices.Equal(got, want) {
		s.w.Fatalf("the members of %s are %q, want %q: %s", room, got, want, why)
	}
}

// records returns the log's records with a message.
func (s *server) records(message string) []testclient.Record {
	s.w.Settle()
	var found []testclient.Record
	for _, r := range s.w.Logs().Records() {
		if r.Message == message {
			found = append(found, r)
		}
	}
	return found
}

// expectRefusals fails unless the log has so many records of refusals, and the last one has a status.
func (s *server) expectRefusals(n, status int) {
	s.w.Helper()
	records := s.records("handshake refused")
	if len(records) != n {
		s.w.Fatalf("the log has %d records \"handshake refused\" after %d refusals, want one for each", len(records), n)
	}
	if last := records[n-1]; last.Attrs["status"] != int64(status) {
		s.w.Fatalf("the record of a refusal has status=%v, want %d:\n  %s", last.Attrs["status"], status, last)
	}
}

// expectError fails unless the next that a client gets is an error with a code for a message of its own.
func expectError(w *testclient.World, c *chattest.Client, code, messageID, why string) {
	w.Helper()
	got := chattest.Parse(c.Expect(`an error with the code "`+code+`": `+why, func(m testclient.Message) bool {
		got := chattest.Parse(m)
		return got.Type == "error" && got.Code == code
	}))
	if messageID != "" && got.ID != messageID {
		w.Fatalf("the error for %s has the message_id %q, want that of the message which was refused, %q", c.Name(), got.ID, messageID)
	}
}

// post has a request be a POST.
var post = testclient.Method(http.MethodPost)

// long is a text of so many bytes.
func long(n int) string { return strings.Repeat("x", n) }

// expectEnd fails unless the server ends a connection with a code.
func expectEnd(c *chattest.Client, transport string, code int, why string) {
	if transport == events {
		c.ExpectEnd(code, why)
		return
	}
	c.ExpectClose(code)
}

// join has a client join over one of the transports.
func (s *server) join(transport, id, room string, opts ...testclient.DialOption) *chattest.Client {
	if transport == events {
		return s.JoinEvents(id, room, opts...)
	}
	return s.Join(id, room, opts...)
}
