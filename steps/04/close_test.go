package chat_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/04"
)

// shut calls Close, which has a second.
func (s *server) shut() {
	s.w.Helper()
	s.w.Returns("Close()", time.Second, func() { require.NoError(s.w, s.chat.Close(), "Close()") })
	s.w.Note("Close() has returned")
}

// Task 4.2: Close ends everything, and soon: also those who do not read.
func TestCloseEndsEverything(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "lobby")
		carl := s.join("carl", "den", narrow)
		stall(carl)
		sayLong(w, 5, ana)
		s.shut()
		for _, c := range []*testclient.Client{ana, bob, carl} {
			c.ServerHungUp(time.Second)
		}
		s.Refused(path("dora", "den"), []int{503}, testclient.As("dora"))
		s.shut()
	})
}

// Task 4.2: Close finds everybody, also those who are just coming, speaking or going.
func TestCloseInARush(t *testing.T) {
	run(t, roomy, func(w *testclient.World, s *server) {
		here := s.crowd(10, "den")
		say(here[0], "message", "hello")
		all(w, fields{"type": "message", "data": "hello"}, here...)
		coming := make([]*testclient.Client, 20)
		w.Rush(31, func(i int) {
			switch {
			case i < 5:
				burst(here[i], 3)
			case i < 10:
				here[i].Cut()
			case i < 30:
				coming[i-10], _ = s.TryDial(path(fmt.Sprint("d", i), "den"), testclient.As(fmt.Sprint("d", i)))
			default:
				s.shut()
			}
		})
		for _, c := range append(here[:5], coming...) {
			if c != nil {
				c.ServerHungUp(time.Second)
			}
		}
	})
}

// Task 4.2: Close finds those, too, who are in the middle of their handshake.
func TestCloseDuringHandshakesInARush(t *testing.T) {
	run(t, roomy, func(w *testclient.World, s *server) {
		here := s.join("ana", "den")
		coming := make([]*testclient.Client, 20)
		w.Rush(len(coming)+1, func(i int) {
			if i == len(coming) {
				time.Sleep(100 * time.Millisecond)
				s.shut()
				return
			}
			time.Sleep(time.Duration(i) * 5 * time.Millisecond)
			coming[i], _ = s.TryDial(path(fmt.Sprint("d", i), "den"), append(slow(), testclient.As(fmt.Sprint("d", i)))...)
		})
		for _, c := range append(coming, here) {
			if c != nil {
				c.ServerHungUp(time.Second)
			}
		}
	})
}
