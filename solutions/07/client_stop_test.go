package chat_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/solutions/07/client"
)

// expectGaveUp fails unless err is ErrGaveUp.
func expectGaveUp(w *testclient.World, err error) {
	w.Helper()
	if !errors.Is(err, client.ErrGaveUp) {
		w.Fatalf("Run returned %v, want an error that is client.ErrGaveUp", err)
	}
}

// Task 7.8 (5 points, after 7.7): The Go client stops when it must.
//
// Rules: 7.be, 7.gc.
func TestClientIsForbidden(t *testing.T) {
	for _, code := range forbidding {
		withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
			call := h.Call("bob", time.Second)
			w.Sleep(time.Minute)
			call.HangUp(code)
			err := r.returned(fmt.Sprintf("the close code %d forbids another attempt", code))
			expectGaveUp(w, err)
			if closed, ok := errors.AsType[*websocket.CloseError](err); !ok || closed.Code != code {
				w.Fatalf("Run returned %q, want an error in which errors.As also finds the reason: a *websocket.CloseError with code %d", err, code)
			}
		})
	}
}

// Task 7.8: The client stops after a refusal that the next attempt would meet too.
//
// Rules: 7.be, 7.gc, 7.gd.
func TestClientIsRefused(t *testing.T) {
	for _, status := range forbiddingStatuses {
		withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
			call := h.Call("bob", time.Second)
			h.Answer(status)
			call.HangUp(1006)
			w.Sleep(time.Second)
			err := r.returned(fmt.Sprintf("the handshake was answered with %d, which forbids another attempt", status))
			expectGaveUp(w, err)
			refused, ok := errors.AsType[*client.RefusedError](err)
			if !ok || refused.Status != status {
				w.Fatalf("Run returned %q, want an error in which errors.As also finds the reason: a *client.RefusedError with Status %d", err, status)
			}
			if status < 400 && (refused.Location != chattest.Elsewhere || !strings.Contains(err.Error(), chattest.Elsewhere)) {
				w.Fatalf("Run returned %q, with the Location %q; the redirect points to %q, and both should tell that", err, refused.Location, chattest.Elsewhere)
			}
		})
	}
}

// Task 7.8: The client tries again after all other ends.
//
// Rules: 7.be.
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
