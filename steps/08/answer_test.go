package chat_test

import (
	"encoding/binary"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
)

// closeFrame is a close frame with a code and a reason. Some must not be sent.
func closeFrame(code int, reason string) testclient.Frame {
	return testclient.NewFrame(testclient.OpClose, append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...))
}

// Task 8.4 (10 points, after 8.3): The server answers a client's close frame.
//
// Rules: 8.j, 8.k.
func TestCloseIsAnswered(t *testing.T) {
	run(t, closing, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		expectAnswer := func(want int, frame testclient.Frame) {
			bob := s.Join("bob", "den", unanswering)
			ana.Hear("system bob joined")
			bob.SendFrame(frame)
			bob.ExpectClose(want)
			hungUp(w, bob)
			ana.Hear("system bob left")
			s.HearNoMore(ana)
		}
		for _, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4001, 4999} {
			expectAnswer(code, closeFrame(code, "bye"))
		}
		expectAnswer(1000, closeFrame(1000, ""))
		expectAnswer(1000, closeFrame(1000, long(123)))
		expectAnswer(1000, closeFrame(1000, "auf Wiedersehen, schöne Welt 🙂"))
		w.Note("a close frame without a code is answered with one without a code, which is called 1005")
		expectAnswer(1005, testclient.NewFrame(testclient.OpClose, nil))
	})
}

// Task 8.4: A close frame that breaks the protocol gets 1002.
//
// Rules: 8.l.
func TestBadCloseFrames(t *testing.T) {
	run(t, closing, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		refused := func(why string, frame testclient.Frame) {
			bob := s.Join("bob", "den")
			ana.Hear("system bob joined")
			bob.Say("as it should be")
			ana.Hear("message as it should be")
			bob.Hear("message as it should be")
			bob.SendFrame(frame)
			expectClose(w, bob, 1002, why)
			bob.Cut()
			ana.Within(2 * time.Second).Hear("system bob left")
			s.HearNoMore(ana)
		}
		for _, code := range []int{0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535} {
			refused("such a code must not be sent", closeFrame(code, ""))
		}
		refused("a code has two bytes", testclient.NewFrame(testclient.OpClose, []byte{3}))
		refused("a reason is UTF-8", closeFrame(1000, "\xff"))
		refused("a reason ends after a whole character", closeFrame(1000, "\xe2\x82"))
	})
}

// Task 8.4: A close frame counts also when it comes in pieces, and in the middle of a message.
//
// Rules: 8.j.
func TestCloseFrameComesAsItLikes(t *testing.T) {
	run(t, closing, func(w *testclient.World, s *server) {
		bye := closeFrame(4321, "bye").Bytes()
		for cut := 1; cut < len(bye); cut++ {
			bob := s.Join("bob", "den", unanswering)
			bob.SendRaw(bye[:cut])
			w.Sleep(time.Second)
			bob.SendRaw(bye[cut:])
			bob.ExpectClose(4321)
			hungUp(w, bob)
		}
		unfinished := testclient.TextFrame(head)
		unfinished.Fin = false
		bob := s.Join("bob", "den", unanswering)
		bob.SendFrame(unfinished, closeFrame(4321, "bye"))
		bob.ExpectClose(4321)
		hungUp(w, bob)
		w.Sleep(time.Second) // by then, bob has left
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den", unanswering)
		ana.Hear("system bob joined")
		bob.SendFrame(testclient.TextFrame(after), closeFrame(4321, "bye"), testclient.TextFrame(after))
		bob.ExpectClose(4321)
		ana.Hear("message after it", "system bob left")
		s.HearNoMore(ana)
	})
}
