package chat_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/09"
)

// Task 9.7 (14 points): An event stream does what a WebSocket does, from the server to the client.
//
// Rules: 9.y, 9.aa.
func TestStreamHears(t *testing.T) {
	run(t, failing, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		bob := s.JoinEvents("bob", "den")
		ana.Hear("system bob joined")
		carl := s.JoinEvents("carl", "hall")
		ana.Say("to the room")
		ana.Shout("to all")
		ana.Tell("bob", "to bob")
		ana.Hear("message to the room", "broadcast to all")
		bob.Hear("message to the room", "broadcast to all", "direct to bob")
		carl.Hear("broadcast to all")
		s.Join("dora", "den")
		bob.Hear("system dora joined")
		ana.Hear("system dora joined")
		require.NoError(w, s.chat.Send("bob", news("from the program")), "Send to bob, who has a stream")
		bob.Hear("system from the program")
		s.HearNoMore(ana, bob, carl)
		var members []string
		for _, room := range s.chat.Rooms() {
			for _, m := range room.Members {
				members = append(members, m.ID+" in "+room.ID)
			}
		}
		require.Equal(w, []string{"ana in den", "bob in den", "dora in den", "carl in hall"}, members, "the members of all rooms")
	})
}

// startBehind is start with a handler in front, and for clients that answer no heartbeats.
func startBehind(w *testclient.World, cfg chat.Config, front func(http.Handler) http.Handler) *server {
	chattest.Vocabulary(w, "welcome", "message", "broadcast", "direct", "system", "error", "heartbeat", "heartbeat_ack")
	cfg.Logger = w.Logger()
	c, err := chat.New(cfg)
	require.NoError(w, err, "chat.New")
	s := &server{chattest.Serve(w, front(c), cfg), w, c}
	s.Cleanup("Close()", func() { c.Close() })
	return s
}

// streamStatus asks for a stream and returns the status of the answer.
func streamStatus(s *server, path string, opts ...testclient.DialOption) int {
	c, resp := s.TryEvents(path, opts...)
	if c != nil {
		return http.StatusOK
	}
	return resp.Status
}

// Task 9.7: A stream and a WebSocket of one client take over from each other.
//
// Rules: 9.y.
func TestStreamTakesOver(t *testing.T) {
	run(t, failing, func(w *testclient.World, s *server) {
		ana, first := s.Join("ana", "den"), s.Join("bob", "den")
		ana.Hear("system bob joined")
		second := s.JoinEvents("bob", "den")
		first.ExpectClose(4001)
		ana.Say("to the stream")
		second.Hear("message to the stream")
		third := s.Join("bob", "den")
		second.ExpectEnd(4001, "bob has a WebSocket now")
		ana.Say("to the WebSocket")
		third.Hear("message to the WebSocket")
		ana.Hear("message to the stream", "message to the WebSocket")
		s.HearNoMore(ana, third)
	})
}

// Task 9.7: A stream that cannot begin keeps no seat.
//
// Rules: 9.j, 9.y, 9.z.
func TestStreamThatCannotBegin(t *testing.T) {
	cfg := failing
	cfg.RoomCapacity = 1
	testclient.Run(t, func(w *testclient.World) {
		s := startBehind(w, cfg, func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Get("buffered") != "" {
					rw = struct{ http.ResponseWriter }{rw} // without Flush and without deadlines
				}
				h.ServeHTTP(rw, r)
			})
		})
		w.Note("bob's request comes through a middleware whose ResponseWriter can neither flush nor set deadlines")
		for range 2 {
			if resp := s.Get("/events/bob?room_id=den&buffered=yes"); resp.Status != 500 {
				w.Fatalf("GET /events/bob was answered %d, want 500: nothing can be sent to bob at once", resp.Status)
			}
		}
		for _, r := range s.expectRecords(2, "handshake refused", "bob", "his stream could not begin") {
			if reason, _ := r.Attrs["reason"].(string); reason == "" {
				w.Fatalf("the record has no reason:\n  %s", r)
			}
		}
		s.JoinEvents("ana", "den")
	})
}

// Task 9.7: The stream begins at once, and nothing on the way may keep it back.
//
// Rules: 9.z.
func TestStreamBegins(t *testing.T) {
	run(t, failing, func(w *testclient.World, s *server) {
		retries := map[time.Duration]bool{}
		for i := range 20 {
			bob := s.JoinEvents(fmt.Sprint("bob", i), "den")
			header := bob.Response().Header
			for key, want := range map[string]string{"Cache-Control": "no-store", "X-Accel-Buffering": "no"} {
				if got := header.Get(key); got != want {
					w.Fatalf("the answer has %s: %q, want %q", key, got, want)
				}
			}
			retry := bob.Retry()
			if retry < time.Second || retry > 5*time.Second {
				w.Fatalf("the stream says retry: %d, want 1000 to 5000", retry.Milliseconds())
			}
			retries[retry] = true
			bob.Leave()
		}
		if len(retries) < 10 {
			w.Fatalf("20 streams have only %d different retry: times: clients that are cut off together come back together", len(retries))
		}
	})
}

