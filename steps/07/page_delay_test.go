package chat_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// Task 7.10 (6 points, after 7.2): The page comes back, and stops, in the same way.
//
// Rules: 7.ba.
func TestPageDelaysDouble(t *testing.T) {
	for _, c := range []struct {
		options       string
		base, longest time.Duration
	}{
		{"", time.Second, 30 * time.Second},
		{"baseDelay: 200, maxDelay: 5000,", 200 * time.Millisecond, 5 * time.Second},
		{"baseDelay: 10000, maxDelay: 4000,", 10 * time.Second, 4 * time.Second},
		{"baseDelay: 10, maxDelay: 60000,", 10 * time.Millisecond, time.Minute},
	} {
		withPage(t, c.options+"maxAttempts: 2000, random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
			p.Down(true)
			began := w.Elapsed()
			p.Run("client.connect()")
			w.Sleep(40*c.longest + 500*time.Millisecond)
			dials := pageDials(w, p, 1)
			if !nearly(dials[0], began) {
				w.Fatalf("the first attempt came %v after connect(), want at once", dials[0]-began)
			}
			expectPageDelays(w, dials, c.base, c.longest, 1, 1)
			var state string
			if p.Get("client.state", &state); state == "closed" {
				w.Fatalf("nobody listens, and the page is closed after %d retries: maxAttempts is 2000", len(dials)-1)
			}
			pageDials(w, p, 40)
		})
	}
}

// expectPageDelays is expectDelays in a page's words.
func expectPageDelays(w *testclient.World, dials []time.Duration, base, longest time.Duration, least, most float64) {
	w.Helper()
	for n := 1; n < len(dials); n++ {
		delay, got := doubled(base, longest, n), dials[n]-dials[n-1]
		from, to := time.Duration(float64(delay)*least), time.Duration(float64(delay)*most)
		want := fmt.Sprint(from)
		if from != to {
			want = fmt.Sprintf("from %v to %v", from, to)
		}
		if got < from-2*time.Millisecond || got > to+2*time.Millisecond {
			w.Fatalf("retry %d came %v after the attempt before it had failed, want %s: baseDelay is %v, "+
				"doubled for each further retry up to maxDelay, %v; random() adds 0 to 30 %% of that", n, got, want, base, longest)
		}
	}
}

// expectTold fails unless onState was told of each retry what came true.
func expectTold(w *testclient.World, p *testpage.Page, dials []time.Duration) {
	w.Helper()
	var told []struct {
		Attempt, Delay *float64 // nil if it is left out
	}
	p.Get(`states.filter(({ state }) => state === "waiting")`, &told)
	for n := 1; n < len(dials); n++ {
		if len(told) < n {
			w.Fatalf(`onState was called with "waiting" %s although there were %d retries`, times(len(told)), len(dials)-1)
		}
		at, wait := told[n-1], dials[n]-dials[n-1]
		if at.Attempt == nil || at.Delay == nil {
			w.Fatalf(`onState was called with "waiting" before retry %d, and its detail lacks attempt, delay or both`, n)
		}
		if *at.Attempt != float64(n) {
			w.Fatalf(`onState was told of attempt %v before retry %d`, *at.Attempt, n)
		}
		if got := time.Duration(*at.Delay * float64(time.Millisecond)); (got - wait).Abs() > 2*time.Millisecond {
			w.Fatalf(`onState was told of a delay of %v before retry %d, which came after %v; it is in milliseconds`, *at.Delay, n, wait)
		}
	}
}

// Task 7.10: Jitter makes a delay of the page longer, by up to 30 %.
//
// Rules: 7.ba.
func TestPageJitter(t *testing.T) {
	for _, jitter := range []float64{0.5, 0.999999} {
		withPage(t, fmt.Sprintf("random: () => %v,", jitter), func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
			p.Down(true)
			p.Run("client.connect()")
			w.Sleep(4 * time.Minute)
			dials := pageDials(w, p, 1)
			expectPageDelays(w, dials, time.Second, 30*time.Second, 1+0.3*jitter, 1+0.3*jitter)
			pageDials(w, p, 9)
		})
	}
}

// Task 7.10: onState is told which retry comes next, and after which delay.
//
// Rules: 7.pk.
func TestPageTellsOfEachRetry(t *testing.T) {
	for _, jitter := range []float64{0, 0.5} {
		withPage(t, fmt.Sprintf("random: () => %v,", jitter), func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
			p.Down(true)
			p.Run("client.connect()")
			w.Sleep(4 * time.Minute)
			expectTold(w, p, pageDials(w, p, 9))
		})
	}
}

// Task 7.10: A page without the option random takes Math.random for each delay.
//
// Rules: 7.bb.
func TestPageSpreads(t *testing.T) {
	withPage(t, "maxAttempts: 30,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		p.Down(true)
		p.Run("client.connect()")
		w.Sleep(10 * time.Minute)
		expectPageDelays(w, p.Dials(), time.Second, 30*time.Second, 1, 1.3)
		dials := pageDials(w, p, 20)
		var gaps []time.Duration
		for n := 10; n < 20; n++ {
			gaps = append(gaps, dials[n]-dials[n-1])
		}
		if nearly(slices.Min(gaps), slices.Max(gaps)) {
			w.Fatalf("the page waited for %v each time, want a random part in each delay", gaps[0])
		}
	})
}

// Task 7.10: A delay of the page begins when the connection has ended, or the attempt has failed.
//
// Rules: 7.bc.
func TestPageDelaysBeginAtTheEnd(t *testing.T) {
	withPage(t, "random: () => 0,", func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		call := connectPage(h, p)
		w.Sleep(7 * time.Second)
		h.Answer(503)
		h.AnswerAfter(3 * time.Second)
		call.HangUp(1006)
		ended := w.Elapsed()
		w.Sleep(10 * time.Second)
		dials := pageDials(w, p, 3)
		if got := dials[1] - ended; (got - time.Second).Abs() > 2*time.Millisecond {
			w.Fatalf("the connection held for 7s, and the first retry came %v after its end, want 1s", got)
		}
		if got := dials[2] - dials[1] - 3*time.Second; (got - 2*time.Second).Abs() > 2*time.Millisecond {
			w.Fatalf("the first retry was refused after 3s, and the second came %v after that, want 2s", got)
		}
	})
}

// Task 7.10: The page's delays begin again after a connection that has held for stableAfter, and not when it opens.
//
// Rules: 7.bd.
func TestPageDelaysBeginAnew(t *testing.T) {
	for _, stable := range []time.Duration{10 * time.Second, 40 * time.Second} {
		options := "random: () => 0,"
		if stable != 10*time.Second {
			options += fmt.Sprintf("stableAfter: %d,", stable.Milliseconds())
		}
		withPage(t, options, func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
			call := connectPage(h, p)
			for _, life := range aroundStable(stable) {
				w.Sleep(life.held)
				call.HangUp(1006)
				ended := w.Elapsed()
				call = h.Call("page", 40*time.Second)
				if got := w.Elapsed() - ended; (got - life.delay).Abs() > 2*time.Millisecond {
					w.Fatalf("after a connection that held for %v, with stableAfter %v, the next attempt came %v later, want %v: only a connection that has held for stableAfter makes the delays short again",
						life.held, stable, got, life.delay)
				}
			}
		})
	}
}
