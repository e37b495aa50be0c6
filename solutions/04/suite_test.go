package chat_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/04"
)

// No test may pass only because this machine happens to be where UTC is kept.
func init() { time.Local = time.FixedZone("half past five", 5*60*60+30*60) }

// roomy is for tests in which many speak at one instant: nobody is to be dropped there.
var roomy = chat.Config{OutboxSize: 10_000}

// server is a server under test: clients dial it, and chat is what Go code may ask.
type server struct {
	*testclient.Server
	w    *testclient.World
	chat *chat.Server
}

// run is a test in virtual time with a fresh server.
func run(t *testing.T, cfg chat.Config, fn func(w *testclient.World, s *server)) {
	testclient.Run(t, func(w *testclient.World) { fn(w, start(w, cfg)) })
}

// start makes a server and serves it on w's network.
func start(w *testclient.World, cfg chat.Config) *server {
	w.Helper()
	chattest.Vocabulary(w, "welcome", "message", "broadcast", "direct", "system", "error")
	if cfg.Logger == nil {
		cfg.Logger = w.Logger()
	}
	c, err := chat.New(cfg)
	require.NoError(w, err, "chat.New")
	return &server{Server: w.Serve(c), w: w, chat: c}
}

// path is where a client asks for its connection; an empty room leaves room_id out.
func path(id, room string) string {
	if room == "" {
		return "/ws/" + url.PathEscape(id)
	}
	return "/ws/" + url.PathEscape(id) + "?room_id=" + url.QueryEscape(room)
}

// dial connects a client that minds everything which it gets.
func (s *server) dial(id, room string, opts ...testclient.DialOption) *testclient.Client {
	s.w.Helper()
	return s.Dial(path(id, room), append(opts, testclient.As(id))...)
}

// join connects a client and lets a second pass: by then it takes part. Welcomes and notices are
// task 4.5's; this client does not mind whether they come.
func (s *server) join(id, room string, opts ...testclient.DialOption) *testclient.Client {
	s.w.Helper()
	c := s.dial(id, room, opts...).PassingOver(isOccasion)
	s.w.Sleep(time.Second)
	return c
}

// crowd has n clients join a room: c0, c1, ….
func (s *server) crowd(n int, room string, opts ...testclient.DialOption) []*testclient.Client {
	s.w.Helper()
	clients := make([]*testclient.Client, n)
	for i := range clients {
		clients[i] = s.dial(fmt.Sprint("c", i), room, opts...).PassingOver(isOccasion)
	}
	s.w.Sleep(time.Second)
	return clients
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

// say sends talk of a client: a message of that type with a text as its data.
func say(c *testclient.Client, kind, text string) {
	c.SendJSON(fields{"type": kind, "data": text})
}

// tell sends a direct message.
func tell(c *testclient.Client, to, text string) {
	c.SendJSON(fields{"type": "direct", "to": to, "data": text})
}

// nth is a client's n-th text: nobody else says the same.
func nth(c *testclient.Client, n int) string { return fmt.Sprintf("%d of %s", n, c.Name()) }

// burst sends n texts to the room in one write, so that the server has them all at once.
func burst(c *testclient.Client, n int) { burstOf("message", c, n) }

// burstOf is burst with messages of another type.
func burstOf(kind string, c *testclient.Client, n int) {
	var frames []testclient.Frame
	for i := range n {
		frames = append(frames, testclient.TextFrame(fmt.Sprintf(`{"type":%q,"data":%q}`, kind, nth(c, i))))
	}
	c.SendFrame(frames...)
}
