package chat_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/10"
)

// work is a function of Config.Background that runs until its context ends.
type work struct {
	lasts time.Duration // how long it takes to return then
	err   error         // what it returns

	mu    sync.Mutex
	runs  int
	ended bool // its context
	over  bool // it has returned
}

func (b *work) run(ctx context.Context) error {
	b.note(func() { b.runs++ })
	<-ctx.Done()
	b.note(func() { b.ended = true })
	time.Sleep(b.lasts)
	b.note(func() { b.over = true })
	return b.err
}

func (b *work) note(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f()
}

// expectRunning fails unless the function runs, once, and its context has not ended.
func (b *work) expectRunning(w *testclient.World, why string) {
	w.Helper()
	w.Settle()
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.runs != 1:
		w.Fatalf("a function of Config.Background was called %d times, want once: %s", b.runs, why)
	case b.ended:
		w.Fatalf("the context of a function of Config.Background has ended already: %s", why)
	}
}

// with returns lasting with background work.
func with(background ...func(context.Context) error) chat.Config {
	cfg := lasting
	cfg.Background = background
	return cfg
}

// Task 10.2 (15 points, after 10.1): Work in the background lasts as long as the clients do.
//
// Rules: 10.c.
func TestBackgroundRuns(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		manners(w)
		one, two := &work{}, &work{}
		s := newServer(w, with(one.run, two.run), w.Listen())
		w.Sleep(time.Minute)
		if one.runs+two.runs > 0 {
			w.Fatalf("a function of Config.Background runs before Serve is called")
		}
		s.serve()
		one.expectRunning(w, "Serve has begun")
		two.expectRunning(w, "Serve has begun, and one function does not wait for another")
		s.Join("ana", "den").Leave()
		one.expectRunning(w, "Serve goes on")
		s.beginStop()
		s.expectEnd("its ctx has ended, and all work has returned")
		require.Equal(w, []int{1, 1}, []int{one.runs, two.runs}, "calls of the functions of Config.Background")
	})
}

// Task 10.2: What the last clients say may need the work in the background.
//
// Rules: 10.d.
func TestBackgroundOutlivesTheClients(t *testing.T) {
	b := &work{lasts: 3 * time.Second}
	run(t, with(b.run), func(w *testclient.World, s *server) {
		s.Join("bob", "den", unanswering)
		s.beginStop()
		w.Sleep(4900 * time.Millisecond)
		b.expectRunning(w, "bob has not answered the close frame, and CloseTimeout is not over")
		w.Sleep(1100 * time.Millisecond)
		if !b.ended {
			w.Fatalf("the context of a function of Config.Background should have ended: bob's CloseTimeout was over a second ago")
		}
		w.Sleep(1800 * time.Millisecond)
		s.expectServing("a function of Config.Background has not returned")
		w.Sleep(time.Second)
		s.expectEnd("all work has returned")
		if !b.over {
			w.Fatalf("Serve has returned before a function of Config.Background")
		}
	})
}

// Task 10.2: Work that fails stops the server.
//
// Rules: 10.d, 10.e.
func TestBackgroundFails(t *testing.T) {
	failure := errors.New("the disk is full")
	for _, row := range []struct {
		what string
		end  func() error
		is   error // what Serve returns wraps it; nil: any will do
	}{
		{"it returns an error", func() error { return failure }, failure},
		{"it panics", func() error { panic("the disk is full") }, nil},
		{"it panics with an error", func() error { panic(failure) }, nil},
		{"it returns context.Canceled, and its context has not ended", func() error { return fmt.Errorf("ask: %w", context.Canceled) }, context.Canceled},
	} {
		other := &work{}
		fails := func(ctx context.Context) error {
			time.Sleep(time.Minute)
			return row.end()
		}
		run(t, with(other.run, fails), func(w *testclient.World, s *server) {
			ana, _ := s.Join("ana", "den"), s.Join("bob", "den", unanswering)
			w.Sleep(50 * time.Second)
			w.Note("a function of Config.Background, in a few seconds: %s", row.what)
			w.Sleep(12 * time.Second)
			other.expectRunning(w, "another function has failed, but bob is still here")
			err := s.expectReturn(4*time.Second, "a function of Config.Background has failed, and CloseTimeout is over")
			ana.ExpectClose(1001)
			if err == nil || row.is != nil && !errors.Is(err, row.is) {
				w.Fatalf("Serve returned %v, want an error that wraps the one of Config.Background: %s", err, row.what)
			}
		})
	}
}

