package chat_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/10"
)

// lasting is the Config with which most of this step is graded.
var lasting = chat.Config{CloseTimeout: 5 * time.Second}

// draining is a Config with a drain of twice 30 s.
var draining = chat.Config{CloseTimeout: 5 * time.Second, DrainPeriod: time.Minute}

// unanswering makes a client that never answers the server's close frame.
var unanswering = testclient.NoAutoClose()

// narrow has the network hold so little that a write to a client that does not read waits at once.
var narrow = testclient.Buffer(1024)

// server is a server under test that serves by itself: clients join it, and chat is what Go code may ask.
type server struct {
	*chattest.Server
	w    *testclient.World
	chat *chat.Server
	ln   net.Listener

	ctx      context.Context // of Serve
	end      context.CancelFunc
	returned chan struct{} // closed when Serve has returned
	err      error         // what it returned; may be read then
}

// run is a test in virtual time with a fresh server that serves.
func run(t *testing.T, cfg chat.Config, fn func(w *testclient.World, s *server)) {
	testclient.Run(t, func(w *testclient.World) { fn(w, start(w, cfg)) })
}

// start has a fresh server serve, until the test is over at the latest.
func start(w *testclient.World, cfg chat.Config) *server {
	manners(w)
	s := newServer(w, cfg, w.Listen())
	s.serve()
	return s
}

// manners are those of all clients of a test.
func manners(w *testclient.World) {
	chattest.Vocabulary(w, "welcome", "message", "broadcast", "direct", "system", "error", "heartbeat", "heartbeat_ack", "reconnect")
	chattest.AnswerHeartbeats(w)
}

// newServer makes a server that does not serve yet.
func newServer(w *testclient.World, cfg chat.Config, ln net.Listener) *server {
	cfg.Logger = w.Logger()
	c, err := chat.New(cfg)
	require.NoError(w, err, "chat.New")
	s := &server{Server: chattest.At(w, ln, cfg), w: w, chat: c, ln: ln, returned: make(chan struct{})}
	s.ctx, s.end = context.WithCancel(context.Background())
	return s
}

// serve calls Serve.
func (s *server) serve() {
	s.w.Note("Serve begins")
	go func() {
		defer close(s.returned)
		s.err = s.chat.Serve(s.ctx, s.ln)
	}()
	s.Cleanup("Serve", func() {
		s.end()
		<-s.returned
	})
	s.w.Settle()
}

// beginStop ends the ctx of Serve.
func (s *server) beginStop() {
	s.w.Note("the ctx of Serve ends")
	s.end()
	s.w.Settle()
}

// hasReturned tells whether Serve has returned by now.
func (s *server) hasReturned() bool {
	s.w.Settle()
	select {
	case <-s.returned:
		return true
	default:
		return false
	}
}

// expectReturn fails unless Serve returns within d from now, and returns its error.
func (s *server) expectReturn(d time.Duration, why string) error {
	s.w.Helper()
	select {
	case <-s.returned:
	case <-time.After(d):
		if !s.hasReturned() {
			s.w.Lacks("", "Serve should have returned within %v: %s", d, why)
		}
	}
	return s.err
}

// expectEnd fails unless Serve returns nil within a second from now.
func (s *server) expectEnd(why string) {
	s.w.Helper()
	if err := s.expectReturn(time.Second, why); err != nil {
		s.w.Fatalf("Serve returned %q, want nil: %s", err, why)
	}
}

// expectServing fails if Serve has returned by now.
func (s *server) expectServing(why string) {
	s.w.Helper()
	if s.hasReturned() {
		s.w.Fatalf("Serve has returned already (%v): %s", s.err, why)
	}
}

// expectStatus fails unless GET path is answered with a status.
func (s *server) expectStatus(want int, path, why string, opts ...testclient.DialOption) *testclient.Response {
	s.w.Helper()
	resp, err := s.TryGet(path, opts...)
	if err != nil {
		s.w.Fatalf("GET %s should have been answered %d: %v: %s", path, want, err, why)
	}
	if resp.Status != want {
		s.w.Fatalf("GET %s was answered %d, want %d: %s", path, resp.Status, want, why)
	}
	return resp
}

// expectClosing fails unless the server closes a client's connection with 1001 and a reason within a second.
// It returns when the close has come.
func expectClosing(w *testclient.World, c *chattest.Client, why string) testclient.CloseInfo {
	w.Helper()
	w.Note("%s", why)
	info := c.ExpectClose(1001)
	if info.Reason == "" {
		w.Fatalf("%s got %s without a reason: say in words why the server closes", c.Name(), info)
	}
	return info
}

// expectOpen fails if the server has closed TCP by now.
func expectOpen(w *testclient.World, c *chattest.Client, why string) {
	w.Helper()
	w.Settle()
	if c.HasServerHungUp() {
		w.Fatalf("%s's connection has ended already: %s", c.Name(), why)
	}
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

// expectReturnBy fails unless Serve returns nil before an instant.
func (s *server) expectReturnBy(at time.Duration, why string) {
	s.w.Helper()
	if err := s.expectReturn(at-s.w.Elapsed(), why); err != nil {
		s.w.Fatalf("Serve returned %q, want nil: %s", err, why)
	}
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
