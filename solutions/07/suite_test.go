package chat_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/07"
)

// window is the ResumeWindow with which resuming is graded.
const window = 2 * time.Minute

var resuming = chat.Config{ResumeWindow: window}

// server is a server under test: clients dial it, and chat is what Go code may ask.
type server struct {
	*testclient.Server
	w    *testclient.World
	chat *chat.Server

	visits map[string]int // by client id: the second connection of bob's is called bob-2
}

// run is a test in virtual time with a fresh server.
func run(t *testing.T, cfg chat.Config, fn func(w *testclient.World, s *server)) {
	testclient.Run(t, func(w *testclient.World) {
		chattest.Vocabulary(w, "welcome", "message", "broadcast", "direct", "system", "error", "heartbeat", "heartbeat_ack")
		chattest.AnswerHeartbeats(w)
		fn(w, start(w, cfg))
	})
}

// start makes a server and puts it on the network.
func start(w *testclient.World, cfg chat.Config) *server {
	w.Note("Config: %s", settings(cfg))
	cfg.Logger = w.Logger()
	c, err := chat.New(cfg)
	require.NoError(w, err, "chat.New")
	return &server{Server: w.Serve(c), w: w, chat: c, visits: map[string]int{}}
}

// settings writes the numbers of a Config that are not zero.
func settings(cfg any) string {
	var set []string
	v := reflect.ValueOf(cfg)
	for i := range v.NumField() {
		if field := v.Field(i); field.CanInt() && !field.IsZero() {
			set = append(set, fmt.Sprintf("%s %v", v.Type().Field(i).Name, field))
		}
	}
	if set == nil {
		return "all numbers are zero"
	}
	return strings.Join(set, ", ")
}

// path is where a client asks for its connection; what is empty is left out.
func path(id, room, session, last string) string {
	query := url.Values{}
	for key, value := range map[string]string{"room_id": room, "session_id": session, "last_message_id": last} {
		if value != "" {
			query.Set(key, value)
		}
	}
	return "/ws/" + id + "?" + query.Encode()
}

// visit is one connection of a client, and what its welcome said.
type visit struct {
	*testclient.Client
	id, room   string
	asked      string // the session that it named
	session    string
	resumed    bool
	reason     string
	reconnects int
}

// join is a client's fresh start: it names no session. A second later the server must have it.
func (s *server) join(id, room string, opts ...testclient.DialOption) *visit {
	s.w.Helper()
	v := s.arrive(id, room, "", "", opts...)
	s.w.Sleep(time.Second)
	return v
}

// resume has the client of v come back to its session, as one whose last message was the one
// with that id.
func (s *server) resume(v *visit, last string, opts ...testclient.DialOption) *visit {
	s.w.Helper()
	return s.arrive(v.id, v.room, v.session, last, opts...)
}

// arrive connects a client, and expects its welcome before anything else.
func (s *server) arrive(id, room, session, last string, opts ...testclient.DialOption) *visit {
	s.w.Helper()
	v := &visit{Client: s.dial(id, room, session, last, opts...), id: id, room: room, asked: session}
	v.greet(s.w)
	return v
}

// dial connects a client, in the timeline under a name of its own for each connection.
func (s *server) dial(id, room, session, last string, opts ...testclient.DialOption) *testclient.Client {
	s.w.Helper()
	return s.Dial(path(id, room, session, last), append(opts, s.as(id))...)
}

func (s *server) as(id string) testclient.DialOption {
	if s.visits[id]++; s.visits[id] > 1 {
		return testclient.As(fmt.Sprint(id, "-", s.visits[id]))
	}
	return testclient.As(id)
}

// greet reads the welcome.
func (v *visit) greet(w *testclient.World) {
	w.Helper()
	m := v.Expect("a welcome, before anything else", func(m testclient.Message) bool { return parse(m).Type == "welcome" })
	v.read(w, m)
}

