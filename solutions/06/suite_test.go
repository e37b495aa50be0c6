package chat_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/06"
)

// server is a server under test: clients dial it.
type server struct {
	*testclient.Server
	w *testclient.World
}

// limited is a Config with a limit and nothing else, but for an outbox that has room for what
// many say at one instant.
func limited(limit int, window time.Duration) chat.Config {
	return chat.Config{RateLimit: limit, RateWindow: window, OutboxSize: 10_000}
}

// run is a test in virtual time with a fresh server.
func run(t *testing.T, cfg chat.Config, fn func(w *testclient.World, s *server)) {
	testclient.Run(t, func(w *testclient.World) { fn(w, start(w, cfg)) })
}

// start makes a server and puts it on the network.
func start(w *testclient.World, cfg chat.Config) *server {
	chattest.Vocabulary(w, "welcome", "message", "broadcast", "direct", "system", "error", "heartbeat", "heartbeat_ack")
	cfg.Logger = w.Logger()
	c, err := chat.New(cfg)
	require.NoError(w, err, "chat.New")
	return &server{Server: w.Serve(c), w: w}
}

// join has a client join a room, and lets a second pass: by then the server must have it. Who comes
// and goes is nothing to it, and its heartbeats are read by answerHeartbeats.
func (s *server) join(id, room string, opts ...testclient.DialOption) *testclient.Client {
	s.w.Helper()
	c := s.Dial("/ws/"+id+"?room_id="+room, append(opts, testclient.As(id))...)
	s.w.Sleep(time.Second)
	return c.PassingOver(func(m testclient.Message) bool {
		kind := parse(m).Type
		return kind == "welcome" || kind == "system" || kind == "heartbeat"
	})
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

// outgoing is a message that a test sends.
type outgoing struct {
	Type string `json:"type"`
	Data string `json:"data,omitempty"`
	To   string `json:"to,omitempty"`
	ID   string `json:"message_id,omitempty"`
}

// say sends a message to the client's room.
func say(c *testclient.Client, text string) { c.SendJSON(outgoing{Type: "message", Data: text}) }

// message is what a client got.
type message struct {
	Type string
	Data json.RawMessage
	ID   string `json:"message_id"`
	From string
	Code string
}

// parse takes a message apart; what is none has no type.
func parse(m testclient.Message) message {
	var got message
	if m.Kind == testclient.Text {
		_ = json.Unmarshal(m.Data, &got) // of what is broken the rest is compared
	}
	return got
}

// text is the data of a message that is talk.
func (m message) text() string {
	var text string
	_ = json.Unmarshal(m.Data, &text) // what is no text is ""
	return text
}

// hear expects the next message to be talk of that text.
func hear(c *testclient.Client, text string) testclient.Message {
	return expectTalk(c, text, "")
}

// hearSince is hear with a reason, for whoever reads a failure.
func hearSince(c *testclient.Client, text, reason string) testclient.Message {
	return expectTalk(c, text, " ("+reason+")")
}

func expectTalk(c *testclient.Client, text, reason string) testclient.Message {
	return c.Expect(`a message with the data "`+text+`"`+reason, func(m testclient.Message) bool {
		got := parse(m)
		return got.text() == text && (got.Type == "message" || got.Type == "broadcast" || got.Type == "direct")
	})
}

// use has a client say so many things, all of which are within its limit.
func use(c *testclient.Client, n int, text string) {
	for range n {
		say(c, text)
		hearSince(c, text, "that is within its limit")
	}
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

// refusal is the data of an error, as far as this step knows it.
type refusal struct {
	Message      string
	RetryAfterMS json.Number `json:"retry_after_ms"`
}

// expectRefused expects the next message to be a rate_limited error with the id that the client
// gave its message, and returns the time after which it may try again.
func expectRefused(w *testclient.World, c *testclient.Client, id string) time.Duration {
	w.Helper()
	m := c.Expect("an error with the code rate_limited", func(m testclient.Message) bool {
		got := parse(m)
		return got.Type == "error" && got.Code == "rate_limited"
	})
	got := parse(m)
	if id != "" && got.ID != id {
		w.Fatalf("%s got an error with the message_id %q, want %q: what the client called the message that is refused", c.Name(), got.ID, id)
	}
	var data refusal
	err := json.Unmarshal(got.Data, &data)
	if err != nil || len(strings.Fields(data.Message)) < 2 {
		w.Fatalf("%s got an error with the data %s: that must be an object with message, a sentence", c.Name(), got.Data)
	}
	ms, err := data.RetryAfterMS.Int64()
	if err != nil || ms <= 0 {
		w.Fatalf("%s got an error with the data %s: that must have retry_after_ms, a whole number of milliseconds and more than none", c.Name(), got.Data)
	}
	return time.Duration(ms) * time.Millisecond
}
