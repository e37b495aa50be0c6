package chat_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/12"
)

// expectHealth fails unless the server is so, for the public and for operators.
func (s *server) expectHealth(status string, connections int, why string, reasons ...string) {
	s.w.Helper()
	s.w.Sleep(time.Second)
	code := 200
	if status == "draining" {
		code = 503
	}
	var public map[string]any
	resp := get(s.w, s.Server.Server, code, "/health", why)
	if json.Unmarshal(resp.Body, &public) != nil || public["status"] != status {
		s.w.Fatalf("GET /health was answered %s, want the status %q: %s", resp.Body, status, why)
	}
	if len(public) > 1 {
		s.w.Fatalf("GET /health was answered %s: it is public, and tells the status alone", resp.Body)
	}
	var got health
	resp = get(s.w, s.admin, code, "/health", why)
	if err := json.Unmarshal(resp.Body, &got); err != nil {
		s.w.Fatalf("Admin's GET /health was answered %s: %v", resp.Body, err)
	}
	slices.Sort(got.Reasons)
	slices.Sort(reasons)
	if got.Status != status || !slices.Equal(got.Reasons, reasons) || got.Ready != (len(reasons) == 0) || got.Connections != connections {
		s.w.Fatalf("Admin's GET /health was answered %s, want status %s, ready %v, reasons %q, connections %d: %s",
			resp.Body, status, len(reasons) == 0, reasons, connections, why)
	}
	ready := 200
	if len(reasons) > 0 {
		ready = 503
	}
	for _, path := range []string{"/readyz", "/ready"} {
		get(s.w, s.Server.Server, ready, path, why)
	}
	get(s.w, s.Server.Server, 200, "/livez", "the process is alive, whatever else is wrong: "+why)
	for _, path := range []string{"/livez", "/readyz", "/health"} {
		if got := s.Get(path).Header.Get("Cache-Control"); got != "no-store" {
			s.w.Fatalf("GET %s was answered with Cache-Control: %q, want no-store: the next answer may be another one", path, got)
		}
	}
	if got := resp.Header.Get("Content-Type"); !strings.HasPrefix(got, "application/json") {
		s.w.Fatalf("GET /health was answered with Content-Type: %q, want application/json", got)
	}
}

// Task 12.9 (12 points, after 12.7): The server says whether it is alive, ready and healthy.
//
// Rules: 12.bc, 12.bd, 12.be, 12.bf.
func TestFullServerIsNotReady(t *testing.T) {
	for _, row := range []struct{ most, near int }{{10, 9}, {20, 18}, {3, 3}, {1, 1}, {15, 14}} {
		cfg := chat.Config{MaxConnections: row.most, CloseTimeout: time.Second}
		run(t, cfg, func(w *testclient.World, s *server) {
			s.expectHealth("healthy", 0, "nobody is here")
			var here []*chattest.Client
			come := func() { here = append(here, s.Join(fmt.Sprint("c", len(here)), "den")) }
			leave := func() { here[len(here)-1].Leave(); here = here[:len(here)-1] }
			say := func() string { return fmt.Sprintf("there are %d of %d connections", len(here), row.most) }
			for len(here) < row.near-1 {
				come()
			}
			s.expectHealth("healthy", len(here), say())
			for len(here) < row.most-1 {
				come()
				s.expectHealth("degraded", len(here), say())
			}
			come()
			s.expectHealth("degraded", row.most, say(), "full")
			s.ExpectFull("one-more", "cellar", say())
			for len(here) > row.near {
				leave()
				s.expectHealth("degraded", len(here), say()+", and there were all: the server would be full again at once", "full")
			}
			leave()
			s.expectHealth("healthy", len(here), say())
			for len(here) < row.most-1 {
				come()
			}
			if len(here) >= row.near {
				s.expectHealth("degraded", len(here), say()+", and it was not full since there were few")
			}
		})
	}
}

