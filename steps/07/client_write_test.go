package chat_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/07"
	"wsworkshop/steps/07/client"
)

// saying is what a client sends to its room.
func saying(text string) chat.Message {
	data, _ := json.Marshal(text) // a string
	return chat.Message{Type: chat.TypeMessage, Data: data}
}

// expectSent fails unless Send of r brings a message to that connection.
func expectSent(w *testclient.World, r *runner, call *chattest.Call, text string) {
	w.Helper()
	if err := r.Send(saying(text)); err != nil {
		w.Fatalf("Send returned %v while %s was connected, want nil", err, r.link.Name())
	}
	var got chat.Message
	heard, _ := call.Heard()
	if json.Unmarshal([]byte(heard), &got) != nil || string(got.Data) != fmt.Sprintf("%q", text) {
		w.Fatalf("%s sent %q, and this came over its connection: %q", r.link.Name(), text, heard)
	}
}

// expectNotConnected fails unless Send of r returns ErrNotConnected.
func expectNotConnected(w *testclient.World, r *runner, when string) {
	w.Helper()
	if err := r.Send(saying("lost")); !errors.Is(err, client.ErrNotConnected) {
		w.Fatalf("Send returned %v %s, want client.ErrNotConnected", err, when)
	}
}

// Task 7.8: Send returns ErrNotConnected while there is no connection, and the message is not sent later.
//
// Rules: 7.gh.
func TestClientSendsWhileConnected(t *testing.T) {
	withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
		call := h.Call("bob", time.Second)
		w.Settle()
		expectSent(w, r, call, "first")
		h.AnswerAfter(5 * time.Second)
		call.HangUp(1006)
		w.Settle()
		expectNotConnected(w, r, "while the client waited for its next attempt")
		w.Sleep(2 * time.Second)
		expectNotConnected(w, r, "in the middle of a handshake")
		call = h.Call("bob", 5*time.Second)
		w.Settle()
		expectSent(w, r, call, "second")
		call.HangUp(4001)
		_ = r.returned("the close code forbids another attempt")
		expectNotConnected(w, r, "after Run had returned")
	})
}

// Task 7.7: Several goroutines may call Send at the same time.
//
// Rules: 7.gh.
func TestClientSendsFromManyGoroutines(t *testing.T) {
	withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
		call := h.Call("bob", time.Second)
		w.Settle()
		const each = 20
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for range each {
					if err := r.Send(saying("at once")); err != nil {
						w.Errorf("Send returned %v while bob was connected, want nil", err)
						return
					}
				}
			})
		}
		all.Wait()
		for n := range 8 * each {
			if _, ok := call.Heard(); !ok {
				w.Fatalf("Send returned nil %d times, and the server got %d messages", 8*each, n)
			}
		}
	})
}

// Task 7.7: Each handshake has the headers of the Config.
//
// Rules: 7.gj.
func TestClientHeader(t *testing.T) {
	header := http.Header{"Authorization": {"Bearer x"}}
	withHost(t, client.Config{Header: header}, func(w *testclient.World, h *chattest.Host, r *runner) {
		for n := 1; n <= 3; n++ {
			call := h.Call("bob", 5*time.Second)
			if got := call.Header.Get("Authorization"); got != "Bearer x" {
				w.Fatalf(`handshake %d had the header Authorization: %q, want "Bearer x", as in Config.Header`, n, got)
			}
			call.HangUp(1006)
		}
	})
}
