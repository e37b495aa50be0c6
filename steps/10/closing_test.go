package chat_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/10"
)

// Task 10.4 (20 points, after 10.2): All connections are closed at the same time, and within bounds.
//
// Rules: 10.j.
func TestAllAreClosedAtTheSameTime(t *testing.T) {
	run(t, lasting, func(w *testclient.World, s *server) {
		var all, streams []*chattest.Client
		for i := range 20 {
			all = append(all, s.Join(fmt.Sprint("bob", i), fmt.Sprint("den", i%3), unanswering))
		}
		for i := range 5 {
			streams = append(streams, s.JoinEvents(fmt.Sprint("cleo", i), fmt.Sprint("den", i%3)))
		}
		s.beginStop()
		began := w.Elapsed()
		for _, c := range all {
			if at := expectClosing(w, c, "the server stops, and nobody answers").At; at > began+time.Second {
				w.Fatalf("%s got its close frame %v after the beginning of the stop, want within 1s: does one client wait for another?", c.Name(), at-began)
			}
		}
		for _, c := range streams {
			c.ExpectEnd(1001, "the server stops")
		}
		if now := w.Elapsed(); now > began+time.Second {
			w.Fatalf("the last event stream ended %v after the beginning of the stop, want within 1s", now-began)
		}
		s.expectReturnBy(began+6*time.Second, "CloseTimeout is over, for all clients")
	})
}

// Task 10.4: The close comes after all that is queued.
//
// Rules: 10.j.
func TestQueueLeavesBeforeTheEnd(t *testing.T) {
	run(t, lasting, func(w *testclient.World, s *server) {
		ana, bob, cleo := s.Join("ana", "den"), s.Join("bob", "den", narrow), s.JoinEvents("cleo", "den", narrow)
		ana.Hear("system bob joined", "system cleo joined")
		bob.Hear("system cleo joined")
		bob.Stall()
		cleo.Stall()
		lines := s.talk(ana, 20)
		s.beginStop()
		ana.ExpectClose(1001)
		w.Sleep(2 * time.Second)
		bob.Resume()
		bob.Hear(lines...)
		expectClosing(w, bob, "what was queued for bob has left")
		cleo.Resume()
		cleo.Hear(lines...)
		cleo.ExpectEnd(1001, "what was queued for cleo has left")
		s.expectEnd("all connections have ended")
	})
}

// Task 10.4: What a client that has come back has missed leaves before the close, too.
//
// Rules: 10.j.
func TestBacklogLeavesBeforeTheEnd(t *testing.T) {
	cfg := lasting
	cfg.ResumeWindow = time.Minute
	run(t, cfg, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		ana.Hear("system bob joined")
		bob.Vanish()
		ana.Hear("system bob left")
		lines := s.talk(ana, 20)
		again := s.Arrive("bob", "den", chattest.Since{Session: bob.Session}, narrow, testclient.Latency(100*time.Millisecond))
		w.Note("bob is in the middle of what he has missed when the server stops")
		s.beginStop()
		ana.Ignoring("system").ExpectClose(1001)
		again = again.Ignoring("welcome", "system").Within(20 * time.Second)
		again.Hear(lines...)
		expectClosing(w, again, "all that bob has missed has left")
		s.expectEnd("all connections have ended")
	})
}

// Task 10.4: Who joins after the beginning of the closing is closed with the rest.
//
// Rules: 10.a, 10.j.
func TestLateClientIsClosed(t *testing.T) {
	run(t, lasting, func(w *testclient.World, s *server) {
		bob := beforeAndAfter(w, s)
		bob.ExpectClose(1001)
		s.expectEnd("bob's connection has ended")
	})
}