// Task 12.9: A client that is connected has a place for its next connection.
//
// Rules: 12.bd.
func TestFullServerTakesItsOwn(t *testing.T) {
	run(t, chat.Config{MaxConnections: 2, ResumeWindow: time.Minute}, func(w *testclient.World, s *server) {
		ana, _ := s.Join("ana", "den"), s.JoinEvents("bob", "cellar")
		s.ExpectFull("cleo", "den", "there are two connections")
		if c, resp := s.TryEvents("/events/cleo?room_id=attic"); c != nil || resp.Status != 503 {
			w.Fatalf("cleo got an event stream, want status 503: there are two connections")
		}
		again := s.Resume(ana, "")
		ana.ExpectClose(4001)
		s.expectHealth("degraded", 2, "ana's connection was replaced", "full")
		again.Leave()
		s.ExpectSeat("cleo", "den", "ana has left")
		s.ExpectFull("ana", "den", "ana has left, and there are two connections again")
	})
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		for i := range 30 {
			s.Join(fmt.Sprint("c", i), "den")
		}
		s.expectHealth("healthy", 30, "MaxConnections is zero: there is no limit")
	})
}

// Task 12.9: Too many of our own failures, and new clients go elsewhere.
//
// Rules: 12.be, 12.bf.
func TestFailingServerIsNotReady(t *testing.T) {
	for _, most := range []int{4, 7} {
		cfg := failing
		cfg.MaxFailures = most
		run(t, cfg, func(w *testclient.World, s *server) {
			ana := s.Join("ana", "den")
			fail := func(n int) {
				for i := range n {
					say(w, ana, []string{"bug", "away"}[i%2])
				}
			}
			fail(most)
			s.expectHealth("healthy", 1, fmt.Sprintf("there were %d failures, and MaxFailures is as many", most))
			fail(1)
			s.expectHealth("degraded", 1, fmt.Sprintf("there were %d failures, and MaxFailures is %d", most+1, most), "failing")
			w.Sleep(45 * time.Second)
			fail(most/2 + 1)
			w.Sleep(15 * time.Second)
			s.expectHealth("degraded", 1, fmt.Sprintf("there were %d failures in the last minute: more than half of MaxFailures", most/2+1), "failing")
			w.Sleep(60 * time.Second)
			s.expectHealth("healthy", 1, "there was no failure for a minute")
			fail(most/2 + 1)
			s.expectHealth("healthy", 1, "that is not more than MaxFailures")
		})
	}
}

// Task 12.9: The half counts, and not the last failure.
//
// Rules: 12.be.
func TestFailingEndsAtHalf(t *testing.T) {
	cfg := failing
	cfg.MaxFailures = 6
	run(t, cfg, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		for range 7 {
			say(w, ana, "bug")
		}
		s.expectHealth("degraded", 1, "there were seven failures", "failing")
		w.Sleep(30 * time.Second)
		for range 3 {
			say(w, ana, "bug")
		}
		w.Sleep(26 * time.Second)
		s.expectHealth("healthy", 1, "there were three failures in the last minute, which is half of MaxFailures")
		w.Sleep(time.Minute)

		for range 7 {
			say(w, ana, "bug")
		}
		w.Sleep(61 * time.Second)
		for range 5 {
			say(w, ana, "bug")
		}
		s.expectHealth("healthy", 1, "the first seven were more than a minute ago, and there are five; nobody asked in between")
	})
}

// Task 12.9: What is a client's fault takes no server out of service.
//
// Rules: 12.bg.
func TestClientsCannotMakeItFail(t *testing.T) {
	cfg := failing
	cfg.MaxFailures = 3
	run(t, cfg, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		for range 50 {
			ana.Send("{")
		}
		for i := range 5 {
			s.Join(fmt.Sprint("c", i), "den").Vanish()
			s.Refused("/ws/a%20b", []int{400})
		}
		s.expectHealth("healthy", 1, "all of it was the clients' fault")
		for range 4 {
			say(w, ana, "bug")
		}
		s.expectHealth("degraded", 1, "there were four bugs, and MaxFailures is three", "failing")
	})
	run(t, failing, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		for range 100 {
			ana.Say("bug")
		}
		s.expectHealth("healthy", 1, "MaxFailures is zero: there is no limit")
	})
}

