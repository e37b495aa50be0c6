package chat_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cenkalti/backoff/v5"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/09"
)

// flaky is something that is away for a number of calls, and counts when it is asked.
type flaky struct {
	away int // calls that fail
	err  error
	last error // what the call after those returns
	at   []time.Time
}

func (f *flaky) ask(context.Context) error {
	f.at = append(f.at, time.Now())
	if len(f.at) <= f.away {
		return f.err
	}
	return f.last
}

// waits are the times between the calls.
func (f *flaky) waits() []time.Duration {
	var all []time.Duration
	for i := 1; i < len(f.at); i++ {
		all = append(all, f.at[i].Sub(f.at[i-1]))
	}
	return all
}

// Task 9.6 (8 points, after 9.3): A call that finds something away is made again, with growing delays.
//
// Rules: 9.u.
func TestRetry(t *testing.T) {
	own := errors.New("out of luck")
	for _, c := range []struct {
		what  string
		f     flaky
		calls int
		want  error
	}{
		{"works at once", flaky{}, 1, nil},
		{"is away three times", flaky{away: 3, err: chat.ErrUnavailable}, 4, nil},
		{"takes too long twice", flaky{away: 2, err: fmt.Errorf("ask: %w", context.DeadlineExceeded)}, 3, nil},
		{"fails for another reason", flaky{last: own}, 1, own},
		{"is away, and then fails for another reason", flaky{away: 2, err: chat.ErrUnavailable, last: own}, 3, own},
		{"refuses", flaky{last: refused}, 1, refused},
		{"is away, and wraps the mark of a library against further attempts", flaky{away: 2, err: backoff.Permanent(chat.ErrUnavailable)}, 3, nil},
		{"has lost its caller", flaky{last: context.Canceled}, 1, context.Canceled},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			err := chat.Retry(ctx, c.f.ask)
			if err != c.want {
				t.Errorf("what is asked %s, and Retry returns %v (%T), want %v itself", c.what, err, err, c.want)
			}
			if len(c.f.at) != c.calls {
				t.Errorf("what is asked %s, and Retry has called it %d times, want %d", c.what, len(c.f.at), c.calls)
			}
		})
	}
}

// Task 9.6: The waits grow from 100 ms to 5 s, each with a random half.
//
// Rules: 9.v.
func TestRetryWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		want := 100 * time.Millisecond
		smaller, greater := 0, 0
		var runs []*flaky
		for range 20 {
			f := &flaky{away: 9, err: chat.ErrUnavailable}
			if err := chat.Retry(t.Context(), f.ask); err != nil {
				t.Fatalf("Retry returns %v after nine calls that have found nobody, want a tenth call", err)
			}
			runs = append(runs, f)
		}
		for i := range 9 {
			low, high := want, want
			for _, f := range runs {
				got := f.waits()[i]
				if got < want/2 || got > want*3/2+time.Nanosecond {
					t.Fatalf("wait %d is %v, want between %v and %v", i+1, got, want/2, want*3/2)
				}
				if got < want*9/10 {
					smaller++
				}
				if got > want*11/10 {
					greater++
				}
				low, high = min(low, got), max(high, got)
			}
			if high-low < want/4 {
				t.Errorf("wait %d is between %v and %v in 20 runs: many who wait for one thing would ask for it at the same time", i+1, low, high)
			}
			want = min(2*want, 5*time.Second)
		}
		if smaller < 30 || greater < 30 {
			t.Errorf("of 180 waits %d were clearly shorter and %d clearly longer than their middle, want some of each", smaller, greater)
		}
	})
}

// Task 9.6: Only the end of the context ends the attempts, and it does so at once.
//
// Rules: 9.u, 9.w.
func TestRetryEnds(t *testing.T) {
	taken := errors.New("taken over")
	for _, c := range []struct {
		what string
		end  func(ctx context.Context) (context.Context, func())
		want error
		kind chat.Kind
	}{
		{"its deadline is over", func(ctx context.Context) (context.Context, func()) {
			ctx, cancel := context.WithTimeout(ctx, 2*time.Hour+time.Millisecond)
			return ctx, cancel
		}, context.DeadlineExceeded, chat.KindUnavailable},
		{"it is cancelled with a cause", func(ctx context.Context) (context.Context, func()) {
			ctx, cancel := context.WithCancelCause(ctx)
			timer := time.AfterFunc(2*time.Hour+time.Millisecond, func() { cancel(taken) })
			return ctx, func() { timer.Stop() }
		}, taken, chat.KindInternal},
	} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			ctx, cancel := c.end(t.Context())
			defer cancel()
			f := &flaky{away: 1e6, err: fmt.Errorf("the filter: %w", chat.ErrUnavailable)}
			err := chat.Retry(ctx, f.ask)
			if took := time.Since(began); took != 2*time.Hour+time.Millisecond {
				t.Errorf("Retry has returned after %v, want the end of its context, after 2h0m0.001s", took)
			}
			if !errors.Is(err, c.want) {
				t.Errorf("the context ends because %s, and Retry returns %v, want an error that wraps %v", c.what, err, c.want)
			}
			if err == nil || !strings.Contains(err.Error(), "the filter") {
				t.Errorf("Retry returns %v: the text of the last error, \"the filter: …\", is not in it", err)
			}
			if got := chat.KindOf(err); got != c.kind {
				t.Errorf("the context ends because %s, and the error is of kind %v, want %v", c.what, got, c.kind)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		f := &flaky{away: 5, err: chat.ErrUnavailable}
		if err := chat.Retry(ctx, f.ask); !errors.Is(err, context.Canceled) || len(f.at) != 1 {
			t.Errorf("with a context that has ended, Retry calls %d times and returns %v, want one call and context.Canceled", len(f.at), err)
		}
		if err := chat.Retry(ctx, new(flaky).ask); err != nil {
			t.Errorf("with a context that has ended, the function returns nil, and Retry returns %v, want nil too", err)
		}
	})
}

