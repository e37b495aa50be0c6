package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/02"
)

// roomy is for tests in which many speak at one instant: nobody is to be dropped there.
var roomy = chat.Config{OutboxSize: 10_000}

// run is a test in virtual time with a fresh server.
func run(t *testing.T, cfg chat.Config, fn func(w *testclient.World, s *testclient.Server)) {
	testclient.Run(t, func(w *testclient.World) {
		_, s := start(w, cfg)
		fn(w, s)
	})
}

// start makes a server and serves it on w's network.
func start(w *testclient.World, cfg chat.Config) (*chat.Server, *testclient.Server) {
	w.Helper()
	if cfg.Logger == nil {
		cfg.Logger = w.Logger()
	}
	server, err := chat.New(cfg)
	require.NoError(w, err, "chat.New")
	return server, w.Serve(server)
}

// join connects a client and waits until it takes part: nothing in this step's protocol
// says so, hence the second that the Contract gives.
func join(w *testclient.World, s *testclient.Server, name string, opts ...testclient.DialOption) *testclient.Client {
	w.Helper()
	c := dial(w, s, name, opts...)
	w.Sleep(time.Second)
	return c
}

func dial(w *testclient.World, s *testclient.Server, name string, opts ...testclient.DialOption) *testclient.Client {
	w.Helper()
	return s.Dial("/ws?name="+name, append(opts, testclient.As(name))...)
}

// get expects each of the clients to get text next.
func get(w *testclient.World, text string, clients ...*testclient.Client) {
	w.Helper()
	for _, c := range clients {
		wantText(w, c, next(w, c, text), text)
	}
}

// hear is get that passes over notices: those are task 2.3's.
func hear(w *testclient.World, text string, clients ...*testclient.Client) {
	w.Helper()
	for _, c := range clients {
		m := next(w, c, text)
		for !isNoNotice(m) {
			m = next(w, c, text)
		}
		wantText(w, c, m, text)
	}
}

func next(w *testclient.World, c *testclient.Client, want string) testclient.Message {
	w.Helper()
	return c.Expect(quote(want), anything)
}

func wantText(w *testclient.World, c *testclient.Client, m testclient.Message, want string) {
	w.Helper()
	switch got := m.Text(); {
	case got == want:
	case strings.HasPrefix(got, "* "+c.Name()+" "):
		w.Fatalf("%s got %q, want %s:\nnotices are for the others, nobody is told of themselves", c.Name(), got, quote(want))
	default:
		w.Fatalf("%s got %s, want %s", c.Name(), quote(got), quote(want))
	}
}

// quote is a text in quotes; of one that is long, its beginning.
func quote(text string) string {
	if len(text) > 50 {
		text = fmt.Sprintf("%.24s…", text)
	}
	return fmt.Sprintf("%q", text)
}

// hearNoMore expects that nothing but notices has come, or comes within a second.
func hearNoMore(w *testclient.World, clients ...*testclient.Client) {
	w.Helper()
	w.Sleep(time.Second)
	for _, c := range clients {
		if rest := lines(c, isNoNotice); len(rest) > 0 {
			w.Fatalf("%s got %s, which nobody should have sent there", c.Name(), quote(rest[0]))
		}
	}
}

// lines takes what has arrived and returns the part that is wanted.
func lines(c *testclient.Client, wanted func(testclient.Message) bool) []string {
	var texts []string
	for _, m := range c.Drain() {
		if wanted(m) {
			texts = append(texts, m.Text())
		}
	}
	return texts
}

// anything but pings and pongs, which are no messages.
func anything(m testclient.Message) bool {
	return m.Kind == testclient.Text || m.Kind == testclient.Binary
}

func isNoNotice(m testclient.Message) bool { return anything(m) && !isNotice(m) }

func isNotice(m testclient.Message) bool {
	return m.Kind == testclient.Text && strings.HasPrefix(m.Text(), "* ")
}
