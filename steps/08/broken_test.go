package chat_test

import (
	"slices"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/08"
)

// frame changes a frame in one thing.
func frame(change func(*testclient.Frame)) testclient.Frame {
	f := testclient.TextFrame(after)
	change(&f)
	return f
}

// broken are bytes that break the protocol.
var broken = []struct {
	what  string
	bytes []byte
}{
	{"a frame without a mask", frame(func(f *testclient.Frame) { f.Masked = false }).Bytes()},
	{"a frame with a reserved bit", frame(func(f *testclient.Frame) { f.RSV = 4 }).Bytes()},
	{"a frame with the opcode 3", testclient.NewFrame(3, nil).Bytes()},
	{"a continuation of nothing", testclient.NewFrame(testclient.OpContinuation, []byte("x")).Bytes()},
	{"a message in the middle of another one", func() []byte {
		f := frame(func(f *testclient.Frame) { f.Fin = false })
		return append(f.Bytes(), f.Bytes()...)
	}()},
	{"a ping of 126 bytes", testclient.NewFrame(testclient.OpPing, []byte(long(126))).Bytes()},
	{"a ping in two fragments", func() []byte {
		f := testclient.NewFrame(testclient.OpPing, nil)
		f.Fin = false
		return f.Bytes()
	}()},
	{"a fragment with which the message is longer than a number of 63 bits", append(
		frame(func(f *testclient.Frame) { f.Fin = false }).Bytes(),
		append([]byte{0x80, 0xff, 0x7f}, slices.Repeat([]byte{0xff}, 11)...)...)},
	{"a length of 64 bits whose first bit is set", append([]byte{0x81, 0xff, 0x80}, make([]byte, 11)...)},
}

// Task 8.6 (10 points, after 8.5): A client that breaks the protocol is told so.
//
// Rules: 8.t.
func TestBrokenFrames(t *testing.T) {
	run(t, closing, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		for _, b := range broken {
			bob := s.Join("bob", "den", unanswering)
			ana.Hear("system bob joined")
			w.Note("bob sends a message as it should be, %s, and another message", b.what)
			bob.SendRaw(slices.Concat(testclient.TextFrame(before).Bytes(), b.bytes, testclient.TextFrame(after).Bytes()))
			bob.Hear("message before it")
			ana.Hear("message before it")
			expectClose(w, bob, 1002, b.what+" breaks the protocol")
			bob.Cut()
			ana.Hear("system bob left")
			s.HearNoMore(ana)
		}
	})
}

// Task 8.6: The server reads on after 1002, so that the close frame arrives, but for a second at most.
//
// Rules: 8.u.
func TestServerReadsOnAfterABrokenFrame(t *testing.T) {
	for _, c := range []struct{ timeout, most time.Duration }{
		{5 * time.Second, time.Second},
		{400 * time.Millisecond, 400 * time.Millisecond},
	} {
		run(t, chat.Config{CloseTimeout: c.timeout}, func(w *testclient.World, s *server) {
			bob := s.Join("bob", "den", narrow)
			began := w.Elapsed()
			w.Note("bob's network holds 1024 bytes: he can only send on if the server reads")
			bob.SendRaw(broken[2].bytes)
			for range 200 { // more than any buffer
				bob.Within(c.most / 2).SendRaw([]byte(long(1000)))
			}
			expectClose(w, bob, 1002, "a frame with the opcode 3 breaks the protocol")
			w.Sleep(began + c.most - 50*time.Millisecond - w.Elapsed())
			stillThere(w, bob, "what bob has sent may still be on its way")
			bob.ServerHungUp(200 * time.Millisecond)
		})
	}
	run(t, closing, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		ana.Hear("system bob joined")
		bob.SendRaw(broken[2].bytes)
		expectClose(w, bob, 1002, "a frame with the opcode 3 breaks the protocol")
		w.Note("bob closes TCP: there is nothing more to read")
		bob.Cut()
		ana.Within(500 * time.Millisecond).Hear("system bob left")
	})
}

// Task 8.6: What is queued leaves before 1002 as before any other close frame.
//
// Rules: 8.m.
func TestQueueLeavesBefore1002(t *testing.T) {
	run(t, closing, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den").Ignoring("system")
		for _, b := range broken {
			bob := s.Join("bob", "den", narrow)
			bob.Say("as it should be")
			bob.Hear("message as it should be")
			ana.Hear("message as it should be")
			bob.Stall()
			var lines []string
			for _, text := range numbered(5) {
				ana.Say(text)
				ana.Hear("message " + text)
				lines = append(lines, "message "+text)
			}
			w.Note("bob sends %s; its first byte comes a second before the rest", b.what)
			bob.SendRaw(b.bytes[:1])
			w.Sleep(time.Second)
			bob.SendRaw(b.bytes[1:])
			w.Sleep(300 * time.Millisecond)
			bob.Resume()
			bob.Hear(lines...)
			expectClose(w, bob, 1002, b.what+" breaks the protocol")
			bob.Cut()
		}
	})
}

// Task 8.6: A broken frame in place of the answer does not end a closing handshake before its time.
//
// Rules: 8.q.
func TestBrokenAnswer(t *testing.T) {
	for _, timeout := range []time.Duration{3 * time.Second, 20 * time.Second} {
		run(t, chat.Config{CloseTimeout: timeout}, func(w *testclient.World, s *server) {
			bob := s.Join("bob", "den", unanswering)
			began := w.Elapsed()
			takeOver(s)
			expectClose(w, bob, 4001, "bob has connected once more")
			bob.SendRaw(broken[2].bytes)
			w.Sleep(began + timeout - 100*time.Millisecond - w.Elapsed())
			stillThere(w, bob, "bob's answer was a broken frame, and CloseTimeout has not passed")
			hungUp(w, bob)
		})
	}
}
