package chat_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/solutions/07/client"
)

// Task 7.8: Run gives up after MaxAttempts retries in a row that failed.
//
// Rules: 7.gb, 7.gc.
func TestClientGivesUp(t *testing.T) {
	for _, most := range []int{1, 3, 12} {
		withHost(t, client.Config{MaxAttempts: most}, func(w *testclient.World, h *chattest.Host, r *runner) {
			call := h.Call("bob", time.Second)
			h.Answer(http.StatusServiceUnavailable)
			call.HangUp(1006)
			w.Sleep(10 * time.Minute)
			if n := len(r.dials(1)); n != 1+most {
				w.Fatalf("with MaxAttempts %d bob has connected %s, want %d times: the first attempt, and then MaxAttempts retries", most, times(n), 1+most)
			}
			err := r.returned("no retry is left")
			expectGaveUp(w, err)
			if refused, ok := errors.AsType[*client.RefusedError](err); !ok || refused.Status != 503 {
				w.Fatalf("Run returned %v, want an error in which errors.As also finds what ended the last attempt: a *client.RefusedError with Status 503", err)
			}
		})
	}
}

// Task 7.8: When no retry is left, the error holds what ended the last attempt, not an earlier one.
//
// Rules: 7.gc.
func TestClientTellsTheLastEnd(t *testing.T) {
	withHost(t, client.Config{MaxAttempts: 2}, func(w *testclient.World, h *chattest.Host, r *runner) {
		call := h.Call("bob", time.Second)
		h.Answer(503)
		call.HangUp(1006)
		w.Sleep(2 * time.Second)
		r.dials(2)
		h.Answer(101)
		h.Call("bob", 3*time.Second).HangUp(1011)
		err := r.returned("no retry is left")
		expectGaveUp(w, err)
		if closed, ok := errors.AsType[*websocket.CloseError](err); !ok || closed.Code != 1011 {
			w.Fatalf("Run returned %v, want an error in which errors.As also finds what ended the last connection: a *websocket.CloseError with code 1011", err)
		}
	})
}

// Task 7.8: A stable connection ends the count of failed retries, and a shorter one is a failed retry.
//
// Rules: 7.bd.
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
			w.Sleep(time.Second) // held, and not for StableAfter
		}
		call.HangUp(1006)
		expectGaveUp(w, r.returned("three retries in a row have brought no connection that held for StableAfter"))
	})
}

// Task 7.8: With MaxAttempts zero, the client tries for ever.
//
// Rules: 7.gb.
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
