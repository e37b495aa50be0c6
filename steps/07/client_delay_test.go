package chat_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/steps/07/client"
)

// expectDelays fails unless a client that nobody answers has waited before each retry as
// long as it must: with jitter from least to most of the delay.
func expectDelays(w *testclient.World, dials []time.Duration, base, longest time.Duration, least, most float64) {
	w.Helper()
	for n := 1; n < len(dials); n++ {
		delay, got := doubled(base, longest, n), dials[n]-dials[n-1]
		from, to := time.Duration(float64(delay)*least), time.Duration(float64(delay)*most)
		want := fmt.Sprint(from)
		if from != to {
			want = fmt.Sprintf("from %v to %v", from, to)
		}
		if got < from-time.Millisecond || got > to+time.Millisecond {
			w.Fatalf("retry %d came %v after the attempt before it had failed, want %s: "+
				"BaseDelay is %v, doubled for each further retry up to MaxDelay, %v; Jitter adds 0 to 30 %% of that",
				n, got.Round(time.Millisecond), want, base, longest)
		}
	}
}

// Task 7.7 (12 points, after 7.2, 7.5): The Go client comes back, and misses nothing.
//
// Rules: 7.ba.
func TestClientDelaysDouble(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := w.Serve(chattest.NewHost(w))
		for i, c := range []struct{ base, longest time.Duration }{
			{time.Second, 30 * time.Second},
			{200 * time.Millisecond, 5 * time.Second},
			{10 * time.Second, 4 * time.Second},
			{10 * time.Millisecond, time.Minute},
		} {
			link := s.Link(testclient.As(fmt.Sprintf("bob%d", i+1)))
			link.Down(true)
			began := w.Elapsed()
			r := runOver(w, s, link, client.Config{BaseDelay: c.base, MaxDelay: c.longest, Jitter: steady(0)})
			w.Sleep(75*c.longest + time.Second)
			dials := r.dials(1)
			if !nearly(dials[0], began) {
				w.Fatalf("the first attempt came %v after Run was called, want at once", dials[0]-began)
			}
			expectDelays(w, dials, c.base, c.longest, 1, 1)
			r.dials(75)
		}
	})
}

// Task 7.7: A delay begins at the end of a connection, and the defaults are 1 s and 30 s.
//
// Rules: 7.bc, 7.ba.
func TestClientDelaysBeginAtTheEnd(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h := chattest.NewHost(w)
		r := runClient(w, w.Serve(h), client.Config{Jitter: steady(0)})
		h.Tells = r.status
		call := h.Call("bob", time.Second)
		w.Sleep(7 * time.Second)
		call.HangUp(1006)
		r.link.Down(true)
		w.Sleep(5 * time.Minute)
		dials := r.dials(1)
		dials[0] = 7 * time.Second // its end is what the first delay counts from
		expectDelays(w, dials, time.Second, 30*time.Second, 1, 1)
		r.dials(8)
	})
}

// Task 7.7: Jitter makes a delay longer, by up to 30 %.
//
// Rules: 7.ba.
func TestClientJitter(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := w.Serve(chattest.NewHost(w))
		for _, jitter := range []float64{0, 0.5, 0.999999999} {
			link := s.Link(testclient.As(fmt.Sprintf("bob-%.1f", jitter)))
			link.Down(true)
			r := runOver(w, s, link, client.Config{BaseDelay: time.Second, MaxDelay: 30 * time.Second, Jitter: steady(jitter)})
			w.Sleep(5 * time.Minute)
			expectDelays(w, r.link.Dials(), time.Second, 30*time.Second, 1+0.3*jitter, 1+0.3*jitter)
			r.dials(9)
		}
	})
}

// Task 7.7: Clients that lost their connections together do not come back together.
//
// Rules: 7.bb.
func TestClientsSpread(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := w.Serve(chattest.NewHost(w))
		var runners []*runner
		for i := range 5 {
			link := s.Link(testclient.As(fmt.Sprintf("bob%d", i+1)))
			link.Down(true)
			runners = append(runners, runOver(w, s, link, client.Config{}))
		}
		w.Sleep(10 * time.Minute)
		var last []time.Duration
		for _, r := range runners {
			expectDelays(w, r.link.Dials(), time.Second, 30*time.Second, 1, 1.3)
			dials := r.dials(20)
			var gaps []time.Duration
			for n := 10; n < 20; n++ {
				gaps = append(gaps, dials[n]-dials[n-1])
			}
			if nearly(slices.Min(gaps), slices.Max(gaps)) {
				w.Fatalf("%s waited for %v each time: without a Jitter in its Config, a client adds a random part to each delay", r.link.Name(), gaps[0])
			}
			last = append(last, dials[19])
		}
		if nearly(slices.Min(last), slices.Max(last)) {
			w.Fatalf("five clients without a Jitter in their Config waited for the same delays, so that all came back at the same moments")
		}
	})
}
