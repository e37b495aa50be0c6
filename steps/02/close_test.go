package chat_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/02"
)

// shut calls Close, which has a second.
func shut(w *testclient.World, server *chat.Server) {
	w.Helper()
	w.Returns("Close()", time.Second, func() { require.NoError(w, server.Close(), "Close()") })
	w.Note("Close() has returned")
}

// Task 2.7 (10 points, after 2.2): Close ends everything, and soon.
func TestCloseEndsEverything(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		server, s := start(w, chat.Config{})
		ana, bob := join(w, s, "ana"), join(w, s, "bob")
		ana.Send("hello")
		hear(w, "ana: hello", ana, bob)
		shut(w, server)
		for _, c := range []*testclient.Client{ana, bob} {
			c.ExpectEnd()
			c.ServerHungUp(time.Second)
		}
		s.Refused("/ws?name=carl", []int{503}, testclient.As("carl"))
		w.Sleep(time.Hour)
		s.Refused("/ws?name=ana", []int{503}, testclient.As("ana"))
	})
}

// Task 2.7: Close waits for nobody who does not read, or has vanished.
func TestCloseWaitsForNoStalledClient(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		server, s := start(w, chat.Config{})
		ana := join(w, s, "ana")
		carl := join(w, s, "carl", narrow)
		dora := join(w, s, "dora")
		carl.Stall()
		dora.BlackHole()
		for range 5 {
			ana.Send(long)
			hear(w, "ana: "+long, ana)
		}
		shut(w, server)
		ana.ServerHungUp(time.Second)
		carl.ServerHungUp(time.Second)
		dora.ServerHungUp(time.Second)
	})
}

// Task 2.7: When Close has returned, nothing of the server goes on.
func TestCloseWaitsForTheLast(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		log, takes := newSlowLog(w)
		server, s := start(w, chat.Config{Logger: log})
		ana := join(w, s, "ana")
		takes(300 * time.Millisecond)
		shut(w, server)
		before := len(w.Logs().Records())
		ana.ServerHungUp(time.Second)
		w.Sleep(time.Minute)
		if after := w.Logs().Records(); len(after) > before {
			w.Fatalf("Close() had returned, and later the server logged %q: a goroutine of it was still at work.\n"+
				"Close must wait for all of them", after[before].Message)
		}
	})
}

// Task 2.7: Close may be called again, and by several goroutines at once.
func TestCloseAgain(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		server, s := start(w, chat.Config{})
		ana := join(w, s, "ana")
		w.Rush(4, func(int) { shut(w, server) })
		ana.ServerHungUp(time.Second)
		shut(w, server)
		s.Refused("/ws?name=ana", []int{503})
	})
}

// Task 2.7: Close finds everybody, also those who are just coming, speaking or going.
func TestCloseInARush(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		for range 6 { // what slips through the gap does so only now and then
			closeInARush(w)
		}
	})
}

func closeInARush(w *testclient.World) {
	w.Helper()
	server, s := start(w, roomy)
	here := crowd(w, s, 10)
	coming := make([]*testclient.Client, 20)
	w.Rush(31, func(i int) {
		switch {
		case i < 5:
			here[i].Send("hello")
		case i < 10:
			here[i].Cut()
		case i < 30:
			coming[i-10] = arrive(w, s, fmt.Sprint("d", i))
		default:
			shut(w, server)
		}
	})
	for _, c := range append(here[:5], coming...) {
		if c != nil {
			c.ServerHungUp(time.Second)
		}
	}
}

// arrive is a client that comes while the server closes: it may still get in.
func arrive(w *testclient.World, s *testclient.Server, name string) *testclient.Client {
	w.Helper()
	c, refusal := s.TryDial("/ws?name="+name, testclient.As(name))
	if refusal != nil && refusal.Status != 503 {
		w.Fatalf("%s came while the server was closing and got status %d, want 503", name, refusal.Status)
	}
	return c
}
