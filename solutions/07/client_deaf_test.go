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

// withDeaf is a test in which a message of bob waits for the network. sent is closed when Send
// has returned: a client that has a queue need not wait in Send.
func withDeaf(t *testing.T, fn func(w *testclient.World, r *runner, sent chan struct{})) {
	testclient.Run(t, func(w *testclient.World) {
		s := w.Serve(make(deaf))
		r := runOver(w, s, s.Link(testclient.As("bob"), testclient.Buffer(4096)), client.Config{Jitter: steady(0)})
		w.Sleep(time.Second)
		expectSends(w, r, "a second after Run was called")
		w.Note("the server reads nothing, and bob sends more than the network takes")
		sent := make(chan struct{})
		go func() {
			defer close(sent)
			_ = r.Send(saying(strings.Repeat("x", 100_000))) // an error, unless there is a queue
		}()
		w.Sleep(time.Second)
		fn(w, r, sent)
	})
}

// expectSends fails unless Send of r takes a message.
func expectSends(w *testclient.World, r *runner, when string) {
	w.Helper()
	if err := r.Send(saying("hi")); err != nil {
		w.Fatalf("Send returned %v %s, want nil. %s", err, when, r.status())
	}
}

// Task 7.7: A Send that waits for the network returns within 10 s, and then the client can send again.
//
// Rules: 7.gh.
func TestClientSendDoesNotWaitForEver(t *testing.T) {
	withDeaf(t, func(w *testclient.World, r *runner, sent chan struct{}) {
		w.Sleep(10 * time.Second)
		select {
		case <-sent:
		default:
			w.Lacks("bob", "Send has not returned within 11s: the server reads nothing, and the network takes nothing more")
		}
		w.Sleep(2 * time.Second)
		expectSends(w, r, "2s after one that gave up (a message is half sent, so nothing can follow it: the client must connect again)")
	})
}

// Task 7.9: The end of ctx ends a client also while a Send waits for the network.
//
// Rules: 7.ge.
func TestClientStopsWhileSendWaits(t *testing.T) {
	withDeaf(t, func(w *testclient.World, r *runner, _ chan struct{}) {
		expectCanceled(w, r, "was connected, and a Send waited for the network")
	})
}