// Task 9.7: The welcome names the server, the same for all its clients.
//
// Rules: 9.aa.
func TestInstance(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		one, two := start(w, failing), start(w, failing)
		ana, bob, carl := one.Join("ana", "den"), one.JoinEvents("bob", "den"), two.JoinEvents("carl", "den")
		if ana.Instance != bob.Instance {
			w.Fatalf("two clients of one server were told the instances %q and %q", ana.Instance, bob.Instance)
		}
		if carl.Instance == bob.Instance {
			w.Fatalf("two servers have the same instance, %q", bob.Instance)
		}
	})
}

// Task 9.7: A client that is refused at /ws is refused here in the same way.
//
// Rules: 9.j, 9.y, 9.z.
func TestStreamIsRefused(t *testing.T) {
	cfg := failing
	cfg.RoomCapacity = 1
	run(t, cfg, func(w *testclient.World, s *server) {
		s.JoinEvents("ana", "den")
		expectStatus := func(want int, path, why string, opts ...testclient.DialOption) {
			w.Helper()
			if got := streamStatus(s, path, opts...); got != want {
				w.Fatalf("GET %s was answered %d, want %d: %s", path, got, want, why)
			}
		}
		expectStatus(503, "/events/bob?room_id=den", "the room is full")
		expectStatus(400, "/events/bob?room_id=no+room", "there can be no such room")
		expectStatus(400, "/events/-?room_id=den", "there can be no such client")
		expectStatus(400, "/events/eve?room_id=hall", "a stream is asked for without a body", testclient.Body("{}"))
		expectStatus(403, "/events/bob?room_id=hall", "a page of another host may not open a WebSocket, and no stream", testclient.Header("Origin", "http://elsewhere.example"))
		s.expectRecords(3, "handshake refused", "bob", "the room was full, there was no such room, and his page came from another host")
		s.ExpectFull("carl", "den", "ana is in it, over an event stream")
		s.JoinEvents("ana", "den") // it has come back
		s.JoinEvents("bob", "hall")
		w.Settle()
		s.expectRecords(1, "handshake refused", "carl", "the room was full")
		if resp := s.Get("/events/dora?room_id=cellar", testclient.Method(http.MethodHead)); resp.Status != 405 {
			w.Fatalf("HEAD was answered %d, want 405: a client that can hear nothing must not join", resp.Status)
		}
		s.expectRecords(1, "handshake refused", "dora", "HEAD is no way in")
		w.Sleep(time.Second)
		s.expectRecords(0, "client disconnected", "dora", "HEAD is no way in, so she never was there")
		if n := len(s.chat.Rooms()); n != 2 {
			w.Fatalf("there are %d rooms, want two: den and hall", n)
		}
		s.chat.Close()
		expectStatus(503, "/events/eve?room_id=den", "the server is closed")
	})
}

// Task 9.7: A client that closes its connection has left.
//
// Rules: 9.ac.
func TestStreamIsLeft(t *testing.T) {
	run(t, failing, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		for range 3 {
			bob := s.JoinEvents("bob", "den")
			ana.Hear("system bob joined")
			w.Sleep(10 * time.Minute)
			bob.Cut()
			ana.Hear("system bob left")
		}
		s.HearNoMore(ana)
		for _, r := range s.expectRecords(3, "client disconnected", "bob", "three streams of his have ended") {
			if r.Level != slog.LevelInfo {
				w.Fatalf("the record has the level %v, want INFO: it is no fault that bob has left\n  %s", r.Level, r)
			}
			s.expectAttr(r, "closed_by", "network")
		}
	})
}

// Task 9.7: A client is told that the server ends its stream, after all that is queued.
//
// Rules: 9.ac.
func TestStreamEnds(t *testing.T) {
	cfg := failing
	cfg.HeartbeatInterval, cfg.StaleAfter, cfg.OutboxSize = 30*time.Second, 50*time.Second, 3
	for _, c := range []struct {
		what string
		code int
		end  func(w *testclient.World, s *server, bob *chattest.Client)
	}{
		{"bob is taken over by a WebSocket", 4001, func(_ *testclient.World, s *server, _ *chattest.Client) { s.Join("bob", "den") }},
		{"bob is taken over by another stream", 4001, func(_ *testclient.World, s *server, _ *chattest.Client) { s.JoinEvents("bob", "den") }},
		{"the server is closed", 1001, func(w *testclient.World, s *server, _ *chattest.Client) {
			w.Returns("Close()", time.Second, func() { s.chat.Close() })
		}},
		{"bob does not answer heartbeats", 1001, func(w *testclient.World, _ *server, _ *chattest.Client) { w.Sleep(2 * time.Minute) }},
		{"bob reads too slowly", 1013, func(w *testclient.World, s *server, bob *chattest.Client) {
			bob.Stall()
			for i := range 8 {
				s.chat.Send("bob", news(fmt.Sprint(i, long(3000))))
				w.Settle()
			}
			w.Sleep(time.Second)
			bob.Resume()
		}},
	} {
		testclient.Run(t, func(w *testclient.World) {
			s := startBehind(w, cfg, func(h http.Handler) http.Handler { return h })
			bob := s.JoinEvents("bob", "den", testclient.Buffer(1024))
			require.NoError(w, s.chat.Send("bob", news("the last")), "Send to bob, who has a stream")
			w.Note("%s", c.what)
			c.end(w, s, bob)
			bob.Hear("system the last")
			bob.ExpectEnd(c.code, c.what)
			w.Sleep(time.Second)
			r := s.expectRecords(1, "client disconnected", "bob", "his stream has ended")[0]
			if got := fmt.Sprint(r.Attrs["code"]); got != fmt.Sprint(c.code) {
				w.Fatalf("the record has code=%s, want %d:\n  %s", got, c.code, r)
			}
		})
	}
}

