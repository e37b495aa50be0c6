package chat_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/testclient"
	"wsworkshop/solutions/07/client"
)

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

// withDeaf is a test in which a Send of bob waits for the network. sent gets its result.
func withDeaf(t *testing.T, fn func(w *testclient.World, r *runner, sent chan error)) {
	testclient.Run(t, func(w *testclient.World) {
		s := w.Serve(make(deaf))
		r := runOver(w, s, s.Link(testclient.As("bob"), testclient.Buffer(4096)), client.Config{Jitter: steady(0)})
		w.Sleep(time.Second)
		sent := make(chan error, 1)
		w.Note("the server reads nothing, and bob sends more than the network takes")
		go func() { sent <- r.Send(saying(strings.Repeat("x", 100_000))) }()
		w.Sleep(time.Second)
		select {
		case err := <-sent:
			w.Fatalf("Send returned %v, want it to wait: the network has not taken the message yet. %s", err, r.status())
		default:
		}
		fn(w, r, sent)
	})
}

// Task 7.7: A Send that waits for the network returns an error within 10 s, and the next connection can send.
//
// Rules: 7.gh.
func TestClientSendDoesNotWaitForEver(t *testing.T) {
	withDeaf(t, func(w *testclient.World, r *runner, sent chan error) {
		w.Sleep(10 * time.Second)
		select {
		case err := <-sent:
			if err == nil {
				w.Fatalf("Send returned nil for a message that the network did not take, want an error")
			}
		default:
			w.Lacks("bob", "Send has not returned within 11s: the server reads nothing, and the network takes nothing more")
		}
		w.Sleep(2 * time.Second)
		if err := r.Send(saying("hi")); err != nil {
			w.Fatalf("Send returned %v 2s after one that gave up: a message is half sent, so nothing can follow on that connection. "+
				"The client should have connected again by now", err)
		}
	})
}

// Task 7.9: The end of ctx ends a client also while a Send waits for the network.
//
// Rules: 7.ge.
func TestClientStopsWhileSendWaits(t *testing.T) {
	withDeaf(t, func(w *testclient.World, r *runner, _ chan error) {
		expectCanceled(w, r, "was connected, and a Send waited for the network")
	})
}
