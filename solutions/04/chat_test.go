package chat_test

import (
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/04"
)

// Task 4.2 (15 points, after 4.1): The server speaks JSON, and the room hears it.
func TestMessageReachesItsRoom(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		zoe := s.join("zoe", "")
		say(ana, "message", "hello, den")
		all(w, fields{"type": "message", "data": "hello, den"}, ana, bob)
		say(zoe, "message", "hello, lobby")
		all(w, fields{"type": "message", "data": "hello, lobby"}, zoe)
		hearNoMore(w, ana, bob, zoe)
	})
}

// Task 4.2: A text arrives as it was said, whatever is in it.
func TestTextArrivesAsItWasSaid(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		for _, text := range []string{
			"grüß dich, 世界 🎈", `she said "hi"`, `back\slash`, "two\nlines\tand a tab", " spaces around ", " ",
			"<b>bold</b> & more", `{"type":"broadcast","data":"x"}`, "null", "\u2028 \x00 \x7f", strings.Repeat("0123456789abcdef", 1<<12),
		} {
			say(ana, "message", text)
			all(w, fields{"type": "message", "data": text}, ana, bob)
		}
		hearNoMore(w, ana, bob)
	})
}

// Task 4.2: JSON may have its keys in any order, white space between them, and escapes.
func TestSameJSONWrittenOtherwise(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		for _, text := range []string{
			`{"data":"hi","type":"message"}`,
			" {\n  \"type\" : \"message\" ,\r\n\t\"data\" : \"hi\"\n}\n ",
			`{"type":"\u006dessage","data":"\u0068i"}`,
			`{"\u0074ype":"message","d\u0061ta":"hi"}`,
		} {
			ana.Send(text)
			all(w, fields{"type": "message", "data": "hi"}, ana, bob)
		}
		ana.SendFrame(testclient.Frame{Opcode: testclient.OpText, Masked: true, Payload: []byte(`{"type":"mess`)},
			testclient.Frame{Opcode: testclient.OpContinuation, Masked: true, Fin: true, Payload: []byte(`age","data":"in two frames"}`)})
		all(w, fields{"type": "message", "data": "in two frames"}, ana, bob)
		hearNoMore(w, ana, bob)
	})
}

// Task 4.2: Each message is a WebSocket message of its own, also when many are waiting, and keeps its place.
func TestOrderIsKept(t *testing.T) {
	run(t, roomy, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		carl := s.join("carl", "den", narrow)
		stall(carl)
		burst(ana, 100)
		for i := range 100 {
			all(w, said(ana, i), ana, bob)
		}
		carl.Resume()
		for i := range 100 {
			hear(w, carl, said(ana, i))
		}
		hearNoMore(w, ana, bob, carl)
	})
}

// Task 4.2: When many speak at once, everyone gets everything, once, and all get it in the same order.
func TestAllHearTheSameOrderInARush(t *testing.T) {
	run(t, roomy, func(w *testclient.World, s *server) {
		clients := s.crowd(8, "den")
		w.Rush(len(clients), func(i int) { burst(clients[i], 8) })
		w.Sleep(time.Second)
		first := texts(w, clients[0])
		wantEach(w, clients[0], first, 8, clients...)
		for _, c := range clients[1:] {
			wantSameOrder(w, clients[0], first, c, texts(w, c))
		}
	})
}

// Task 4.2: However many speak at once, one goroutine at a time writes to a connection.
func TestOneWriterPerConnectionInARush(t *testing.T) {
	run(t, roomy, func(w *testclient.World, s *server) {
		// A narrow and slow network: each write takes its time, so that two would meet.
		clients := s.crowd(6, "den", testclient.Buffer(512), testclient.Latency(10*time.Millisecond))
		w.Rush(len(clients), func(i int) { say(clients[i], "message", long) })
		w.Sleep(time.Minute)
		for _, c := range clients {
			if n := len(texts(w, c)); n != len(clients) {
				w.Fatalf("%s got %d messages, want one of each of the %d clients", c.Name(), n, len(clients))
			}
		}
	})
}

// Task 4.2: Two servers in one process know nothing of each other.
func TestServersAreStrangers(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		ana, bob := start(w, chat.Config{}).join("ana", ""), start(w, chat.Config{}).join("bob", "")
		say(ana, "message", "hello")
		hear(w, ana, fields{"type": "message", "data": "hello"})
		hearNoMore(w, ana, bob)
	})
}