// Task 12.9: A server that stops is alive, and wants no new clients.
//
// Rules: 12.bc, 12.be, 12.bf.
func TestDrainingServerIsNotReady(t *testing.T) {
	cfg := failing
	cfg.CloseTimeout, cfg.MaxConnections, cfg.MaxFailures = 30*time.Second, 1, 1
	run(t, cfg, func(w *testclient.World, s *server) {
		bob := s.Join("bob", "den", testclient.NoAutoClose())
		s.expectHealth("degraded", 1, "bob is here", "full")
		say(w, bob, "bug")
		say(w, bob, "bug")
		s.expectHealth("degraded", 1, "bob is here, and there were two failures", "full", "failing")
		go s.chat.Close()
		s.expectHealth("draining", 1, "the server stops", "draining", "full", "failing")
		s.metrics().expect(0, "the server stops", "chat_ready")
	})
}

// Task 12.9: What nobody has asked about has happened all the same.
//
// Rules: 12.be.
func TestFailingWithoutBeingAsked(t *testing.T) {
	cfg := failing
	cfg.MaxFailures = 6
	for _, row := range []struct {
		first, second, third int
		status               string
		why                  string
		reasons              []string
	}{
		{3, 4, 0, "degraded", "there were seven failures, and four of them in the last minute", []string{"failing"}},
		{4, 3, 1, "healthy", "there were seven failures, then three in the last minute, which is half, and now one more", nil},
	} {
		run(t, cfg, func(w *testclient.World, s *server) {
			ana := s.Join("ana", "den")
			fail := func(n int) {
				for range n {
					say(w, ana, "bug")
				}
			}
			fail(row.first)
			w.Sleep(20 * time.Second)
			fail(row.second)
			w.Sleep(43 * time.Second)
			fail(row.third)
			s.expectHealth(row.status, 1, row.why, row.reasons...)
		})
	}
}

// nearly returns a server with nine of ten clients: c0 to c8.
func nearly(w *testclient.World) (s *server, here []*chattest.Client) {
	s = start(w, chat.Config{MaxConnections: 10, CloseTimeout: 20 * time.Second, ResumeWindow: time.Minute})
	for i := range 9 {
		here = append(here, s.Join(fmt.Sprint("c", i), "den", testclient.NoAutoClose()))
	}
	return s, here
}

// Task 12.9: A handshake that fails fills no server: otherwise every stranger could take it out of service.
//
// Rules: 12.be, 12.bg.
func TestFailedHandshakeDoesNotFill(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s, here := nearly(w)
		s.Refused("/ws/stranger?room_id=den", []int{400, 426}, testclient.Header("Sec-WebSocket-Version", "7"))
		s.expectHealth("degraded", 9, "a tenth client's handshake has failed: there were never ten")
		s.Join("ana", "den")
		s.expectHealth("degraded", 10, "there are ten clients", "full")
		here[0].Close(1000, "")
		s.expectHealth("degraded", 9, "there were ten clients, and nine are 90 %", "full")
	})
}

// Task 12.9: A client that replaces its connection is still one client.
//
// Rules: 12.be, 12.bf.
func TestTakeoverDoesNotFill(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s, here := nearly(w)
		s.Resume(here[3], "")
		here[3].ExpectClose(4001)
		s.expectHealth("degraded", 10, "nine clients have ten connections: the first one of c3 is in its closing handshake")
		s.ExpectSeat("ana", "den", "there were nine clients")
		s.expectHealth("degraded", 11, "there are ten clients", "full")
		w.Sleep(20 * time.Second)
		s.expectHealth("degraded", 10, "there are ten clients, and the first connection of c3 has ended", "full")
	})
}

// Task 12.9: A server drains from the beginning of a stop on, long before it closes connections.
//
// Rules: 12.be, 12.bf.
func TestDrainPeriodIsNotReady(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		chattest.Vocabulary(w, "welcome", "reconnect")
		cfg := chat.Config{DrainPeriod: time.Minute, CloseTimeout: time.Second, Logger: w.Logger()}
		c, err := chat.New(cfg)
		require.NoError(w, err, "chat.New")
		ln := w.Listen()
		ctx, stop := context.WithCancel(w.Context())
		returned := make(chan struct{})
		go func() {
			defer close(returned)
			c.Serve(ctx, ln)
		}()
		s := &server{Server: chattest.At(w, ln, cfg), w: w, chat: c, admin: w.Serve(c.Admin())}
		s.Cleanup("Serve", func() {
			stop()
			<-returned
		})
		s.Join("ana", "den")
		s.expectHealth("healthy", 1, "ana is here")
		stop()
		s.expectHealth("draining", 1, "the stop has begun, and ana has half a minute to move", "draining")
	})
}
