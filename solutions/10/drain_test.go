package chat_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/10"
)

// Task 10.5 (15 points, after 10.3, 10.4): Clients have time to move to another server.
//
// Rules: 10.n.
func TestClientsAreAskedToMove(t *testing.T) {
	for _, period := range []time.Duration{time.Minute, 15 * time.Second} {
		cfg := draining
		cfg.DrainPeriod = period
		run(t, cfg, func(w *testclient.World, s *server) {
			blocked := s.Join("dora", "attic", narrow)
			ana, bob, cleo := s.Join("ana", "den"), s.JoinEvents("bob", "den"), s.Join("cleo", "hall")
			ana.Hear("system bob joined")
			blocked.Stall()
			for i := range 5 {
				cleo.Tell("dora", fmt.Sprint(i, long(1999)))
			}
			s.beginStop()
			for _, c := range []*chattest.Client{ana, bob, cleo} {
				expectReconnect(w, c, period/2)
			}
			w.Sleep(period/2 - 100*time.Millisecond)
			blocked.Resume()
			expectReconnect(w, blocked, period/2)
			for _, c := range []*chattest.Client{ana, bob, cleo, blocked.Ignoring("direct")} {
				c.Silence(0)
			}
			s.expectServing("the first half of the drain is not over")
		})
	}
}

// Task 10.5: Without a DrainPeriod there is no time to move.
//
// Rules: 10.n.
func TestNoDrain(t *testing.T) {
	run(t, lasting, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		s.beginStop()
		if asked := ana.Received("reconnect"); len(asked) > 0 {
			w.Fatalf("ana got a reconnect, want a close frame alone: DrainPeriod is zero")
		}
		ana.ExpectClose(1001)
	})
}

// Task 10.5: During a drain, those who are here talk on.
//
// Rules: 10.i.
func TestClientsTalkOnDuringADrain(t *testing.T) {
	run(t, draining, func(w *testclient.World, s *server) {
		ana, bob, cleo := s.Join("ana", "den"), s.JoinEvents("bob", "den"), s.Join("cleo", "den")
		s.beginStop()
		for _, c := range []*chattest.Client{ana, bob, cleo} {
			c.Ignoring("system").Expect("a reconnect", chattest.IsType("reconnect"))
		}
		w.Sleep(10 * time.Second)
		ana.Say("one")
		w.Settle()
		bob.Say("two")
		ana.Hear("message one", "message two")
		bob.Hear("message one", "message two")
		cleo.Hear("message one", "message two")
		cleo.Leave()
		ana.Hear("system cleo left")
		require.Equal(w, []string{"ana", "bob"}, s.members("den"), "the members of den, during a drain")
		s.expectStatus(200, "/rooms/den", "ana and bob are here")
		s.expectStatus(503, "/ready", "the server drains")
		s.expectRefused("dora", "den", chattest.Since{}, "60", "the server drains")
	})
}

// Task 10.5: Those who are left are closed one after the other, each after a pause at random.
//
// Rules: 10.o.
func TestRestIsClosedOneByOne(t *testing.T) {
	run(t, draining, func(w *testclient.World, s *server) {
		all := joinMany(s, 60)
		s.beginStop()
		began := w.Elapsed()
		w.Sleep(10 * time.Second)
		for _, c := range all[40:] {
			c.Leave()
		}
		left := all[:40]
		w.Note("40 clients are left at the end of the first half")
		ends := closings(w, began, left)
		most := 30 * time.Second / 40
		last, short, long := 30*time.Second, 0, 0
		for i, at := range ends {
			pause := at - last
			if pause < most/2-time.Millisecond || pause > most+time.Millisecond {
				w.Fatalf("there was a pause of %v before close %d of the second half, want %v to %v: it has 30s, for 40 clients (all closes: %v)",
					pause, i+1, most/2, most, ends)
			}
			if pause < most*3/4 {
				short++
			} else {
				long++
			}
			last = at
		}
		if short == 0 || long == 0 {
			w.Fatalf("of 40 pauses, %d were shorter than %v and %d longer, want some of each: they are to be at random", short, most*3/4, long)
		}
		s.expectReturnBy(began+time.Minute+6*time.Second, "all were closed, and CloseTimeout is over")
	})
}

