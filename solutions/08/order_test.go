package chat_test

import (
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/08"
)

// takeOver has bob connect once more, which closes his old connection with 4001.
func takeOver(s *server) *chattest.Client { return s.Arrive("bob", "den", chattest.Since{}) }

// Task 8.5 (20 points, after 8.3, 8.4): A close comes after all that is queued, and waits for its answer.
//
// Rules: 8.m.
func TestQueueLeavesBeforeTheCloseFrame(t *testing.T) {
	run(t, closing, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den", narrow)
		ana.Hear("system bob joined")
		bob.Stall()
		var lines []string
		for _, text := range numbered(20) {
			ana.Say(text)
			ana.Hear("message " + text)
			lines = append(lines, "message "+text)
		}
		takeOver(s)
		w.Sleep(2 * time.Second)
		bob.Resume()
		bob.Hear(lines...)
		expectClose(w, bob, 4001, "what was queued for bob has left, and bob has connected once more")
		hungUp(w, bob)
	})
	run(t, closing, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den", narrow)
		ana.Hear("system bob joined")
		bob.Stall()
		texts := numbered(5)
		var lines []string
		for _, text := range texts {
			ana.Say(text)
			ana.Hear("message " + text)
			lines = append(lines, "message "+text)
		}
		w.Settle()
		w.Note("bob closes, and only then reads what was sent to him before")
		bob.SendFrame(closeFrame(1000, "bye"))
		w.Sleep(time.Second)
		bob.Resume()
		bob.Hear(lines...)
		bob.ExpectClose(1000)
	})
}

// Task 8.5: The server closes TCP as soon as the answer to its close frame has come, and not before.
//
// Rules: 8.n, 8.o.
func TestServerWaitsForTheAnswer(t *testing.T) {
	for _, timeout := range []time.Duration{5 * time.Second, 20 * time.Second} {
		run(t, chat.Config{CloseTimeout: timeout}, func(w *testclient.World, s *server) {
			ana := s.Join("ana", "den")
			bob := s.Join("bob", "den", testclient.Latency(2*time.Second))
			ana.Hear("system bob joined")
			began := w.Elapsed()
			takeOver(s)
			w.Sleep(time.Second)
			w.Note("bob is two seconds away: his answer comes four seconds after the close frame")
			bob.Say("is this too late?") // it is: he has been hung up on
			bob.Within(3 * time.Second).ExpectClose(4001)
			w.Sleep(began + 3900*time.Millisecond - w.Elapsed())
			stillThere(w, bob, "bob's answer is still on its way")
			hungUp(w, bob)
			s.HearNoMore(ana)

			cleo := s.Join("cleo", "lobby", testclient.Latency(2*time.Second))
			w.Note("cleo is two seconds away, too")
			cleo.SendBinary(nil)
			cleo.Within(5 * time.Second).ExpectClose(1003)
			w.Sleep(1900 * time.Millisecond)
			stillThere(w, cleo, "cleo's answer is still on its way")
			hungUp(w, cleo)
		})
	}
}

// Task 8.5: A client that reads too slowly gets what its outbox held before it is told so.
//
// Rules: 8.m.
func TestSlowClientGetsItsQueue(t *testing.T) {
	run(t, chat.Config{CloseTimeout: 5 * time.Second, OutboxSize: 4}, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den").Ignoring("system"), s.Join("bob", "den", narrow)
		bob.Stall()
		var lines []string
		for _, text := range numbered(8) {
			ana.Say(text)
			ana.Hear("message " + text)
			lines = append(lines, "message "+text)
		}
		w.Note("bob's OutboxSize is 4, beside the message that is being written")
		bob.Resume()
		bob.Hear(lines[:4]...)
		expectClose(w, bob, 1013, "bob's outbox was full")
	})
}

// Task 8.5: A silent client has the same time to answer as any other.
//
// Rules: 8.n, 8.q.
func TestServerWaitsForTheSilent(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := start(w, chat.Config{CloseTimeout: 10 * time.Second, HeartbeatInterval: 30 * time.Second, StaleAfter: time.Minute})
		bob := s.Join("bob", "den", testclient.NoAutoPong(), testclient.Latency(2*time.Second))
		w.Sleep(30 * time.Second)
		bob.Within(2 * time.Minute).ExpectClose(1001)
		w.Sleep(1900 * time.Millisecond)
		stillThere(w, bob, "bob's answer is still on its way")
		hungUp(w, bob)
	})
}

