package chat_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/09"
)

// explode panics in a function whose name a stack shows.
func explode(value any) { panic(value) }

// explosive is a Config whose Moderate panics for the texts of panics.
func explosive(cfg chat.Config) chat.Config {
	cfg.Moderate = func(_ context.Context, m chat.Message) error {
		for _, p := range panics {
			if string(m.Data) == `"`+p.text+`"` {
				explode(p.value)
			}
		}
		return nil
	}
	return cfg
}

// panics are what code panics with. Nothing of it is an error that somebody has returned.
var panics = []struct {
	text  string
	what  string
	value any
}{
	{"boom", "a text", "boom in " + secret},
	{"lost", "an error that wraps net.ErrClosed", fmt.Errorf("boom in %s: %w", secret, net.ErrClosed)},
	{"away", "an error that wraps ErrUnavailable", fmt.Errorf("boom in %s: %w", secret, chat.ErrUnavailable)},
	{"refused", "an error that Refuse has made", fmt.Errorf("boom in %s: %w", secret, refused)},
}

// Task 9.3 (12 points, after 9.2): A panic costs one message, or one connection, and nothing else.
//
// Rules: 9.k.
func TestPanicCostsOneMessage(t *testing.T) {
	run(t, explosive(failing), func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		ana.Hear("system bob joined")
		for i, p := range panics {
			id := fmt.Sprint("b", i)
			w.Note("Moderate panics with %s", p.what)
			bob.Send(talk(id, p.text))
			got := expectRefused(w, bob, "internal", id)
			if strings.Contains(string(got.Data), "boom") {
				w.Fatalf("bob was told %s: what the server panicked with is none of his business", got.Data)
			}
			bob.Say("after it")
			bob.Hear("message after it")
			ana.Hear("message after it")
		}
		s.HearNoMore(ana, bob)
		for _, r := range s.expectRecords(len(panics), "message failed", "bob", "each of these messages has made a panic") {
			s.expectAttr(r, "kind", "internal")
			expectStack(s, r, "explode")
		}
	})
}

// expectStack fails unless a record has the stack of a panic in a function.
func expectStack(s *server, r testclient.Record, function string) {
	s.w.Helper()
	if r.Level != slog.LevelError {
		s.w.Fatalf("the record of a panic has the level %s, want ERROR:\n  %s", r.Level, brief(r))
	}
	stack, _ := r.Attrs["stack"].(string)
	if stack == "" {
		s.w.Fatalf("the record of a panic has no stack:\n  %s", brief(r))
	}
	if !strings.Contains(stack, function) {
		s.w.Fatalf("the record has a stack, but %s, where the panic began, is not in it: take the stack in the function that recovers, before it returns:\n%s", function, stack)
	}
}

// brief writes a record without its stack.
func brief(r testclient.Record) string {
	line, _, _ := strings.Cut(r.String(), "stack=")
	return line
}

// frail is a server whose connections panic in one of their methods when armed, with a text or an error.
type frail struct {
	http.Handler
	err           error // nil: with a text
	reads, writes atomic.Bool
	takes         atomic.Int64 // how long such a call takes before it panics, a time.Duration
}

func (f *frail) explode() {
	time.Sleep(time.Duration(f.takes.Load()))
	if f.err != nil {
		explode(f.err)
	}
	explode("boom in " + secret)
}

func (f *frail) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.URL.Path, "/ws/bob") {
		f.Handler.ServeHTTP(w, r)
		return
	}
	f.Handler.ServeHTTP(frailWriter{w, f}, r)
}

type frailWriter struct {
	http.ResponseWriter
	f *frail
}

func (w frailWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(w.ResponseWriter).Hijack()
	return frailConn{conn, w.f}, buffers, err
}

type frailConn struct {
	net.Conn
	f *frail
}

func (c frailConn) Write(p []byte) (int, error) {
	if c.f.writes.CompareAndSwap(true, false) {
		c.f.explode()
	}
	return c.Conn.Write(p)
}

func (c frailConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.f.reads.CompareAndSwap(true, false) {
		c.f.explode()
	}
	return n, err
}

