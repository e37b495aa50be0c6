package chat_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/steps/07/client"
)

// told is a call of OnState.
type told struct {
	state client.State
	why   error
}

// String writes the call, with the close code that is in its error.
func (t told) String() string {
	if closed, ok := errors.AsType[*websocket.CloseError](t.why); ok {
		return fmt.Sprint(t.state, " after ", closed.Code)
	}
	if t.why != nil {
		return fmt.Sprint(t.state, " after an error")
	}
	return fmt.Sprint(t.state)
}

// Task 7.7: OnState tells each change, and why the client waits.
//
// Rules: 7.gk.
func TestClientTellsItsState(t *testing.T) {
	var mu sync.Mutex // guards calls
	var calls []string
	note := func(state client.State, why error) {
		mu.Lock()
		defer mu.Unlock()
		calls = append(calls, told{state, why}.String())
	}
	withHost(t, client.Config{OnState: note}, func(w *testclient.World, h *chattest.Host, r *runner) {
		call := h.Call("bob", time.Second)
		r.link.Down(true)
		call.HangUp(1001)
		w.Sleep(2 * time.Second)
		r.link.Down(false)
		h.Call("bob", 3*time.Second)
		w.Settle()
		mu.Lock()
		defer mu.Unlock()
		want := []string{"connecting", "connected", "waiting after 1001", "connecting", "waiting after an error", "connecting", "connected"}
		if !slices.Equal(calls, want) {
			w.Fatalf("OnState was called with\n  %s\nwant\n  %s", strings.Join(calls, "\n  "), strings.Join(want, "\n  "))
		}
	})
}