// read takes a welcome apart.
func (v *visit) read(w *testclient.World, m testclient.Message) {
	w.Helper()
	got := parse(m)
	var data struct {
		Resumed    *bool
		Reason     string
		Reconnects int
	}
	if err := json.Unmarshal(got.Data, &data); err != nil || data.Resumed == nil {
		w.Fatalf("%s got %s: its data must be an object, with resumed true or false", v.Name(), m)
	}
	v.session, v.resumed, v.reason, v.reconnects = got.SessionID, *data.Resumed, data.Reason, data.Reconnects
}

// leave ends a client's connection, with a farewell or without one, and lets a second pass.
func (s *server) leave(v *visit, farewell bool) {
	if farewell {
		v.Close(1000, "")
	} else {
		v.Cut()
	}
	s.w.Sleep(time.Second)
}

// message is what a client got.
type message struct {
	Type      string
	Data      json.RawMessage
	ID        string `json:"message_id"`
	SessionID string `json:"session_id"`
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

// String is the type and then the text, or the code of an error.
func (m message) String() string {
	var text string
	_ = json.Unmarshal(m.Data, &text) // only talk and notices have one
	return strings.TrimSpace(m.Type + " " + text + m.Code)
}

// hear expects exactly these messages next, each as message.String has it, and returns the id
// of the last.
func hear(w *testclient.World, v *visit, want ...string) (last string) {
	w.Helper()
	for _, line := range want {
		got := v.Expect(describe(line), func(m testclient.Message) bool { return parse(m).String() == line })
		last = parse(got).ID
	}
	return last
}

// describe writes what hear expects as it goes over the wire.
func describe(line string) string {
	kind, text, _ := strings.Cut(line, " ")
	if kind == "error" {
		return fmt.Sprintf(`{"type":"error","code":%q}`, text)
	}
	if len(text) > 60 {
		return fmt.Sprintf(`{"type":%q,"data":"%.20s… (%d bytes)"}`, kind, text, len(text))
	}
	return fmt.Sprintf(`{"type":%q,"data":%q}`, kind, text)
}

// hearNoMore expects that nothing else comes.
func hearNoMore(w *testclient.World, visits ...*visit) {
	w.Helper()
	w.Sleep(time.Second)
	for _, v := range visits {
		v.Silence(0)
	}
}

// say sends a message to the client's room; shout one to all; tell one to a single client.
func say(v *visit, text string)   { v.SendJSON(map[string]string{"type": "message", "data": text}) }
func shout(v *visit, text string) { v.SendJSON(map[string]string{"type": "broadcast", "data": text}) }
func tell(v *visit, to, text string) {
	v.SendJSON(map[string]string{"type": "direct", "to": to, "data": text})
}

// who writes who is in a room: "ana bob".
func (s *server) who(room string) string {
	var ids []string
	for _, r := range s.chat.Rooms() {
		for _, m := range r.Members {
			if r.ID == room {
				ids = append(ids, m.ID)
			}
		}
	}
	return strings.Join(ids, " ")
}

// expectWho fails unless Rooms tells that these are in a room.
func (s *server) expectWho(room, want, why string) {
	s.w.Helper()
	if got := s.who(room); got != want {
		s.w.Fatalf("Rooms() has %q in %s, want %q: %s", got, room, want, why)
	}
}

// expectSeat is join into a room that must have a seat free.
func (s *server) expectSeat(id, room, why string) *visit {
	s.w.Helper()
	c, resp := s.TryDial(path(id, room, "", ""), s.as(id))
	if c == nil {
		s.w.Fatalf("%s was refused with status %d (%q), want 101: %s", id, resp.Status, strings.TrimSpace(string(resp.Body)), why)
	}
	v := &visit{Client: c, id: id, room: room}
	v.greet(s.w)
	s.w.Sleep(time.Second)
	return v
}

// expectFull fails unless a room has no seat for somebody else.
func (s *server) expectFull(id, room, why string) {
	s.w.Helper()
	c, _ := s.TryDial(path(id, room, "", ""), testclient.As(id))
	if c != nil {
		s.w.Fatalf("%s got into %s, want status 503: %s", id, room, why)
	}
	s.w.Sleep(time.Second)
}
