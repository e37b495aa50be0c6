package chat_test

import (
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
