package chat_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/steps/07/client"
)

// Ends after which there must be no other attempt, and ends after which there must be one.
var (
	forbidding = []int{1000, 1002, 1008, 1010, 4000, 4001, 4002, 4999}
	passing    = []int{1001, 1003, 1005, 1006, 1007, 1009, 1011, 1012, 1013, 1014}

	forbiddingStatuses = []int{301, 302, 303, 307, 308, 400, 401, 403, 404, 409}
	passingStatuses    = []int{429, 500, 502, 503}
)

// withHost is a test of a client that connects to a host.
func withHost(t *testing.T, cfg client.Config, fn func(w *testclient.World, h *chattest.Host, r *runner)) {
	testclient.Run(t, func(w *testclient.World) {
		h := chattest.NewHost(w)
		if cfg.Jitter == nil {
			cfg.Jitter = steady(0)
		}
		r := runClient(w, w.Serve(h), cfg)
		h.Tells = r.status
		fn(w, h, r)
	})
}

// expectGaveUp fails unless err is ErrGaveUp.
func expectGaveUp(w *testclient.World, err error) {
	w.Helper()
	if !errors.Is(err, client.ErrGaveUp) {
		w.Fatalf("Run returned %v, want an error that is client.ErrGaveUp, together with the reason", err)
	}
}

// Task 7.8 (10 points, after 7.7): The Go client stops when it must, and soon.
func TestClientIsForbidden(t *testing.T) {
	for _, code := range forbidding {
		withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
			call := h.Call("bob", time.Second)
			w.Sleep(time.Minute)
			call.HangUp(code)
			err := r.returned("the close code forbids another attempt")
			expectGaveUp(w, err)
			if closed, ok := errors.AsType[*websocket.CloseError](err); !ok || closed.Code != code {
				w.Fatalf("Run returned %v, and should have returned the reason beside ErrGaveUp: a *websocket.CloseError with code %d", err, code)
			}
		})
	}
}

// Task 7.8: A refusal that will be the same next time is no reason to try again.
func TestClientIsRefused(t *testing.T) {
	for _, status := range forbiddingStatuses {
		withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
			call := h.Call("bob", time.Second)
			h.Answer(status)
			call.HangUp(1006)
			w.Sleep(time.Second)
			err := r.returned("the handshake was answered with a status that forbids another attempt")
			expectGaveUp(w, err)
			refused, ok := errors.AsType[*client.RefusedError](err)
			if !ok || refused.Status != status {
				w.Fatalf("Run returned %v, and should have returned the reason beside ErrGaveUp: a *client.RefusedError with Status %d", err, status)
			}
			if status < 400 && (refused.Location != chattest.Elsewhere || !strings.Contains(err.Error(), chattest.Elsewhere)) {
				w.Fatalf("Run returned %v, with the Location %q; the answer's was %q, and both should tell it", err, refused.Location, chattest.Elsewhere)
			}
		})
	}
}

// Task 7.8: Other ends are no reason to stop.
func TestClientIsNotForbidden(t *testing.T) {
	withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
		call := h.Call("bob", time.Second)
		for _, code := range passing {
			w.Sleep(time.Minute)
			w.Note("the server ends the connection with %d", code)
			call.HangUp(code)
			call = h.Call("bob", 40*time.Second)
		}
		for _, status := range passingStatuses {
			h.Answer(status)
			w.Sleep(time.Minute)
			call.HangUp(1006)
			w.Sleep(2 * time.Minute)
			h.Answer(http.StatusSwitchingProtocols)
			call = h.Call("bob", 40*time.Second)
		}
	})
}

// Task 7.8: After MaxAttempts retries in a row Run returns, with the reason.
func TestClientGivesUp(t *testing.T) {
	for _, most := range []int{1, 3, 12} {
		withHost(t, client.Config{MaxAttempts: most}, func(w *testclient.World, h *chattest.Host, r *runner) {
			call := h.Call("bob", time.Second)
			h.Answer(http.StatusServiceUnavailable)
			call.HangUp(1006)
			w.Sleep(10 * time.Minute)
			if n := len(r.dials(1)); n != 1+most {
				w.Fatalf("with MaxAttempts %d bob has connected %s, want %d times: at first, and then so many retries", most, times(n), 1+most)
			}
			err := r.returned("no retry is left")
			expectGaveUp(w, err)
			if refused, ok := errors.AsType[*client.RefusedError](err); !ok || refused.Status != 503 {
				w.Fatalf("Run returned %v, and should have returned the reason beside ErrGaveUp: a *client.RefusedError with Status 503", err)
			}
		})
	}
}

