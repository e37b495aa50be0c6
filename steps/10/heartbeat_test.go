package chat_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/10"
)

// Task 10.6 (8 points): Clients that join together get their heartbeats at moments of their own.
//
// Rules: 10.q.
func TestHeartbeatsAreOutOfStep(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		const n, interval = 100, 30 * time.Second
		chattest.Vocabulary(w, "welcome", "heartbeat")
		cfg := chat.Config{HeartbeatInterval: interval, Logger: w.Logger()}
		c, err := chat.New(cfg)
		require.NoError(w, err, "chat.New")
		s := chattest.Serve(w, c, cfg)
		all := make([]*chattest.Client, n)
		w.Rush(n, func(i int) {
			id := fmt.Sprint("bob", i)
			all[i] = s.ArriveAs(id, id, id, chattest.Since{}) // in rooms of their own: nobody hears of the others
		})
		joined := w.Elapsed()
		w.Sleep(4 * interval)
		var quarters [4]int // of the time from half an interval to a whole one
		for _, c := range all {
			beats := heartbeats(c, joined)
			if len(beats) < 3 {
				w.Fatalf("%s got heartbeats %v after joining, want at least 3 in %v", c.Name(), beats, 4*interval)
			}
			first := beats[0]
			if first < interval/2 || first > interval {
				w.Fatalf("%s got its first heartbeat %v after joining, want %v to %v", c.Name(), first, interval/2, interval)
			}
			for i, at := range beats {
				if want := first + time.Duration(i)*interval; (at - want).Abs() > time.Second {
					w.Fatalf("%s got heartbeats %v after joining: after the first, want one in every %v", c.Name(), beats, interval)
				}
			}
			quarters[min(3, int((first-interval/2)*8/interval))]++
		}
		for i, count := range quarters {
			if count < n/20 {
				w.Fatalf("%d clients joined together. Of their first heartbeats, %d came in quarter %d of the time between %v and %v after joining; "+
					"the four quarters have %v. Want each at random", n, count, i+1, interval/2, interval, quarters)
			}
		}
	})
}

// Task 10.6: Each connection has its own moment, also one that comes later, over an event stream.
//
// Rules: 10.q.
func TestHeartbeatsOfLaterConnections(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		const interval = 20 * time.Second
		chattest.Vocabulary(w, "welcome", "heartbeat")
		cfg := chat.Config{HeartbeatInterval: interval, Logger: w.Logger()}
		c, err := chat.New(cfg)
		require.NoError(w, err, "chat.New")
		s := chattest.Serve(w, c, cfg)
		different := map[time.Duration]bool{}
		for range 10 {
			w.Sleep(7 * time.Second)
			bob := s.ArriveEvents("bob", "den", chattest.Since{})
			joined := w.Elapsed()
			w.Sleep(interval)
			beats := heartbeats(bob, joined)
			if len(beats) != 1 || beats[0] < interval/2 {
				w.Fatalf("bob got heartbeats %v after joining, want one, after %v to %v", beats, interval/2, interval)
			}
			different[beats[0]] = true
			bob.Leave()
		}
		if len(different) < 5 {
			w.Fatalf("bob joined 10 times, and the first heartbeat came after %d different times: each connection is to have its own", len(different))
		}
	})
}

// Task 10.6: The heartbeats of a connection end with it.
//
// Rules: 10.q.
func TestHeartbeatsEndWithTheirConnection(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		const n, interval, pause = 50, 30 * time.Second, 2 * time.Hour
		chattest.Vocabulary(w, "welcome", "heartbeat")
		cfg := chat.Config{HeartbeatInterval: interval, Logger: w.Logger()}
		c, err := chat.New(cfg)
		require.NoError(w, err, "chat.New")
		s := chattest.Serve(w, c, cfg)
		objectsIn := func(pause time.Duration) int {
			w.Settle()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			w.Sleep(pause)
			runtime.ReadMemStats(&after)
			return int(after.Mallocs - before.Mallocs)
		}
		atRest := objectsIn(pause)
		for i := range n {
			id := fmt.Sprint("bob", i)
			s.ArriveAs(id, id, "den", chattest.Since{}).Ignoring("system").Leave()
		}
		w.Sleep(time.Minute)
		beats := n * int(pause/interval)
		if more := objectsIn(pause) - atRest; more > beats/2 {
			w.Fatalf("%d clients have come and gone. In the %v after that the server made %d objects more than in the same time before, as if "+
				"their heartbeats went on: that would be %d of them", n, pause, more, beats)
		}
	})
}

// heartbeats takes those that a client has got, and returns how long after an instant they came.
func heartbeats(c *chattest.Client, since time.Duration) []time.Duration {
	var beats []time.Duration
	for _, m := range c.Drain() {
		if chattest.IsType("heartbeat")(m) {
			beats = append(beats, m.At-since)
		}
	}
	return beats
}