// Task 10.5: One client has the second half to itself.
//
// Rules: 10.o.
func TestLastClientIsClosed(t *testing.T) {
	run(t, draining, func(w *testclient.World, s *server) {
		bob := s.JoinEvents("bob", "den")
		s.beginStop()
		w.Sleep(44900 * time.Millisecond)
		expectOpen(w, bob, "half of the second half is not over")
		bob.Within(15*time.Second+200*time.Millisecond).ExpectEnd(1001, "DrainPeriod is over")
		s.expectEnd("nobody is left")
	})
}

// Task 10.5: ShutdownTimeout begins when the drain is over.
//
// Rules: 10.k.
func TestClosingAfterADrain(t *testing.T) {
	cfg := draining
	cfg.CloseTimeout, cfg.ShutdownTimeout = 40*time.Second, 10*time.Second
	run(t, cfg, func(w *testclient.World, s *server) {
		bob := s.Join("bob", "den", unanswering)
		s.beginStop()
		began := w.Elapsed()
		bob.Within(time.Minute + time.Second).ExpectClose(1001)
		w.Sleep(began + time.Minute + 9900*time.Millisecond - w.Elapsed())
		expectOpen(w, bob, "DrainPeriod was over less than 10s ago, and ShutdownTimeout is not")
		bob.ServerHungUp(began + time.Minute + 11*time.Second - w.Elapsed())
		s.expectEnd("bob's connection has been cut")
	})
}

// Task 10.5: A drain ends when nobody is left.
//
// Rules: 10.p.
func TestDrainEndsWhenNobodyIsLeft(t *testing.T) {
	run(t, draining, func(w *testclient.World, s *server) {
		s.beginStop()
		s.expectEnd("nobody was here")
	})
	run(t, draining, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den")
		s.beginStop()
		w.Sleep(10 * time.Second)
		ana.Leave()
		s.expectServing("bob is still here")
		bob.Leave()
		s.expectEnd("ana and bob have left by themselves")
	})
	run(t, draining, func(w *testclient.World, s *server) {
		all := joinMany(s, 10)
		s.beginStop()
		w.Sleep(31 * time.Second)
		for _, c := range all {
			c.Close(1000, "")
		}
		s.expectEnd("all have left by themselves, in the second half")
	})
}

// Task 10.5: Close cuts a drain short.
//
// Rules: 10.m.
func TestCloseDuringADrain(t *testing.T) {
	for _, after := range []time.Duration{10 * time.Second, 31 * time.Second} {
		run(t, draining, func(w *testclient.World, s *server) {
			all := joinMany(s, 10)
			s.beginStop()
			w.Sleep(after)
			began := w.Elapsed()
			w.Note("Close begins")
			closed := make(chan struct{})
			go func() {
				defer close(closed)
				_ = s.chat.Close()
			}()
			for _, at := range closings(w, 0, all) {
				if at > began+time.Second {
					w.Fatalf("a client was closed %v after Close, want within 1s", at-began)
				}
			}
			w.Sleep(began + 4900*time.Millisecond - w.Elapsed())
			s.expectServing("nobody has answered, and CloseTimeout is not over")
			w.Returns("Close", 1100*time.Millisecond, func() { <-closed })
			s.expectEnd("all connections have ended")
		})
	}
}

