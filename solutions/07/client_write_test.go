package chat_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/07"
	"wsworkshop/solutions/07/client"
)

func saying(text string) chat.Message {
	data, _ := json.Marshal(text)
	return chat.Message{Type: chat.TypeMessage, Data: data}
}

// expectSent fails unless Send of r brings a message to that connection.
func expectSent(w *testclient.World, r *runner, call *chattest.Call, text string) {
	w.Helper()
	if err := r.Send(saying(text)); err != nil {
		w.Fatalf("Send returned %v while %s was connected, want nil", err, r.link.Name())
	}
	if got, _ := call.Heard(); parse(got).String() != "message "+text {
		w.Fatalf("%s sent %q, and its server got %q on the connection of %[1]s", r.link.Name(), text, got)
	}
}

// Task 7.7: Send returns ErrNotConnected where there is no connection, and nothing is sent later.
func TestClientSendsWhileConnected(t *testing.T) {
	withHost(t, client.Config{}, func(w *testclient.World, h *chattest.Host, r *runner) {
		expectNotConnected := func(when string) {
			w.Helper()
			if err := r.Send(saying("lost")); !errors.Is(err, client.ErrNotConnected) {
				w.Fatalf("Send returned %v %s, want client.ErrNotConnected", err, when)
			}
		}
		call := h.Call("bob", time.Second)
		w.Settle()
		expectSent(w, r, call, "first")
		h.AnswerAfter(5 * time.Second)
		call.HangUp(1006)
		w.Settle()
		expectNotConnected("while the client waited for its next attempt")
		w.Sleep(2 * time.Second)
		expectNotConnected("while the client was in the middle of a handshake")
		call = h.Call("bob", 5*time.Second)
		w.Settle()
		expectSent(w, r, call, "second")
		call.HangUp(4001)
		r.returned("the close code forbids another attempt")
		expectNotConnected("after Run had returned")
	})
}

// Task 7.7: Config.Header goes with each handshake.
func TestClientHeader(t *testing.T) {
	header := http.Header{"Authorization": {"Bearer x"}}
	withHost(t, client.Config{Header: header}, func(w *testclient.World, h *chattest.Host, r *runner) {
		for range 2 {
			call := h.Call("bob", 2*time.Second)
			if got := call.Header.Get("Authorization"); got != "Bearer x" {
				w.Fatalf(`the handshake had the header Authorization: %q, want "Bearer x", which Config.Header has`, got)
			}
			call.HangUp(1006)
		}
	})
}
