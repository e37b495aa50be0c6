package chat_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
)

const (
	connected    = "client connected"
	disconnected = "client disconnected"
)

// record waits for the record with that message about the client at addr.
func record(w *testclient.World, message, addr string) testclient.Record {
	w.Helper()
	return w.Logs().ExpectRecord(fmt.Sprintf("%q with remote=%s", message, addr), func(r testclient.Record) bool {
		return r.Message == message && fmt.Sprint(r.Attrs["remote"]) == addr
	})
}

// Task 1.4 (15 points, after 1.2): The log tells who came, who left, and why.
func TestLifeIsLogged(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		ana := s.Dial("/ws", testclient.As("ana"), testclient.From("192.0.2.7"))
		bob := s.Dial("/ws", testclient.As("bob"), testclient.From("192.0.2.8"))
		record(w, connected, ana.Addr().String())
		record(w, connected, bob.Addr().String())

		w.Sleep(10 * time.Minute)
		ana.Send("still here")
		ana.ExpectText("Echo: still here")
		ana.Close(1000, "good night")
		gone := record(w, disconnected, ana.Addr().String())
		d, ok := gone.Attrs["duration"].(time.Duration)
		if !ok || d < 10*time.Minute || d > 10*time.Minute+time.Second {
			w.Fatalf("ana stayed for 10 minutes; the record has duration=%v, a %T, want the time.Duration 10m0s",
				gone.Attrs["duration"], gone.Attrs["duration"])
		}
		if reason, ok := gone.Attrs["reason"].(string); !ok || reason == "" {
			w.Fatalf("the record has reason=%v, a %T, want a string that says why the connection ended",
				gone.Attrs["reason"], gone.Attrs["reason"])
		}
	})
}

// Task 1.4: Each end is logged once, and only when it has come.
func TestEndIsLoggedOnce(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		ana := s.Dial("/ws", testclient.As("ana"))
		bob := s.Dial("/ws", testclient.As("bob"))
		w.Sleep(time.Minute)
		ana.Close(1000, "")
		record(w, disconnected, ana.Addr().String())
		bob.Cut()
		record(w, disconnected, bob.Addr().String())
		w.Sleep(time.Minute)

		count := map[string]int{}
		for _, r := range w.Logs().Records() {
			if r.Message == connected || r.Message == disconnected {
				count[fmt.Sprint(r.Message, " ", r.Attrs["remote"])]++
			}
		}
		require.Equal(w, map[string]int{
			connected + " " + ana.Addr().String(): 1, disconnected + " " + ana.Addr().String(): 1,
			connected + " " + bob.Addr().String(): 1, disconnected + " " + bob.Addr().String(): 1,
		}, count, "one record for each beginning and each end")
	})
}

// Task 1.5 (15 points, after 1.2): A connection that has ended leaves nothing behind.
func TestVanishedClientIsLetGo(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		ana := s.Dial("/ws", testclient.As("ana"))
		ana.Send("hello")
		ana.ExpectText("Echo: hello")
		ana.Cut()
		ana.ServerHungUp(time.Second)
	})
}

// Task 1.5: A farewell is answered, and then the server hangs up.
func TestFarewellEndsTheConnection(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		ana := s.Dial("/ws", testclient.As("ana"))
		ana.Send("hello")
		ana.ExpectText("Echo: hello")
		ana.SendFrame(testclient.NewFrame(testclient.OpClose, []byte("\x03\xe8good night")))
		ana.ExpectClose(1000)
		ana.ServerHungUp(time.Second)
	})
}
