package chat_test

import (
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
)

// fragments is a text message in several frames.
func fragments(parts ...string) []testclient.Frame {
	var frames []testclient.Frame
	for i, part := range parts {
		f := testclient.TextFrame(part)
		if i > 0 {
			f = testclient.NewFrame(testclient.OpContinuation, []byte(part))
		}
		f.Fin = i == len(parts)-1
		frames = append(frames, f)
	}
	return frames
}

const (
	head   = `{"type":"message","data":"`
	before = `{"type":"message","data":"before it"}`
	after  = `{"type":"message","data":"after it"}`
)

// offences are messages that end the connection of their sender.
var offences = []struct {
	what   string
	code   int
	frames []testclient.Frame
}{
	{"a binary message", 1003, []testclient.Frame{testclient.BinaryFrame([]byte(head + `hi"}`))}},
	{"an empty binary message", 1003, []testclient.Frame{testclient.BinaryFrame(nil)}},
	{"a text with a byte that no UTF-8 has", 1007, fragments(head + "\xff" + `"}`)},
	{"a text that ends in the middle of a character", 1007, fragments(head + `"}` + "\xe2\x82")},
	{"a text with half of a surrogate pair", 1007, fragments(head + "\xed\xa0\x80" + `"}`)},
	{"a text in two fragments, the second of which is no UTF-8", 1007, fragments(head, "\xff"+`"}`)},
	{"a text with one byte too many", 1009, fragments(head + long(200-len(head)-2+1) + `"}`)},
	{"a text that is too long, with the limit in the middle of a character", 1009, fragments(head + long(200-len(head)-1) + "€" + `"}`)},
	{"a text ten times too long", 1009, fragments(head + long(2000) + `"}`)},
	{"a text that is too long in three fragments, each of which is not", 1009, fragments(head, long(150), long(150)+`"}`)},
}

// Task 8.3 (15 points, after 8.1): A message that cannot be accepted ends the connection with its code.
//
// Rules: 8.e, 8.f, 8.g, 8.h.
func TestUnacceptableMessages(t *testing.T) {
	cfg := closing
	cfg.MaxMessageSize = 200
	run(t, cfg, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		for _, o := range offences {
			bob := s.Join("bob", "den")
			ana.Hear("system bob joined")
			w.Note("bob sends %s, and then a message as it should be", o.what)
			bob.SendFrame(append(o.frames, testclient.TextFrame(after))...)
			expectClose(w, bob, o.code, o.what+" ends the connection")
			hungUp(w, bob)
			ana.Hear("system bob left")
			s.HearNoMore(ana)
		}
	})
}

// Task 8.3: A message of exactly MaxMessageSize, and a character that is spread over two fragments, are as they should be.
//
// Rules: 8.f, 8.g.
func TestAcceptableMessages(t *testing.T) {
	cfg := closing
	for _, most := range []int{200, 3000} {
		cfg.MaxMessageSize = int64(most)
		run(t, cfg, func(w *testclient.World, s *server) {
			ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
			text := long(most - len(head) - 2)
			bob.SendFrame(fragments(head + text + `"}`)...)
			bob.SendFrame(fragments(head+"\xe2", "\x82", "\xac"+`"}`)...)
			ana.Hear("system bob joined", "message "+text, "message €")
			bob.SendFrame(fragments(head + text + `x"}`)...)
			expectClose(w, bob, 1009, "a byte more than MaxMessageSize is too long")
		})
	}
	cfg.MaxMessageSize = 0
	run(t, cfg, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		ana.Say(long(50000))
		ana.Hear("message " + long(50000))
	})
}

// Task 8.3: The server closes with the code that fits its reason.
//
// Rules: 8.i.
func TestReasonsOfTheServer(t *testing.T) {
	cfg := closing
	cfg.HeartbeatInterval, cfg.StaleAfter, cfg.OutboxSize = 30*time.Second, time.Minute, 4
	testclient.Run(t, func(w *testclient.World) {
		s := start(w, cfg)
		ana := s.Join("ana", "den", testclient.NoAutoPong())
		w.Note("ana says nothing, not even a pong")
		w.Sleep(100 * time.Second)
		expectClose(w, ana, 1001, "ana was silent for longer than StaleAfter")
	})
	run(t, cfg, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den", narrow)
		ana = ana.Ignoring("system")
		bob.Stall()
		for _, text := range numbered(8) {
			ana.Say(text)
			ana.Hear("message " + text)
		}
		bob.Resume()
		expectClose(w, bob, 1013, "bob's outbox was full")
	})
	run(t, cfg, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		s.chat.Close()
		expectClose(w, ana, 1001, "the server was closed")
	})
	run(t, cfg, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		s.Join("ana", "den")
		expectClose(w, ana, 4001, "ana has connected once more")
	})
}

// Task 8.3: What has ended a connection first is what its client is told.
//
// Rules: 8.d.
func TestFirstReasonCounts(t *testing.T) {
	run(t, closing, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den", unanswering), s.Join("bob", "den", unanswering)
		bob.SendBinary([]byte("no text"))
		expectClose(w, bob, 1003, "bob's binary message has ended the connection")
		s.Join("ana", "den")
		bob.SendFrame(fragments("\xff")...)
		ana.SendBinary([]byte("no text"))
		expectClose(w, ana, 4001, "ana has connected once more, and only then sent a binary message")
		ana.Cut()
		bob.Cut()
	})
}
