package chat_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/08"
	"wsworkshop/solutions/08/client"
)

// hello is a message to the room.
var hello = chat.Message{Type: chat.TypeMessage, Data: []byte(`"hello"`)}

// expectNotConnected fails unless Send says that there is no connection.
func expectNotConnected(w *testclient.World, r *runner, when string) {
	w.Helper()
	if err := r.Send(hello); !errors.Is(err, client.ErrNotConnected) {
		w.Fatalf("Send returned %v %s, want client.ErrNotConnected", err, when)
	}
}

// Task 8.9 (5 points, after 8.4, 8.8): The Go client closes with a handshake too.
//
// Rules: 8.z, 8.ae.
func TestClientWaitsForTheServersAnswer(t *testing.T) {
	run(t, closing, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		link := s.Link(testclient.As("bob"), testclient.Latency(200*time.Millisecond))
		r := runOver(w, s.Server.Server, link, client.Config{})
		w.Sleep(2 * time.Second)
		ana.Hear("system bob joined")
		if err := r.Send(hello); err != nil {
			w.Fatalf("Send returned %v while bob was connected, want nil", err)
		}
		ana.Hear("message hello")
		ana.Say("one")
		w.Note("ctx ends while ana's message is on its way to bob; the answer to bob's close frame comes 400 ms later")
		r.stop()
		w.Sleep(200 * time.Millisecond)
		expectNotConnected(w, r, "after bob's close frame")
		w.Sleep(100 * time.Millisecond)
		select {
		case <-r.done:
			w.Fatalf("Run has returned before the server can have answered bob's close frame: wait for the answer")
		default:
		}
		w.Sleep(200 * time.Millisecond)
		select {
		case <-r.done:
		default:
			w.Fatalf("the server has answered bob's close frame, and Run has not returned")
		}
		if !errors.Is(r.err, context.Canceled) {
			w.Fatalf("Run returned %v, want an error that is context.Canceled", r.err)
		}
		if got := r.texts(chat.TypeMessage); !slices.Equal(got, []string{"hello", "one"}) {
			w.Fatalf("OnMessage got %q, want \"hello\" and \"one\": what comes before the server's close frame counts", got)
		}
		ana.Hear("message one", "system bob left")
		record := w.Logs().ExpectRecord("the end of bob's connection", func(r testclient.Record) bool {
			return r.Message == "client disconnected" && r.Attrs["client_id"] == "bob"
		})
		expectAttr(w, "ctx has ended", record, "code", float64(1000))
	})
}

// Task 8.9: Messages that still arrive give the server no more time to answer.
//
// Rules: 8.z.
func TestClientDoesNotWaitWhileMessagesCome(t *testing.T) {
	withHost(t, client.Config{IdleTimeout: 30 * time.Second}, func(w *testclient.World, h *chattest.Host, r *runner) {
		call := h.Call("bob", time.Second)
		r.link.SetLatency(3 * time.Second)
		for range 15 {
			call.Says("message", "m")
			w.Sleep(300 * time.Millisecond)
		}
		w.Note("ctx ends; the answer to bob's close frame would take six seconds, and messages arrive meanwhile")
		r.stop()
		select {
		case <-r.done:
		case <-time.After(1100 * time.Millisecond):
			w.Fatalf("ctx ended more than a second ago, and Run has not returned")
		}
	})
}

// Task 8.9: The client waits a second at most, whatever the server does.
//
// Rules: 8.z.
func TestClientDoesNotWaitForEver(t *testing.T) {
	run(t, closing, func(w *testclient.World, s *server) {
		link := s.Link(testclient.As("bob"))
		r := runOver(w, s.Server.Server, link, client.Config{})
		w.Sleep(2 * time.Second)
		link.BlackHole()
		began := w.Elapsed()
		r.stop()
		select {
		case <-r.done:
		case <-time.After(1100 * time.Millisecond):
			w.Fatalf("ctx ended %v ago, and Run has not returned", w.Elapsed()-began)
		}
		expectNotConnected(w, r, "after the end of Run")
	})
}

// deaf is a server that accepts connections and reads nothing from them.
type deaf chan struct{}

func (d deaf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var upgrader websocket.Upgrader
	if conn, err := upgrader.Upgrade(w, r, nil); err == nil {
		<-d
		_ = conn.Close() // may have ended already
	}
}

// Close ends all connections.
func (d deaf) Close() error { close(d); return nil }

// Task 8.9: A Send that waits for the network gives the server no more time.
//
// Rules: 8.z.
func TestClientDoesNotWaitForASend(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := w.Serve(make(deaf))
		r := runOver(w, s, s.Link(testclient.As("bob"), narrow), client.Config{})
		w.Sleep(time.Second)
		w.Note("the server reads nothing, and bob sends more than the network takes")
		sent := make(chan struct{})
		go func() {
			defer close(sent)
			_ = r.Send(chat.Message{Type: chat.TypeMessage, Data: []byte(`"` + long(5000) + `"`)}) // an error, unless there is a queue
		}()
		w.Sleep(time.Second)
		r.stop()
		select {
		case <-r.done:
		case <-time.After(1100 * time.Millisecond):
			w.Fatalf("ctx ended more than a second ago, and Run has not returned: a Send waits for the network")
		}
		w.Returns("Send, after the end of Run", time.Second, func() { <-sent })
	})
}
