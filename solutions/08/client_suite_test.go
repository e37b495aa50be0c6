package chat_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/08"
	"wsworkshop/solutions/08/client"
)

// runner is a client under test, called bob, that runs.
type runner struct {
	*client.Client
	w    *testclient.World
	link *testclient.Link
	stop func()        // ends its context
	done chan struct{} // closed when Run has returned
	err  error         // what it returned; may be read once done is closed

	hammered atomic.Bool // it has connected too often

	mu  sync.Mutex // guards got
	got []chat.Message
}

// steady is a Jitter that is always the same.
func steady(v float64) func() float64 { return func() float64 { return v } }

// runClient makes a client that has a way of its own to s, and runs it.
func runClient(w *testclient.World, s *testclient.Server, cfg client.Config) *runner {
	return runOver(w, s, s.Link(testclient.As("bob")), cfg)
}

func runOver(w *testclient.World, s *testclient.Server, link *testclient.Link, cfg client.Config) *runner {
	ctx, stop := context.WithCancel(context.Background())
	return runIn(ctx, stop, w, s, link, cfg)
}

// runIn runs a client until ctx ends, which stop brings about.
func runIn(ctx context.Context, stop func(), w *testclient.World, s *testclient.Server, link *testclient.Link, cfg client.Config) *runner {
	r := &runner{w: w, link: link, stop: stop, done: make(chan struct{})}
	cfg.URL = strings.Replace(s.URL(), "http", "ws", 1) + "/ws/" + link.Name() + "?room_id=den"
	if cfg.Dialer == nil {
		cfg.Dialer = &websocket.Dialer{}
	}
	cfg.Dialer.NetDialContext = r.dial
	cfg.OnMessage = r.note
	w.Note("%s's Config: %s", link.Name(), chattest.Settings(cfg))
	c, err := client.New(cfg)
	if err != nil {
		w.Fatalf("client.New: %v", err)
	}
	r.Client = c
	w.Cleanup(r.end)
	go func() {
		defer close(r.done)
		r.err = c.Run(ctx)
	}()
	return r
}

// hammering is how many attempts to connect in a minute are more than any test has.
const hammering = 300

// dial lets no client connect any more that does so without a pause: the test says what is
// wrong with its delays, or the end of the test that they are.
func (r *runner) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	dials := r.link.Dials()
	n := len(dials)
	if n < hammering || r.w.Elapsed()-dials[n-hammering] > time.Minute {
		return r.link.DialContext(ctx, network, addr)
	}
	r.hammered.Store(true)
	<-ctx.Done()
	return nil, ctx.Err()
}

// end is the end of the test.
func (r *runner) end() {
	if r.hammered.Load() {
		r.w.Errorf("%s has connected %d times within a minute: too often, whatever the delays", r.link.Name(), hammering)
	}
	select {
	case <-r.done: // what still waits for ctx has been left behind
	default:
		r.stop()
	}
}

func (r *runner) note(m chat.Message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(r.got, m)
}

// texts returns the data of all messages of a type that OnMessage was called with.
func (r *runner) texts(kind chat.Type) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var texts []string
	for _, m := range r.got {
		var text string
		if m.Type == kind && json.Unmarshal(m.Data, &text) == nil {
			texts = append(texts, text)
		}
	}
	return texts
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprint(n, " times")
}

// status tells whether it still runs.
func (r *runner) status() string {
	select {
	case <-r.done:
		if r.err == nil {
			return "Run has returned nil"
		}
		return "Run has returned: " + r.err.Error()
	default:
		return "Run has not returned"
	}
}

// near tells whether two times are the same but for rounding.
func nearly(a, b time.Duration) bool { return (a - b).Abs() <= time.Millisecond }