// unanswered are connections whose client does not answer a close frame.
var unanswered = []struct {
	what string
	opts []testclient.DialOption
	do   func(w *testclient.World, ana, bob *chattest.Client)
}{
	{"bob reads the close frame and does not answer", []testclient.DialOption{unanswering}, nil},
	{"bob does not answer, and goes on sending", []testclient.DialOption{unanswering}, func(w *testclient.World, _, bob *chattest.Client) {
		for i := range 60 {
			time.AfterFunc(time.Duration(i)*500*time.Millisecond+7*time.Millisecond, func() {
				bob.Client.Post(testclient.TextFrame(after))
			})
		}
	}},
	{"bob's network swallows everything", nil, func(_ *testclient.World, _, bob *chattest.Client) { bob.BlackHole() }},
	{"bob does not read, so that the server's writes wait", []testclient.DialOption{narrow}, func(_ *testclient.World, ana, bob *chattest.Client) {
		bob.Stall()
		for _, text := range numbered(3) {
			ana.Say(text)
			ana.Hear("message " + text)
		}
	}},
}

// Task 8.5: A closing handshake takes CloseTimeout at most.
//
// Rules: 8.p, 8.q.
func TestUnansweredClose(t *testing.T) {
	for _, timeout := range []time.Duration{3 * time.Second, 20 * time.Second} {
		for _, u := range unanswered {
			run(t, chat.Config{CloseTimeout: timeout}, func(w *testclient.World, s *server) {
				w.Note("%s", u.what)
				ana, bob := s.Join("ana", "den"), s.Join("bob", "den", u.opts...)
				ana.Hear("system bob joined")
				if u.do != nil {
					u.do(w, ana, bob)
				}
				began := w.Elapsed()
				s.Join("bob", "lobby")
				ana = ana.PassingOver(chattest.IsType("message")) // that bob has sent before
				w.Sleep(began + timeout - 100*time.Millisecond - w.Elapsed())
				stillThere(w, bob, "CloseTimeout has not passed, and bob may still answer")
				hungUp(w, bob)
				ana.Hear("system bob left")
			})
		}
	}
}

// Task 8.5: Without a CloseTimeout the server sends its close frame and does not wait for the answer.
//
// Rules: 8.r.
func TestWithoutCloseTimeoutNobodyWaits(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		bob := s.Join("bob", "den", unanswering)
		takeOver(s)
		expectClose(w, bob, 4001, "bob has connected once more")
		hungUp(w, bob)
	})
}

// Task 8.5: Nobody waits for a client whose network has failed.
//
// Rules: 8.ab.
func TestFailedWriteEndsTheConnection(t *testing.T) {
	run(t, chat.Config{CloseTimeout: 20 * time.Second, WriteTimeout: 2 * time.Second}, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den", narrow)
		ana.Hear("system bob joined")
		bob.Stall()
		text := numbered(1)[0]
		ana.Say(text)
		ana.Hear("message " + text)
		w.Note("bob does not read; WriteTimeout is 2 s")
		w.Sleep(1900 * time.Millisecond)
		stillThere(w, bob, "WriteTimeout has not passed")
		hungUp(w, bob)
		ana.Hear("system bob left")
	})
}

// Task 8.5: New refuses a CloseTimeout that cannot be right.
//
// Rules: 8.ac.
func TestNewChecksCloseTimeout(t *testing.T) {
	if s, err := chat.New(chat.Config{CloseTimeout: -1}); err == nil {
		_ = s.Close()
		t.Fatal("New accepts a Config with CloseTimeout: -1ns, want an error that names the field")
	}
}

// Task 8.5: Two close frames that cross each other on the way are each other's answer.
//
// Rules: 8.n.
func TestTwoClosesAtOnce(t *testing.T) {
	run(t, closing, func(w *testclient.World, s *server) {
		bob := s.Join("bob", "den", testclient.Latency(time.Second), unanswering)
		w.Note("bob and the server close at the same moment; both frames are on their way for a second")
		bob.SendFrame(closeFrame(1000, "bye"))
		takeOver(s)
		w.Sleep(500 * time.Millisecond)
		stillThere(w, bob, "bob's close frame has not arrived")
		w.Sleep(700 * time.Millisecond)
		bob.ExpectClose(4001)
		hungUp(w, bob)
	})
}

// Task 8.5: Close ends all connections at the same time, and waits for them.
//
// Rules: 8.s.
func TestCloseEndsAllAtOnce(t *testing.T) {
	for _, timeout := range []time.Duration{3 * time.Second, 20 * time.Second} {
		run(t, chat.Config{CloseTimeout: timeout}, func(w *testclient.World, s *server) {
			var all []*chattest.Client
			for _, id := range []string{"ana", "bob", "cleo", "dan", "eve", "flo"} {
				c := s.Join(id, id, unanswering)
				all = append(all, c)
			}
			all = append(all, s.Join("gus", "gus", narrow))
			all[len(all)-1].Stall()
			w.Returns("Close, with seven clients that do not answer", timeout+time.Second, func() { s.chat.Close() })
			for _, c := range all {
				if !c.HasServerHungUp() {
					w.Fatalf("Close has returned, and %s's connection is still open", c.Name())
				}
			}
			for _, c := range all[:6] {
				expectClose(w, c, 1001, "the server was closed")
			}
		})
	}
}