// serveFrail puts a server on the network behind frail connections.
func serveFrail(w *testclient.World, cfg chat.Config) (*server, *frail) {
	chattest.Vocabulary(w, "welcome", "message", "broadcast", "direct", "system", "error", "heartbeat", "heartbeat_ack")
	cfg.Logger = w.Logger()
	c, err := chat.New(cfg)
	require.NoError(w, err, "chat.New")
	f := &frail{Handler: c}
	s := &server{chattest.Serve(w, f, cfg), w, c}
	s.Cleanup("Close()", func() { c.Close() })
	return s, f
}

// Task 9.3: A panic in a goroutine that reads or writes costs one connection, whose client leaves its room.
//
// Rules: 9.l.
func TestPanicCostsOneConnection(t *testing.T) {
	for _, c := range []struct {
		what  string
		panic func(f *frail, bob *chattest.Client)
	}{
		{"the goroutine that writes to bob panics", func(f *frail, bob *chattest.Client) {
			f.writes.Store(true)
		}},
		{"the goroutine that reads from bob panics", func(f *frail, bob *chattest.Client) {
			f.reads.Store(true)
			bob.Say("this is read by nobody")
		}},
	} {
		testclient.Run(t, func(w *testclient.World) {
			s, f := serveFrail(w, failing)
			ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
			ana.Hear("system bob joined")
			w.Note("%s", c.what)
			c.panic(f, bob)
			ana.Say("is anybody there?")
			w.Sleep(7 * time.Second)
			bob.PassingOver(chattest.IsType("message")).ExpectClose(1011)
			var heard []string
			for _, m := range ana.Received("message", "system") {
				heard = append(heard, m.String())
			}
			slices.Sort(heard)
			if !slices.Equal(heard, []string{"message is anybody there?", "system bob left"}) {
				w.Fatalf("%s, and ana has heard %q, want her own message, and once that bob has left", c.what, heard)
			}
			if rooms := s.chat.Rooms(); len(rooms) != 1 || len(rooms[0].Members) != 1 {
				w.Fatalf("%s, and afterwards the rooms are %v: want ana alone in den", c.what, rooms)
			}
			again := s.Join("bob", "den")
			ana.Hear("system bob joined")
			again.Say("back")
			ana.Hear("message back")
			s.HearNoMore(ana)
			r := s.expectRecords(1, "client disconnected", "bob", "one connection of his has ended")[0]
			expectStack(s, r, "explode")
			if fmt.Sprint(r.Attrs["code"]) != "1011" {
				w.Fatalf("the record has code=%v, want 1011:\n  %s", r.Attrs["code"], brief(r))
			}
		})
	}
}

// Task 9.3: A panic when a client has just joined costs one connection, too.
//
// Rules: 9.l.
func TestPanicAtTheBeginning(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		chattest.Vocabulary(w, "welcome", "message", "broadcast", "direct", "system", "error", "heartbeat", "heartbeat_ack")
		cfg := failing
		cfg.Logger = w.LoggerWith(func(r testclient.Record) {
			if r.Message == "client connected" && r.Attrs["client_id"] == "bob" {
				explode("boom")
			}
		})
		made, err := chat.New(cfg)
		require.NoError(w, err, "chat.New")
		s := &server{chattest.Serve(w, made, cfg), w, made}
		ana := s.Join("ana", "den")
		w.Note("the log panics when bob has joined")
		bob := s.Arrive("bob", "den", chattest.Since{})
		bob.ExpectClose(1011)
		ana.Hear("system bob joined", "system bob left")
		ana.Say("still here")
		ana.Hear("message still here")
		s.HearNoMore(ana)
		expectStack(s, s.expectRecords(1, "client disconnected", "bob", "one connection of his has ended")[0], "explode")
	})
}

// Task 9.3: A panic beside a message costs the connection that has sent it.
//
// Rules: 9.l.
func TestPanicBesideAMessage(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := startTouchy(w)
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den").Ignoring("error")
		w.Note("the log panics when it is told of a message that has failed")
		bob.Send("no JSON")
		bob.ExpectClose(1011)
		ana.Hear("system bob joined", "system bob left")
		expectStack(s, s.expectRecords(1, "client disconnected", "bob", "a goroutine that hears bob has panicked")[0], "explode")
	})
}