// Task 9.6: A message waits for Moderate, but not for ever, and holds up nobody but its sender.
//
// Rules: 9.x.
func TestMessageWaitsForModerate(t *testing.T) {
	for _, timeout := range []time.Duration{4 * time.Second, 25 * time.Second} {
		cfg := failing
		cfg.ModerateTimeout = timeout
		var mu sync.Mutex
		var back time.Time // when Moderate is there again
		cfg.Moderate = func(_ context.Context, m chat.Message) error {
			mu.Lock()
			defer mu.Unlock()
			if m.From == "bob" && time.Now().Before(back) {
				return chat.ErrUnavailable
			}
			return nil
		}
		run(t, cfg, func(w *testclient.World, s *server) {
			ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
			ana.Hear("system bob joined")
			away := func(d time.Duration) {
				mu.Lock()
				defer mu.Unlock()
				back = time.Now().Add(d)
				w.Note("Moderate is away for %v, for bob", d)
			}
			away(time.Second)
			said := []string{"message one", "message two", "message three", "message four", "message five"}
			for _, line := range said {
				bob.Say(strings.TrimPrefix(line, "message "))
			}
			ana.Say("I need not wait")
			ana.Within(100 * time.Millisecond).Hear("message I need not wait")
			ana.Within(timeout).Hear(said...)
			bob.Hear("message I need not wait")
			bob.Hear(said...)

			away(time.Hour)
			bob.Send(talk("b6", "six"))
			w.Sleep(timeout - 50*time.Millisecond)
			bob.Silence(0)
			expectRefused(w, bob.Within(100*time.Millisecond), "unavailable", "b6")
			s.HearNoMore(ana)
		})
	}
}

// Task 9.6: A Moderate that does not answer has ModerateTimeout, too.
//
// Rules: 9.x.
func TestModerateIsToldToHurry(t *testing.T) {
	cfg := failing
	cfg.ModerateTimeout = 3 * time.Second
	cfg.Moderate = func(ctx context.Context, m chat.Message) error {
		select {
		case <-ctx.Done():
			return fmt.Errorf("ask the filter: %w", ctx.Err())
		case <-time.After(time.Minute):
			return nil
		}
	}
	run(t, cfg, func(w *testclient.World, s *server) {
		bob := s.Join("bob", "den")
		w.Note("Moderate waits for the end of its context, and ModerateTimeout is %v", cfg.ModerateTimeout)
		bob.Send(talk("b1", "hi"))
		bob.Silence(cfg.ModerateTimeout - 50*time.Millisecond)
		expectRefused(w, bob.Within(100*time.Millisecond), "unavailable", "b1")
	})
}

// Task 9.6: Without ModerateTimeout a message waits for as long as it takes.
//
// Rules: 9.x.
func TestMessageWaitsWithoutEnd(t *testing.T) {
	cfg := failing
	cfg.ModerateTimeout = 0
	calls := 0
	cfg.Moderate = func(context.Context, chat.Message) error {
		if calls++; calls < 400 {
			return chat.ErrUnavailable
		}
		return nil
	}
	run(t, cfg, func(w *testclient.World, s *server) {
		bob := s.Join("bob", "den")
		bob.Say("patience")
		bob.Within(time.Hour).Hear("message patience")
	})
}

// Task 9.6: A panic that ends a connection is logged once, and no message that waits then is.
//
// Rules: 9.g, 9.l.
func TestPanicIsLoggedOnce(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		cfg := failing
		cfg.ModerateTimeout = 0
		cfg.Moderate = func(ctx context.Context, m chat.Message) error {
			if m.From != "bob" {
				return nil
			}
			<-ctx.Done()
			return context.Cause(ctx)
		}
		s, f := serveFrail(w, cfg)
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		ana.Hear("system bob joined")
		w.Note("a message of bob's waits for Moderate, and the goroutine that writes to bob panics")
		bob.Say("hi")
		w.Settle()
		f.writes.Store(true)
		ana.Say("hello")
		ana.Hear("message hello", "system bob left")
		s.expectRecords(0, "message failed", "bob", "it has failed for the end of the connection alone")
		expectStack(s, s.expectRecords(1, "client disconnected", "bob", "one connection of his has ended")[0], "explode")
	})
}