// heldFor is how long a connection held, and the delay that must follow.
type heldFor struct{ held, delay time.Duration }

// aroundStable are connections one after the other, shorter and longer than stable, that make
// the delays longer and then short again: with a base of a second, and without jitter.
func aroundStable(stable time.Duration) []heldFor {
	return []heldFor{
		{3 * time.Second, 1 * time.Second},
		{0, 2 * time.Second},
		{stable - time.Second, 4 * time.Second},
		{3 * time.Second, 8 * time.Second},
		{stable + time.Second, 1 * time.Second},
		{0, 2 * time.Second},
		{time.Second, 4 * time.Second},
		{time.Hour, 1 * time.Second},
		{0, 2 * time.Second},
	}
}

// Task 7.8: The delays begin anew after a connection that has held for StableAfter, and not when it is opened.
func TestClientDelaysBeginAnew(t *testing.T) {
	for _, stable := range []time.Duration{0, 40 * time.Second} {
		withHost(t, client.Config{StableAfter: stable}, func(w *testclient.World, h *chattest.Host, r *runner) {
			least := stable
			if least == 0 {
				least = 10 * time.Second
			}
			call := h.Call("bob", time.Second)
			for _, life := range aroundStable(least) {
				w.Sleep(life.held)
				call.HangUp(1006)
				ended := w.Elapsed()
				call = h.Call("bob", 40*time.Second)
				if got := w.Elapsed() - ended; !nearly(got, life.delay) {
					w.Fatalf("after a connection that held for %v, with StableAfter %v, the next attempt came %v later, want %v: only a connection that has held for StableAfter makes the delays short again",
						life.held, least, got, life.delay)
				}
			}
		})
	}
}

// Task 7.8: A handshake that takes long is no connection that holds.
func TestClientSlowHandshakeIsNotStable(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h := chattest.NewHost(w)
		s := w.Serve(h)
		r := runOver(w, s, s.Link(testclient.As("bob"), testclient.Latency(8*time.Second)), client.Config{Jitter: steady(0)})
		for range 4 {
			h.Call("bob", time.Minute).HangUp(1006)
		}
		dials := r.dials(4)
		for n := 2; n < 4; n++ {
			first, later := dials[1]-dials[0], dials[n]-dials[n-1]
			if more := time.Duration(1<<(n-1)-1) * time.Second; !nearly(later-first, more) {
				w.Fatalf("bob waited %v longer before retry %d than before the first, want %v: each handshake took 16s, and the "+
					"connection ended at once. StableAfter counts from the end of the handshake", later-first, n, more)
			}
		}
	})
}

// Task 7.8: What was before a stable connection does not count, and a connection that did not hold counts as failed.
func TestClientCountsInARow(t *testing.T) {
	withHost(t, client.Config{MaxAttempts: 3, StableAfter: 20 * time.Second}, func(w *testclient.World, h *chattest.Host, r *runner) {
		call := h.Call("bob", time.Second)
		for range 3 {
			h.Answer(http.StatusServiceUnavailable)
			call.HangUp(1006)
			w.Sleep(5 * time.Second) // retries after 1 s and 3 s have failed, the third comes after 7 s
			h.Answer(http.StatusSwitchingProtocols)
			call = h.Call("bob", 5*time.Second)
			w.Sleep(time.Minute)
		}
		for range 3 {
			call.HangUp(1006)
			call = h.Call("bob", 10*time.Second)
		}
		call.HangUp(1006)
		expectGaveUp(w, r.returned("three retries in a row have brought no connection that held for StableAfter"))
	})
}

// Task 7.8: Without MaxAttempts there is no end.
func TestClientTriesForEver(t *testing.T) {
	withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
		call := h.Call("bob", time.Second)
		h.Answer(http.StatusServiceUnavailable)
		call.HangUp(1006)
		w.Sleep(30 * time.Minute)
		h.Answer(http.StatusSwitchingProtocols)
		h.Call("bob", 40*time.Second)
	})
}