// startTouchy is start with a log that panics when it is told of a message that has failed.
func startTouchy(w *testclient.World) *server {
	chattest.Vocabulary(w, "welcome", "message", "broadcast", "direct", "system", "error", "heartbeat", "heartbeat_ack")
	cfg := failing
	cfg.Logger = w.LoggerWith(func(r testclient.Record) {
		if r.Message == "message failed" {
			explode("boom in " + secret)
		}
	})
	made, err := chat.New(cfg)
	require.NoError(w, err, "chat.New")
	s := &server{chattest.Serve(w, made, cfg), w, made}
	s.Cleanup("Close()", func() { made.Close() })
	return s
}

// Task 9.3: The reason of a close frame tells nothing of a panic.
//
// Rules: 9.f.
func TestPanicIsNotTold(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s, f := serveFrail(w, failing)
		bob := s.Join("bob", "den")
		for _, f.err = range []error{nil, errors.New("boom in " + secret)} {
			w.Note("the goroutine that writes to bob panics, with the error %v", f.err)
			f.writes.Store(true)
			bob.Say("hi")
			if info := bob.ExpectClose(1011); strings.Contains(info.Reason, "boom") {
				w.Fatalf("bob got %s: what the server panicked with is none of his business", info)
			}
			bob = s.Join("bob", "den")
		}
	})
}

// Task 9.3: A panic while the close frame is written costs one connection, too.
//
// Rules: 9.l.
func TestPanicAtTheEnd(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s, f := serveFrail(w, failing)
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		ana.Hear("system bob joined")
		w.Note("the goroutine that writes to bob panics when it answers his close frame")
		f.writes.Store(true)
		bob.Close(1000, "")
		ana.Hear("system bob left")
		ana.Say("still here")
		ana.Hear("message still here")
		s.HearNoMore(ana)
		s.expectRecords(1, "client disconnected", "bob", "one connection of his has ended")
		for _, r := range w.Logs().Records() {
			if r.Level == slog.LevelError && r.Attrs["client_id"] == "bob" {
				expectStack(s, r, "explode")
				return
			}
		}
		w.Fatalf("no record about bob with the level ERROR tells of the panic")
	})
}

// Task 9.3: A panic is seen also if the end of the connection has begun before.
//
// Rules: 9.l.
func TestPanicAfterTheEnd(t *testing.T) {
	for _, c := range []struct {
		what  string
		panic func(f *frail, s *server, bob *chattest.Client)
	}{
		{"a write to bob takes 2 s, and then panics", func(f *frail, s *server, bob *chattest.Client) {
			f.writes.Store(true)
			s.chat.Send("bob", news("hi"))
		}},
		{"a read from bob takes 2 s, and then panics", func(f *frail, _ *server, bob *chattest.Client) {
			f.reads.Store(true)
			bob.Say("hi")
		}},
	} {
		testclient.Run(t, func(w *testclient.World) {
			s, f := serveFrail(w, failing)
			bob := s.Join("bob", "den")
			f.takes.Store(int64(2 * time.Second))
			w.Note("%s; meanwhile bob is taken over", c.what)
			c.panic(f, s, bob)
			w.Sleep(time.Second)
			again := s.Join("bob", "den")
			w.Sleep(7 * time.Second)
			again.Say("still here")
			again.Ignoring("system").Hear("message still here")
			for _, r := range w.Logs().Records() {
				if r.Level == slog.LevelError && r.Attrs["client_id"] == "bob" {
					expectStack(s, r, "explode")
					return
				}
			}
			w.Fatalf("%s, and no record about bob with the level ERROR tells of it", c.what)
		})
	}
}

// Task 9.3: A panic does not hold up the end of the server.
//
// Rules: 9.l.
func TestServerClosesAfterPanics(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s, f := serveFrail(w, explosive(failing))
		for range 3 {
			bob := s.Join("bob", "den")
			bob.Say("boom")
			expectRefused(w, bob, "internal", "")
			f.writes.Store(true)
			bob.Say("more")
			bob.ExpectClose(1011)
			w.Sleep(6 * time.Second)
		}
		w.Returns("Close()", time.Second, func() { s.chat.Close() })
	})
}