// Task 10.2: Work may be done.
//
// Rules: 10.e.
func TestBackgroundIsDone(t *testing.T) {
	other := &work{}
	done := func(context.Context) error { return nil }
	run(t, with(done, done), func(w *testclient.World, s *server) {
		s.Join("ana", "den")
		w.Sleep(time.Hour)
		s.expectServing("all functions of Config.Background have returned nil, which stops nothing")
	})
	run(t, with(other.run, done), func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		w.Sleep(24 * time.Hour)
		s.expectServing("one function of Config.Background has returned nil, which stops nothing")
		other.expectRunning(w, "another function has returned nil")
		ana.Say("hello")
		ana.Hear("message hello")
		s.beginStop()
		s.expectEnd("its ctx has ended")
	})
}

// Task 10.2: The end of the context is no failure, and what fails afterwards is one.
//
// Rules: 10.e.
func TestBackgroundEnds(t *testing.T) {
	failure := errors.New("the last batch is lost")
	for _, row := range []struct{ returns, want error }{
		{context.Canceled, nil},
		{fmt.Errorf("wait: %w", context.Canceled), nil},
		{failure, failure},
	} {
		b := &work{err: row.returns, lasts: time.Second / 2}
		run(t, with(b.run), func(w *testclient.World, s *server) {
			s.beginStop()
			err := s.expectReturn(time.Second, "its ctx has ended")
			if !errors.Is(err, row.want) {
				w.Fatalf("a function of Config.Background returned %q when its context had ended; Serve returned %v, want %v", row.returns, err, row.want)
			}
		})
	}
}

// Task 10.2: When much fails, nothing of it is lost.
//
// Rules: 10.b, 10.e.
func TestAllFailuresAreReturned(t *testing.T) {
	first, flush := errors.New("the disk is full"), errors.New("the last batch is lost")
	fails := func(context.Context) error { return first }
	b := &work{err: flush}
	testclient.Run(t, func(w *testclient.World) {
		manners(w)
		s := newServer(w, with(fails, b.run), w.Listen())
		s.serve()
		err := s.expectReturn(time.Second, "a function of Config.Background has failed")
		if !errors.Is(err, first) || !errors.Is(err, flush) {
			w.Fatalf("Serve returned %q, want an error that wraps both %q, which has stopped it, and %q, which came at the end", err, first, flush)
		}
	})
	testclient.Run(t, func(w *testclient.World) {
		manners(w)
		ln := &frail{Listener: w.Listen()}
		s := newServer(w, with((&work{err: flush}).run), ln)
		s.serve()
		w.Note("the listener fails, and then a function of Config.Background")
		ln.fail(first)
		err := s.expectReturn(time.Second, "the listener has failed")
		if !errors.Is(err, first) || !errors.Is(err, flush) {
			w.Fatalf("Serve returned %q, want an error that wraps both %q, of its listener, and %q, of Config.Background", err, first, flush)
		}
	})
}

// Task 10.2: Work that does not return holds up Serve for no longer than ShutdownTimeout.
//
// Rules: 10.e, 10.f.
func TestBackgroundDoesNotReturn(t *testing.T) {
	failure := errors.New("the disk is full")
	fails := func(context.Context) error { return failure }
	for _, row := range []struct {
		config func(stuck *work) chat.Config
		is     error
	}{
		{func(stuck *work) chat.Config { return with(stuck.run) }, nil},
		{func(stuck *work) chat.Config { return with(fails, stuck.run) }, failure},
	} {
		stuck := &work{lasts: 20 * time.Second}
		cfg := row.config(stuck)
		cfg.CloseTimeout, cfg.ShutdownTimeout = 2*time.Second, 4*time.Second
		testclient.Run(t, func(w *testclient.World) {
			manners(w)
			s := newServer(w, cfg, w.Listen())
			s.serve()
			if row.is == nil {
				s.Join("bob", "den", unanswering) // for two of the four seconds
				s.beginStop()
			}
			w.Sleep(3900 * time.Millisecond)
			s.expectServing("a function of Config.Background has not returned, and ShutdownTimeout is not over")
			err := s.expectReturn(1100*time.Millisecond, "ShutdownTimeout is over, whatever Config.Background does")
			if err == nil {
				w.Fatalf("Serve returned nil, but a function of Config.Background has not returned: it must be known that work was cut off")
			}
			if row.is != nil && !errors.Is(err, row.is) {
				w.Fatalf("Serve returned %v, want an error that wraps %q, which has stopped the server", err, row.is)
			}
			w.Sleep(20 * time.Second)
		})
	}
	slow := &work{lasts: 10 * time.Minute}
	run(t, with(slow.run), func(w *testclient.World, s *server) {
		w.Note("ShutdownTimeout is zero")
		s.beginStop()
		w.Sleep(10*time.Minute - time.Second)
		s.expectServing("a function of Config.Background has not returned, and there is no ShutdownTimeout")
		w.Sleep(time.Second)
		s.expectEnd("all work has returned")
	})
}
