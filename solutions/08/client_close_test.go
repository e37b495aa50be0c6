package chat_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/08"
	"wsworkshop/solutions/08/client"
)

// Task 8.9 (5 points, after 8.4, 8.8): The Go client closes with a handshake too.
//
// Rules: 8.z.
func TestClientWaitsForTheServersAnswer(t *testing.T) {
	run(t, closing, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		link := s.Link(testclient.As("bob"), testclient.Latency(200*time.Millisecond))
		r := runOver(w, s.Server.Server, link, client.Config{})
		w.Sleep(2 * time.Second)
		ana.Hear("system bob joined")
		ana.Say("one")
		w.Note("ctx ends while ana's message is on its way to bob; the answer to bob's close frame comes 400 ms later")
		r.stop()
		w.Sleep(300 * time.Millisecond)
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
		if got := r.texts(chat.TypeMessage); len(got) != 1 {
			w.Fatalf("OnMessage got %q, want \"one\": what comes before the server's close frame counts", got)
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
		if err := r.Send(chat.Message{Type: chat.TypeMessage, Data: []byte(`"hi"`)}); !errors.Is(err, client.ErrNotConnected) {
			w.Fatalf("Send returned %v after the end of Run, want client.ErrNotConnected", err)
		}
	})
}