// inAMinute gives each answer a minute, as an http.Server with a WriteTimeout does. As in HTTP/2, an
// answer whose deadline passes is over, also if nothing is being written.
func inAMinute(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		rw := &strictWriter{ResponseWriter: w, cancel: cancel}
		rw.SetWriteDeadline(time.Now().Add(time.Minute))
		defer rw.SetWriteDeadline(time.Time{})
		h.ServeHTTP(rw, r.WithContext(ctx))
	})
}

// strictWriter is an http.ResponseWriter whose deadline ends the request.
type strictWriter struct {
	http.ResponseWriter
	cancel func()

	mu    sync.Mutex
	timer *time.Timer
}

func (rw *strictWriter) Unwrap() http.ResponseWriter { return rw.ResponseWriter }

func (rw *strictWriter) SetWriteDeadline(t time.Time) error {
	rw.mu.Lock()
	defer rw.mu.Unlock()
	if rw.timer != nil {
		rw.timer.Stop()
	}
	if !t.IsZero() {
		rw.timer = time.AfterFunc(time.Until(t), rw.cancel)
	}
	return http.NewResponseController(rw.ResponseWriter).SetWriteDeadline(t)
}

// Task 9.7: Each write has its time, and a stream that is only quiet has any time.
//
// Rules: 9.ab.
func TestDeadlinesOfStreams(t *testing.T) {
	cfg := failing
	cfg.WriteTimeout = 10 * time.Second
	testclient.Run(t, func(w *testclient.World) {
		s := startBehind(w, cfg, inAMinute)
		w.Note("the http.Server gives each answer a minute")
		bob := s.JoinEvents("bob", "den")
		for range 3 {
			w.Sleep(10 * time.Minute)
			require.NoError(w, s.chat.Send("bob", news("still there?")), "Send to bob, whose stream was only quiet for ten minutes")
			bob.Hear("system still there?")
		}
	})
	run(t, cfg, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den", testclient.Buffer(1024))
		ana.Hear("system bob joined")
		bob.Stall()
		require.NoError(w, s.chat.Send("bob", news(long(3000))), "Send to bob, who has a stream")
		w.Sleep(9 * time.Second)
		bob.Resume()
		bob.Hear("system " + long(3000))
		w.Sleep(time.Minute)
		bob.Stall()
		require.NoError(w, s.chat.Send("bob", news(long(3000))), "Send to bob, who has a stream")
		w.Note("bob does not read, and WriteTimeout is 10 s")
		ana.Silence(9500 * time.Millisecond)
		ana.Hear("system bob left")
	})
	cfg.WriteTimeout = 0
	testclient.Run(t, func(w *testclient.World) {
		s := startBehind(w, cfg, inAMinute)
		w.Note("the http.Server gives each answer a minute")
		bob := s.JoinEvents("bob", "den", testclient.Buffer(1024))
		bob.Stall()
		require.NoError(w, s.chat.Send("bob", news(long(3000))), "Send to bob, who has a stream")
		w.Note("bob does not read, and WriteTimeout is zero")
		w.Sleep(time.Hour)
		bob.Resume()
		bob.Hear("system " + long(3000))
	})
}

// Task 9.7: A client that does not read holds up the end for CloseTimeout at most.
//
// Rules: 9.ac.
func TestStalledStreamEnds(t *testing.T) {
	for _, c := range []struct{ timeout, most time.Duration }{
		{3 * time.Second, 3 * time.Second},
		{8 * time.Second, 8 * time.Second},
		{0, time.Second / 2},
	} {
		cfg := failing
		cfg.CloseTimeout, cfg.WriteTimeout = c.timeout, 0
		run(t, cfg, func(w *testclient.World, s *server) {
			ana, bob := s.JoinEvents("ana", "den"), s.JoinEvents("bob", "den", testclient.Buffer(1024))
			ana.Hear("system bob joined")
			bob.Stall()
			require.NoError(w, s.chat.Send("bob", news(long(3000))), "Send to bob, who has a stream")
			w.Settle()
			began := w.Elapsed()
			w.Returns("Close()", c.most+100*time.Millisecond, func() { s.chat.Close() })
			if took := w.Elapsed() - began; took < c.most-100*time.Millisecond {
				w.Fatalf("Close has returned after %v: bob, who does not read, has %v", took, c.most)
			}
			ana.ExpectEnd(1001, "the server is closed")
		})
	}
}
