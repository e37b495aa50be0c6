package chat_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
)

// Task 1.2 (25 points, after 1.1): Every text x is answered with "Echo: x", in order.
func TestTextIsEchoed(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		ana := s.Dial("/ws", testclient.As("ana"))
		ana.Send("hello")
		ana.ExpectText("Echo: hello")
		ana.Send("")
		ana.ExpectText("Echo: ")
		ana.Send("grüß dich, 世界")
		ana.ExpectText("Echo: grüß dich, 世界")
		ana.Silence(time.Second)
	})
}

// Task 1.2: Answers come in the order of the messages, also when nobody waits for them.
func TestOrderIsKept(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		ana := s.Dial("/ws", testclient.As("ana"))
		for i := range 200 {
			ana.Send(fmt.Sprint("message ", i))
		}
		for i := range 200 {
			ana.ExpectText(fmt.Sprint("Echo: message ", i))
		}
		ana.Silence(time.Second)
	})
}

// Task 1.2: A megabyte comes back whole.
func TestLargeMessageIsEchoedWhole(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		ana := s.Dial("/ws", testclient.As("ana"))
		large := strings.Repeat("0123456789abcdef", 1<<16)
		ana.Send(large)
		ana.ExpectText("Echo: " + large)
	})
}

// Task 1.2: A message in several frames is one message (RFC 6455, section 5.4).
func TestFragmentedMessageIsEchoedWhole(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		ana := s.Dial("/ws", testclient.As("ana"))
		first := testclient.TextFrame("one ")
		first.Fin = false
		next := testclient.NewFrame(testclient.OpContinuation, []byte("message in "))
		next.Fin = false
		last := testclient.NewFrame(testclient.OpContinuation, []byte("three frames"))
		ana.SendFrame(first, next, last)
		ana.ExpectText("Echo: one message in three frames")
		ana.Silence(time.Second)
	})
}

// Task 1.2: Many clients at once each get their own answers.
func TestClientsDoNotDisturbEachOther(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		w.Rush(50, func(i int) {
			c := s.Dial("/ws", testclient.As(fmt.Sprint("client", i)))
			for j := range 20 {
				text := fmt.Sprintf("%d of client %d", j, i)
				c.Send(text)
				c.ExpectText("Echo: " + text)
			}
			c.Silence(time.Second)
		})
	})
}

// Task 1.2: A client that says nothing, or does not read, keeps nobody waiting.
func TestIdleAndStalledClientsHoldUpNobody(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		s.Dial("/ws", testclient.As("idle"))
		stalled := s.Dial("/ws", testclient.As("stalled"), testclient.Buffer(1024))
		stalled.Stall()
		stalled.Send(strings.Repeat("x", 600))
		stalled.Send(strings.Repeat("y", 600))
		ana := s.Dial("/ws", testclient.As("ana"))
		ana.Send("hello")
		ana.ExpectText("Echo: hello")
	})
}

// Task 1.3 (15 points, after 1.2): A binary message comes back as it came.
func TestBinaryIsEchoedAsItCame(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		ana := s.Dial("/ws", testclient.As("ana"))
		everyByte := make([]byte, 256)
		for i := range everyByte {
			everyByte[i] = byte(i)
		}
		ana.SendBinary(everyByte)
		ana.ExpectBinary(everyByte)
		ana.Send("hello")
		ana.ExpectText("Echo: hello")
		large := bytes.Repeat(everyByte, 1<<12)
		ana.SendBinary(large)
		ana.ExpectBinary(large)
		ana.SendBinary(nil)
		ana.ExpectBinary([]byte{})
		ana.Silence(time.Second)
	})
}
