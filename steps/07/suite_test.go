package chat_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/07"
)

// window is the ResumeWindow with which resuming is graded.
const window = 2 * time.Minute

var resuming = chat.Config{ResumeWindow: window}

// What becomes of a connection whose client comes again: it ends with a close frame or without
// one, or it is there still, and the new one takes over.
var (
	leave  = (*chattest.Client).Leave
	vanish = (*chattest.Client).Vanish
	stay   = func(*chattest.Client) {}
)

// server is a server under test: clients join it, and chat is what Go code may ask.
type server struct {
	*chattest.Server
	w    *testclient.World
	chat *chat.Server
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
	cfg.Logger = w.Logger()
	c, err := chat.New(cfg)
	require.NoError(w, err, "chat.New")
	return &server{chattest.Serve(w, c, cfg), w, c}
}

// messages are the lines of talk with these texts: "message one", "message two" of "one two".
func messages(texts string) []string {
	var lines []string
	for text := range strings.FieldsSeq(texts) {
		lines = append(lines, "message "+text)
	}
	return lines
}

// listing is what a list tells: who is in which room, as "ana bob".
type listing map[string]string

// listed is a room in an answer over HTTP.
type listed struct {
	ID      string
	Members []struct {
		ID         string
		Reconnects int
	}
}

// inGo is what Rooms tells.
func (s *server) inGo() listing {
	list := listing{}
	for _, r := range s.chat.Rooms() {
		list[r.ID] = ""
		for _, m := range r.Members {
			list[r.ID] = strings.TrimSpace(list[r.ID] + " " + m.ID)
		}
	}
	return list
}

// overHTTP is what an answer tells.
func overHTTP(rooms ...listed) listing {
	list := listing{}
	for _, r := range rooms {
		list[r.ID] = ""
		for _, m := range r.Members {
			list[r.ID] = strings.TrimSpace(list[r.ID] + " " + m.ID)
		}
	}
	return list
}

// expectWho fails unless all lists tell that these are in a room: Rooms, GET /rooms, and
// GET /rooms/{room_id}, which is 404 where nobody is.
func (s *server) expectWho(room, want, why string) {
	s.w.Helper()
	s.expectListed("Rooms()", s.inGo(), room, want, why)
	var all struct{ Rooms []listed }
	s.Get("/rooms").JSON(&all)
	s.expectListed("GET /rooms", overHTTP(all.Rooms...), room, want, why)
	one := s.Get("/rooms/" + room)
	switch {
	case want == "" && one.Status != http.StatusNotFound:
		s.w.Fatalf("GET /rooms/%s got status %d, want 404: %s", room, one.Status, why)
	case want == "" && strings.Contains(string(one.Body), `"members"`):
		s.w.Fatalf("GET /rooms/%s got 404 and after that a room, in one answer. Is there a return after the refusal? The body: %s", room, one.Body)
	case want != "":
		var r listed
		one.JSON(&r)
		s.expectListed("GET /rooms/"+room, overHTTP(r), room, want, why)
	}
}

// expectListed fails unless a list has these clients in a room, and no room without a client.
func (s *server) expectListed(asked string, got listing, room, want, why string) {
	s.w.Helper()
	for id, who := range got {
		if who == "" {
			s.w.Fatalf("%s has the room %s without a member: a room that nobody is in is not listed. %s", asked, id, why)
		}
	}
	if got[room] != want {
		s.w.Fatalf("%s has %q in %s, want %q: %s", asked, got[room], room, want, why)
	}
}