// Task 10.5: Whatever begins a stop, it begins with a drain.
//
// Rules: 10.n.
func TestFailureDrains(t *testing.T) {
	failure := errors.New("the network card is on fire")
	testclient.Run(t, func(w *testclient.World) {
		manners(w)
		ln := &frail{Listener: w.Listen()}
		s := newServer(w, draining, ln)
		s.serve()
		ana := s.Join("ana", "den")
		w.Note("the listener fails: %v", failure)
		ln.fail(failure)
		expectReconnect(w, ana, 30*time.Second)
		ana.Leave()
		if err := s.expectReturn(time.Second, "nobody is left"); !errors.Is(err, failure) {
			w.Fatalf("Serve returned %v, want the listener's error: %v", err, failure)
		}
	})
	cfg := draining
	cfg.Background = []func(context.Context) error{func(context.Context) error {
		time.Sleep(time.Minute)
		return failure
	}}
	run(t, cfg, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		w.Sleep(50 * time.Second)
		w.Note("in a few seconds a function of Config.Background fails: %v", failure)
		w.Sleep(12 * time.Second)
		expectReconnect(w, ana, 30*time.Second)
		ana.Leave()
		if err := s.expectReturn(time.Second, "nobody is left"); !errors.Is(err, failure) {
			w.Fatalf("Serve returned %v, want the error of Config.Background: %v", err, failure)
		}
	})
}

// Task 10.5: Who joins after the beginning of a drain is here like all others.
//
// Rules: 10.n, 10.o.
func TestLateClientIsInTheDrain(t *testing.T) {
	run(t, draining, func(w *testclient.World, s *server) {
		bob := beforeAndAfter(w, s)
		w.Sleep(25 * time.Second)
		w.Note("the first half of the drain is not over")
		if bob.HasServerHungUp() {
			w.Fatalf("bob's connection has ended in the first half of the drain")
		}
		bob.Within(35 * time.Second).ExpectClose(1001)
		s.expectEnd("bob's connection has ended")
	})
}

// Task 10.5: There are no negative times.
//
// Rules: 10.aa.
func TestNewRefusesNegativeTimes(t *testing.T) {
	for name, cfg := range map[string]chat.Config{"DrainPeriod": {DrainPeriod: -1}, "ShutdownTimeout": {ShutdownTimeout: -1}} {
		if c, err := chat.New(cfg); err == nil {
			_ = c.Close()
			t.Errorf("New has accepted a negative %s", name)
		} else if !strings.Contains(err.Error(), name) {
			t.Errorf("New refuses a negative %s with %q, which does not name it", name, err)
		}
	}
}

// joinMany has clients join that never answer a close frame, in several rooms.
func joinMany(s *server, n int) []*chattest.Client {
	all := make([]*chattest.Client, n)
	s.w.Rush(n, func(i int) {
		all[i] = s.ArriveAs(fmt.Sprint("bob", i), fmt.Sprint("bob", i), fmt.Sprint("den", i%5), chattest.Since{}, unanswering)
	})
	s.w.Sleep(time.Second)
	return all
}

// closings waits for the close frames of all clients, and returns when they came, since began, in order.
func closings(w *testclient.World, began time.Duration, all []*chattest.Client) []time.Duration {
	w.Helper()
	var ends []time.Duration
	for _, c := range all {
		ends = append(ends, c.Within(time.Minute).ExpectClose(1001).At-began)
	}
	slices.Sort(ends)
	return ends
}

// expectReconnect fails unless the next that a client hears is a reconnect with this window.
func expectReconnect(w *testclient.World, c *chattest.Client, window time.Duration) {
	w.Helper()
	m := c.Ignoring("system", "direct").Expect(`{"type":"reconnect"}`, chattest.IsType("reconnect"))
	var data struct {
		Window json.Number `json:"window_ms"`
	}
	if json.Unmarshal(chattest.Parse(m).Data, &data) != nil || data.Window.String() != fmt.Sprint(window.Milliseconds()) {
		w.Fatalf("%s got %s, want data with window_ms %d: half of DrainPeriod", c.Name(), m, window.Milliseconds())
	}
}
