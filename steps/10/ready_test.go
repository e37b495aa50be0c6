package chat_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/10"
)

// stopping is a Config with which a stop lasts for a while.
var stopping = chat.Config{CloseTimeout: 5 * time.Second, DrainPeriod: 20 * time.Second}

// Task 10.3 (10 points, after 10.1): From the beginning of a stop on, nobody new is let in.
//
// Rules: 10.g.
func TestReady(t *testing.T) {
	run(t, stopping, func(w *testclient.World, s *server) {
		s.expectStatus(200, "/ready", "the server has begun to serve")
		s.Join("bob", "den", unanswering)
		s.expectStatus(200, "/ready", "the server serves")
		s.beginStop()
		s.expectStatus(503, "/ready", "the server stops")
		w.Sleep(4 * time.Second)
		s.expectStatus(503, "/ready", "the server stops")
	})
	run(t, lasting, func(w *testclient.World, s *server) {
		s.Join("bob", "den", unanswering)
		w.Note("Close begins")
		go s.chat.Close()
		w.Settle()
		s.expectStatus(503, "/ready", "Close stops the server, too")
	})
	testclient.Run(t, func(w *testclient.World) {
		manners(w)
		cfg := lasting
		cfg.Logger = w.Logger()
		c, err := chat.New(cfg)
		require.NoError(w, err, "chat.New")
		s := chattest.Serve(w, c, cfg)
		w.Note("another http.Server serves; Close ends the clients")
		w.Returns("Close", time.Second, func() { _ = c.Close() })
		if resp := s.Get("/ready"); resp.Status != 503 {
			w.Fatalf("GET /ready was answered %d after Close, want 503: nobody new is let in", resp.Status)
		}
	})
}

// Task 10.3: Nobody new is let in, over whichever transport, and whoever has been here before.
//
// Rules: 10.h.
func TestNobodyNewIsLetIn(t *testing.T) {
	cfg := stopping
	cfg.ResumeWindow = time.Hour
	run(t, cfg, func(w *testclient.World, s *server) {
		bob, gone := s.Join("bob", "den", unanswering), s.Join("cleo", "den")
		gone.Leave()
		s.beginStop()
		for _, row := range []struct {
			id, room, why string
			since         chattest.Since
		}{
			{"dora", "den", "dora is new, and the server stops", chattest.Since{}},
			{"dora", "cellar", "dora is new, and the server stops", chattest.Since{}},
			{"cleo", "den", "cleo wants to resume a session, and the server stops", chattest.Since{Session: gone.Session}},
			{"bob", "den", "bob wants to resume a session, and the server stops", chattest.Since{Session: bob.Session}},
		} {
			s.expectRefused(row.id, row.room, row.since, "20", row.why)
			w.Sleep(time.Second)
		}
	})
}

// Task 10.3: Retry-After says when another server is in the place of this one.
//
// Rules: 10.h.
func TestRetryAfter(t *testing.T) {
	for _, row := range []struct {
		drain, shutdown time.Duration
		want            string
	}{
		{15 * time.Second, 10 * time.Second, "25"},
		{0, 10 * time.Second, "10"},
		{0, 0, "1"},
		{0, 1500 * time.Millisecond, "2"},
		{500 * time.Millisecond, 500 * time.Millisecond, "1"},
		{800 * time.Millisecond, 300 * time.Millisecond, "2"},
		{20 * time.Millisecond, 3 * time.Minute, "181"},
	} {
		run(t, chat.Config{DrainPeriod: row.drain, ShutdownTimeout: row.shutdown, CloseTimeout: time.Minute}, func(w *testclient.World, s *server) {
			s.Join("bob", "den", unanswering)
			s.beginStop()
			s.expectRefused("cleo", "den", chattest.Since{}, row.want, "the server stops")
		})
	}
}

// Task 10.3: A full room may have a seat at any moment: nobody knows when.
//
// Rules: 10.h.
func TestFullRoomHasNoRetryAfter(t *testing.T) {
	cfg := lasting
	cfg.RoomCapacity, cfg.ShutdownTimeout = 1, 10*time.Second
	run(t, cfg, func(w *testclient.World, s *server) {
		s.Join("bob", "den", unanswering)
		s.expectRefused("cleo", "den", chattest.Since{}, "", "the room is full")
		s.beginStop()
		s.expectRefused("cleo", "den", chattest.Since{}, "10", "the server stops, and the room is full")
	})
}

// Task 10.3: Only what is new is refused.
//
// Rules: 10.i.
func TestOtherRequestsAreAnswered(t *testing.T) {
	run(t, lasting, func(w *testclient.World, s *server) {
		s.Join("bob", "den", unanswering)
		s.beginStop()
		for range 4 {
			s.expectStatus(200, "/rooms", "bob's connection has not ended")
			s.expectStatus(200, "/", "bob's connection has not ended")
			s.expectStatus(404, "/events/cleo", "cleo is not here", testclient.Method("POST"), testclient.Body("{}"))
			w.Sleep(time.Second)
		}
	})
}

// expectRefused fails unless a client is refused with 503, over both transports, with this Retry-After.
func (s *server) expectRefused(id, room string, since chattest.Since, retryAfter, why string) {
	s.w.Helper()
	refused := func(path string, c *testclient.Client, resp *testclient.Response) {
		s.w.Helper()
		if c != nil {
			s.w.Fatalf("%s was let in at %s, want status 503: %s", id, path, why)
		}
		if resp.Status != 503 {
			s.w.Fatalf("%s was refused at %s with status %d, want 503: %s", id, path, resp.Status, why)
		}
		if got := resp.Header.Get("Retry-After"); got != retryAfter {
			s.w.Fatalf("%s was refused at %s with Retry-After: %q, want %q: %s", id, path, got, retryAfter, why)
		}
	}
	ws := strings.Replace(chattest.EventsPath(id, room, since), "/events/", "/ws/", 1)
	c, resp := s.TryDial(ws, testclient.As(id))
	refused("/ws/…", c, resp)
	stream := chattest.EventsPath(id, room, since)
	c, resp = s.TryEvents(stream, testclient.As(id))
	refused("/events/…", c, resp)
}
