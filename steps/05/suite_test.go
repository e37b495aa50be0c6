package chat_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/05"
)

// Most tests run with these. StaleAfter is no multiple of the interval, so that a server that
// looks around at regular times has to get the rest right too.
const (
	interval = 30 * time.Second
	stale    = 70 * time.Second
)

// server is a server under test: clients dial it, and chat is what Go code may ask.
type server struct {
	*testclient.Server
	w    *testclient.World
	chat *chat.Server
}

// run is a test in virtual time with a fresh server.
func run(t *testing.T, cfg chat.Config, fn func(w *testclient.World, s *server)) {
	testclient.Run(t, func(w *testclient.World) {
		chattest.Vocabulary(w, "welcome", "message", "broadcast", "direct", "system", "error", "heartbeat", "heartbeat_ack")
		fn(w, start(w, cfg))
	})
}

// start makes a server and puts it on the network.
func start(w *testclient.World, cfg chat.Config) *server {
	cfg.Logger = w.Logger()
	c, err := chat.New(cfg)
	require.NoError(w, err, "chat.New")
	if cfg.HeartbeatInterval > 0 {
		w.Note("a server with HeartbeatInterval %v and StaleAfter %v", cfg.HeartbeatInterval, cfg.StaleAfter)
	}
	return &server{Server: w.Serve(c), w: w, chat: c}
}

// join has a client join a room and lets a second pass: by then the server must have it.
func (s *server) join(id, room string, opts ...testclient.DialOption) *testclient.Client {
	s.w.Helper()
	c := s.Dial("/ws/"+id+"?room_id="+room, append(opts, testclient.As(id))...)
	c.Expect("a welcome, before anything else", isType("welcome"))
	s.w.Sleep(time.Second)
	return c
}

// leave ends a client's connection, with a farewell or without one, and lets a second pass.
func (s *server) leave(c *testclient.Client, farewell bool) {
	if farewell {
		c.Close(1000, "")
	} else {
		c.Cut()
	}
	s.w.Sleep(time.Second)
}

// member is what Rooms tells of a client, or nil when it is in no room.
func (s *server) member(id string) *chat.Member {
	for _, room := range s.chat.Rooms() {
		for _, m := range room.Members {
			if m.ID == id {
				return &m
			}
		}
	}
	return nil
}

// mustMember is member of one who is in a room.
func (s *server) mustMember(id string) chat.Member {
	s.w.Helper()
	m := s.member(id)
	if m == nil {
		s.w.Fatalf("Rooms() does not tell of %s, who should be connected%s", id, s.ended(id))
	}
	return *m
}

// ended says what the server's log knows of the end of a client's connection, if it has ended. It
// is for failures alone: what is in the log is not graded.
func (s *server) ended(id string) string {
	end := ""
	for _, r := range s.w.Logs().Records() {
		if fmt.Sprint(r.Attrs["client_id"]) != id {
			continue
		}
		end = ""
		if r.Message == "client disconnected" {
			end = fmt.Sprintf("; the server ended the connection at %s: %v", at(s.w, r.Time), r.Attrs["reason"])
		}
	}
	return end
}

// message is what a client got.
type message struct {
	Type      string
	Data      json.RawMessage
	ID        string `json:"message_id"`
	Timestamp time.Time
	From      string
	Code      string
}

// parse takes a message apart; what is none has no type.
func parse(m testclient.Message) message {
	var got message
	if m.Kind == testclient.Text {
		_ = json.Unmarshal(m.Data, &got) // of what is broken the rest is compared
	}
	return got
}

// isType matches messages of a type.
func isType(kind string) func(testclient.Message) bool {
	return func(m testclient.Message) bool { return parse(m).Type == kind }
}

// say sends a message to the client's room.
func say(c *testclient.Client, text string) {
	c.SendJSON(map[string]string{"type": "message", "data": text})
}

// ack answers a heartbeat.
func ack(c *testclient.Client, id string) {
	c.SendJSON(map[string]string{"type": "heartbeat_ack", "message_id": id})
}

// pong is a sign of life that nobody has asked for (RFC 6455, section 5.5.3).
func pong(c *testclient.Client) {
	c.SendFrame(testclient.NewFrame(testclient.OpPong, nil))
}

// received returns those of a type among what has arrived by now.
func received(c *testclient.Client, kind string) []message {
	var list []message
	for _, m := range c.Drain() {
		if got := parse(m); got.Type == kind {
			list = append(list, got)
		}
	}
	return list
}

// expectLeft fails unless a client has been told once, by now, that the other has left.
func (s *server) expectLeft(listener *testclient.Client, id string) {
	s.w.Helper()
	if s.member(listener.Name()) == nil {
		s.w.Fatalf("%s is no longer in her room, where she should have been told that %s has left: she answers every ping, though the timeline does not show it, and a pong is a sign of life",
			listener.Name(), id)
	}
	told := 0
	for _, m := range received(listener, "system") {
		if string(m.Data) == fmt.Sprintf("%q", id+" left") {
			told++
		}
	}
	switch {
	case told == 0:
		s.w.Lacks(listener.Name(), "%s should have been told that %s has left: whoever the server hangs up on leaves its room like any other", listener.Name(), id)
	case told > 1:
		s.w.Fatalf("%s was told %d times that %s has left, want once", listener.Name(), told, id)
	}
}

// near tells whether a server that acts at once may have meant this moment.
func near(got, want time.Time) bool { return got.Sub(want).Abs() <= time.Second }

// at writes a moment as the timeline does, by how much of the test had passed.
func at(w *testclient.World, t time.Time) string {
	if t.IsZero() {
		return "never (the zero time)"
	}
	return fmt.Sprint(w.Elapsed() - time.Since(t))
}