// beforeAndAfter has bob be let in before the stop begins, and join after that.
func beforeAndAfter(w *testclient.World, s *server) *testclient.Client {
	w.Helper()
	link := s.Link(testclient.As("bob"), testclient.Buffer(64), testclient.Latency(time.Second))
	arrives := make(chan *testclient.Client, 1)
	go func() {
		c, _ := link.WebSocket(w.Context(), chattest.Path("bob", "den")) // nil tells that it has failed
		arrives <- c
	}()
	w.Settle()
	link.Stall()
	w.Sleep(10 * time.Second)
	w.Note("bob was let in before the stop, and his handshake takes longer")
	s.beginStop()
	w.Sleep(2 * time.Second)
	s.expectServing("bob's handshake is under way")
	link.SetLatency(0)
	link.Resume()
	bob := <-arrives
	if bob == nil {
		w.Fatalf("bob's handshake should have succeeded: the server had begun to answer it")
	}
	return bob
}

// Task 10.4: A connection that does not end is cut when ShutdownTimeout is over.
//
// Rules: 10.k.
func TestConnectionsAreCut(t *testing.T) {
	for _, row := range []struct{ close, shutdown, cut time.Duration }{
		{20 * time.Second, 3 * time.Second, 3 * time.Second},
		{5 * time.Second, time.Minute, 5 * time.Second},
		{20 * time.Second, 0, 20 * time.Second},
	} {
		run(t, chat.Config{CloseTimeout: row.close, ShutdownTimeout: row.shutdown}, func(w *testclient.World, s *server) {
			left := stuck(s)
			s.beginStop()
			began := w.Elapsed()
			w.Sleep(row.cut - 100*time.Millisecond)
			for _, c := range left {
				expectOpen(w, c, "neither ShutdownTimeout nor CloseTimeout is over")
			}
			s.expectServing("there are clients that have not answered")
			for _, c := range left {
				c.ServerHungUp(began + row.cut + time.Second - w.Elapsed())
			}
			s.expectReturnBy(began+row.cut+time.Second, "all connections have been cut")
		})
	}
}

// Task 10.4: A connection that was about to end before the stop is bounded, too.
//
// Rules: 10.k.
func TestConnectionsThatEndAlreadyAreCut(t *testing.T) {
	run(t, chat.Config{CloseTimeout: 20 * time.Second, ShutdownTimeout: 3 * time.Second}, func(w *testclient.World, s *server) {
		old := s.Join("bob", "den", unanswering)
		s.Join("bob", "den")
		old.ExpectClose(4001)
		s.beginStop()
		began := w.Elapsed()
		w.Sleep(2900 * time.Millisecond)
		expectOpen(w, old, "bob's old connection has not been answered, and ShutdownTimeout is not over")
		old.ServerHungUp(began + 4*time.Second - w.Elapsed())
		s.expectReturnBy(began+4*time.Second, "bob's old connection has been cut")
	})
}

// Task 10.4: Work in the background can end in order, also where clients have taken all the time.
//
// Rules: 10.f.
func TestBackgroundEndsAfterTheCut(t *testing.T) {
	b := &work{lasts: 900 * time.Millisecond}
	cfg := with(b.run)
	cfg.CloseTimeout, cfg.ShutdownTimeout = 20*time.Second, 3*time.Second
	run(t, cfg, func(w *testclient.World, s *server) {
		s.Join("bob", "den", unanswering)
		s.beginStop()
		if err := s.expectReturn(5*time.Second, "bob's connection has been cut"); err != nil {
			w.Fatalf("Serve returned %q, want nil: the function of Config.Background returned 900ms after the end of its context", err)
		}
	})
}

// Task 10.4: A client is in its room until its connection has ended.
//
// Rules: 10.l.
func TestMembersStayUntilTheEnd(t *testing.T) {
	run(t, lasting, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		s.Join("bob", "den", unanswering)
		s.Join("cleo", "hall", unanswering)
		s.beginStop()
		ana.ExpectClose(1001)
		w.Sleep(4500 * time.Millisecond)
		require.Equal(w, []string{"bob"}, s.members("den"), "the members of den: bob has not answered, and CloseTimeout is not over")
		require.Equal(w, []string{"cleo"}, s.members("hall"), "the members of hall: cleo has not answered, and CloseTimeout is not over")
		s.expectReturn(2*time.Second, "CloseTimeout is over")
		require.Empty(w, s.chat.Rooms(), "the rooms, when Serve has returned")
	})
}

