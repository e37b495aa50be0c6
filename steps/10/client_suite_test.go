package chat_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/steps/10/client"
	"wsworkshop/steps/10/wire"
)

// runner is a client under test, called bob, that runs.
type runner struct {
	*client.Client
	w    *testclient.World
	link *testclient.Link
	stop func()        // ends its context
	done chan struct{} // closed when Run has returned
	err  error         // what it returned; may be read once done is closed

	mu     sync.Mutex // guards what follows
	got    []string   // the ids of what OnMessage was called with, or types of what has none
	states []string   // what OnState was called with
}

// steady is a Jitter that is always the same.
func steady(v float64) func() float64 { return func() float64 { return v } }

// withHost is a test of a client that connects to a host.
func withHost(t *testing.T, cfg client.Config, fn func(w *testclient.World, h *chattest.Host, r *runner)) {
	testclient.Run(t, func(w *testclient.World) {
		h := chattest.NewHost(w)
		s := w.Serve(h)
		r := runClient(w, s, s.Link(testclient.As("bob")), cfg)
		h.Tells = r.status
		fn(w, h, r)
	})
}

// runClient makes a client that has a way of its own to s, and runs it.
func runClient(w *testclient.World, s *testclient.Server, link *testclient.Link, cfg client.Config) *runner {
	ctx, stop := context.WithCancel(context.Background())
	return runIn(ctx, stop, w, s, link, cfg)
}

// runIn runs a client until ctx ends, which stop brings about.
func runIn(ctx context.Context, stop func(), w *testclient.World, s *testclient.Server, link *testclient.Link, cfg client.Config) *runner {
	r := &runner{w: w, link: link, stop: stop, done: make(chan struct{})}
	cfg.URL = strings.Replace(s.URL(), "http", "ws", 1) + "/ws/" + link.Name() + "?room_id=den"
	cfg.Dialer = &websocket.Dialer{NetDialContext: link.DialContext}
	also := cfg.OnMessage
	cfg.OnMessage = func(m wire.Message) {
		r.note(m)
		if also != nil {
			also(m)
		}
	}
	cfg.OnState = r.noteState
	w.Note("%s's Config: %s", link.Name(), chattest.Settings(cfg))
	if cfg.Jitter != nil {
		w.Note("Jitter returns %v", cfg.Jitter())
	}
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

// end is the end of the test.
func (r *runner) end() {
	select {
	case <-r.done: // what still waits for ctx has been left behind
	default:
		r.stop()
	}
}

func (r *runner) note(m wire.Message) {
	if m.Type == wire.TypeReconnect {
		return // to hand it on is neither asked for nor forbidden
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(r.got, cmp.Or(m.ID, m.Type.String()))
}

func (r *runner) noteState(s client.State, _ error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.states = append(r.states, string(s))
}

// expectGot fails unless OnMessage was called with these ids since the last time.
func (r *runner) expectGot(when string, ids ...string) {
	r.w.Helper()
	r.w.Settle()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Equal(r.got, ids) {
		r.w.Fatalf("OnMessage was called with %s; it should have been with %s: %s", listed(r.got), listed(ids), when)
	}
	r.got = nil
}

func listed(ids []string) string {
	if len(ids) == 0 {
		return "nothing"
	}
	return strings.Join(ids, ", ")
}

// expectSteady fails unless OnState has told of one connection alone.
func (r *runner) expectSteady(when string) {
	r.w.Helper()
	r.w.Settle()
	r.mu.Lock()
	defer r.mu.Unlock()
	if want := []string{"connecting", "connected"}; !slices.Equal(r.states, want) {
		r.w.Fatalf("OnState was called with %s; it should have been with %s only: %s", listed(r.states), listed(want), when)
	}
}

// expectSends fails unless what bob sends arrives over call.
func (r *runner) expectSends(call *chattest.Call, over string) {
	r.w.Helper()
	text := fmt.Sprintf("sent at %v", r.w.Elapsed())
	data, _ := json.Marshal(text)
	if err := r.Send(wire.Message{Type: wire.TypeMessage, Data: data}); err != nil {
		r.w.Fatalf("Send returned %v, want nil: bob has the %s connection. %s", err, over, r.status())
	}
	if got, ok := call.Heard(); !ok || !strings.Contains(got, text) {
		r.w.Fatalf("bob sent %q, and it should have arrived over the %s connection; there came %q", text, over, got)
	}
}

// status tells whether it still runs.
func (r *runner) status() string {
	select {
	case <-r.done:
		return fmt.Sprintf("Run has returned: %v", r.err)
	default:
		return "Run has not returned"
	}
}

// nearly tells whether two times are the same but for rounding.
func nearly(a, b time.Duration) bool { return (a - b).Abs() <= time.Millisecond }
