package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/08"
)

// closing is the Config with which most of this step is graded.
var closing = chat.Config{CloseTimeout: 5 * time.Second}

// unanswering makes a client that never answers the server's close frame.
var unanswering = testclient.NoAutoClose()

// narrow has the network hold so little that a write to a client that does not read waits at once.
var narrow = testclient.Buffer(1024)

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

// expectClose fails unless the server closes a connection with a code and a reason.
func expectClose(w *testclient.World, c *chattest.Client, code int, why string) testclient.CloseInfo {
	w.Helper()
	w.Note("%s", why)
	info := c.ExpectClose(code)
	if info.Reason == "" {
		w.Fatalf("%s got %s without a reason: say in words why the server closes", c.Name(), info)
	}
	return info
}

// hungUp fails unless the server closes TCP within a second from now.
func hungUp(w *testclient.World, c *chattest.Client) {
	w.Helper()
	c.ServerHungUp(time.Second)
}

// stillThere fails if the server has closed TCP by now.
func stillThere(w *testclient.World, c *chattest.Client, why string) {
	w.Helper()
	w.Settle()
	if c.HasServerHungUp() {
		w.Fatalf("the server has closed TCP already: %s", why)
	}
}

// long is a text of so many bytes.
func long(n int) string { return strings.Repeat("x", n) }

// numbered are texts of 2000 bytes, which a narrow network does not hold.
func numbered(n int) []string {
	var texts []string
	for i := range n {
		texts = append(texts, fmt.Sprint(i, long(1999)))
	}
	return texts
}