// Task 10.4: Close needs no Serve, and returns when the connections have ended, however often it is called.
//
// Rules: 10.m.
func TestCloseWithoutServe(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		manners(w)
		cfg := chat.Config{CloseTimeout: 20 * time.Second, ShutdownTimeout: 3 * time.Second, DrainPeriod: time.Minute, Logger: w.Logger()}
		c, err := chat.New(cfg)
		require.NoError(w, err, "chat.New")
		s := chattest.Serve(w, c, cfg)
		ana, bob := s.Join("ana", "den").Ignoring("system"), s.Join("bob", "den", unanswering)
		began := w.Elapsed()
		var calls sync.WaitGroup
		for i := range 3 {
			calls.Go(func() {
				time.Sleep(time.Duration(i) * time.Second)
				w.Note("Close, call %d", i+1)
				_ = c.Close()
				if rooms := c.Rooms(); len(rooms) > 0 {
					w.Errorf("Close, call %d, has returned, and there are %d rooms: somebody has not left yet", i+1, len(rooms))
				}
				if now := w.Elapsed() - began; now < 3*time.Second {
					w.Errorf("Close, call %d, has returned after %v. Bob has not answered, and ShutdownTimeout is not over", i+1, now)
				}
			})
		}

		if at := ana.ExpectClose(1001).At; at > began+time.Second {
			w.Fatalf("ana got 1001 %v after Close, want within 1s: Close has no DrainPeriod", at-began)
		}
		w.Returns("Close", 4*time.Second, calls.Wait)
		bob.ServerHungUp(0)
		w.Returns("Close", time.Second, func() { require.NoError(w, c.Close()) })
	})
}

// Task 10.4: Close may come in the middle of a stop, and after it.
//
// Rules: 10.m.
func TestCloseDuringAStop(t *testing.T) {
	run(t, lasting, func(w *testclient.World, s *server) {
		bob := s.Join("bob", "den", unanswering)
		s.beginStop()
		w.Sleep(2 * time.Second)
		w.Returns("Close", 4*time.Second, func() { require.NoError(w, s.chat.Close()) })
		if !bob.HasServerHungUp() {
			w.Fatalf("Close has returned, and bob's connection is still open")
		}
		s.expectEnd("all connections have ended")
		w.Returns("Close", time.Second, func() { require.NoError(w, s.chat.Close()) })
	})
}

// Task 10.4: Work in the background may call Close: Close does not wait for that work.
//
// Rules: 10.m.
func TestBackgroundCallsClose(t *testing.T) {
	var s *server
	closes := func(ctx context.Context) error {
		time.Sleep(time.Minute)
		return s.chat.Close()
	}
	testclient.Run(t, func(w *testclient.World) {
		manners(w)
		s = newServer(w, with(closes), w.Listen())
		s.serve()
		ana := s.Join("ana", "den")
		ana.Within(2 * time.Minute).ExpectClose(1001)
		s.expectEnd("a function of Config.Background has called Close")
	})
}

// stuck has four clients join that hold up a server that stops.
func stuck(s *server) []*chattest.Client {
	s.w.Helper()
	bob, ana := s.Join("bob", "hall", unanswering), s.Join("ana", "den").Ignoring("system")
	cleo, dora := s.Join("cleo", "den", narrow), s.JoinEvents("dora", "den", narrow)
	cleo.Stall()
	dora.Stall()
	s.talk(ana, 3)
	ana.Leave()
	s.w.Note("bob answers nothing; cleo and dora read nothing")
	return []*chattest.Client{bob, cleo, dora}
}

// talk has a client send messages of 2000 bytes, which a narrow network does not hold, and returns them as
// others hear them.
func (s *server) talk(from *chattest.Client, n int) []string {
	s.w.Helper()
	var lines []string
	for i := range n {
		text := fmt.Sprint(i, long(1999))
		from.Say(text)
		from.Hear("message " + text)
		lines = append(lines, "message "+text)
	}
	return lines
}
