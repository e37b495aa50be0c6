package chat_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/12"
)

// Task 12.3 (12 points, after 12.2): Messages and errors are counted, each once.
//
// Rules: 12.k.
func TestReceivedMessagesAreCounted(t *testing.T) {
	cfg := chat.Config{RateLimit: 6, RateWindow: time.Minute, HeartbeatInterval: time.Hour}
	run(t, cfg, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den")
		ana.Say("hello")
		bob.Say("hello")
		ana.Shout("hello")
		ana.Tell("nobody", "hello")
		ana.Send(`{"type":"heartbeat"}`)
		ana.Send(`{"type":"no such type","data":"x"}`)
		ana.Send(`{`)
		m := s.metrics()
		m.expect(2, "ana and bob said hello", "chat_messages_received_total", "type=message")
		m.expect(1, "ana told all rooms", "chat_messages_received_total", "type=broadcast")
		m.expect(1, "ana told nobody, who is not here; the message counts all the same", "chat_messages_received_total", "type=direct")
		m.expect(1, "ana sent a heartbeat", "chat_messages_received_total", "type=heartbeat")
		m.expect(2, "ana sent a type that does not exist, and something that is no JSON", "chat_messages_received_total", "type=invalid")
		m.expectSum(7, "clients have sent seven messages", "chat_messages_received_total")
		ana.Say("one too many")
		m = s.metrics()
		m.expect(3, "a message over the rate limit has come, too", "chat_messages_received_total", "type=message")
		m.expect(8, "each message has a size", "chat_message_size_bytes")
	})
}

// Task 12.3: Sizes are bytes.
//
// Rules: 12.k.
func TestSizesAreObserved(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		text := `{"type":"message","data":"` + strings.Repeat("ü", 1000) + `"}`
		ana.Send(text)
		ana.Send(strings.Repeat("x", 3000))
		m := s.metrics()
		m.expect(2, "ana has sent two messages", "chat_message_size_bytes")
		if got, want := m.observed("chat_message_size_bytes"), float64(len(text)+3000); got != want {
			w.Fatalf("chat_message_size_bytes has observed %v bytes in all, want %v: ana's two messages", got, want)
		}
		m.expectBounds("chat_message_size_bytes", 64, 64<<10)
	})
}

// Task 12.3: What is written to clients counts, for each of them.
//
// Rules: 12.l.
func TestSentMessagesAreCounted(t *testing.T) {
	run(t, chat.Config{HeartbeatInterval: time.Minute}, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den")
		ana.Say("hello")
		m := s.metrics()
		m.expect(5, "two welcomes, a notice to ana that bob joined, and hello to both", "chat_messages_sent_total")
		bob.Vanish()
		ana.Send("{")
		m = s.metrics()
		m.expect(7, "a notice that bob left, and an error", "chat_messages_sent_total")
		w.Sleep(time.Minute)
		m = s.metrics()
		m.expect(8, "a heartbeat", "chat_messages_sent_total")
	})
}

// Task 12.3: A message that is passed on to a room, or to all, is one broadcast.
//
// Rules: 12.m.
func TestBroadcastsAreObserved(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		cleo := s.Join("cleo", "cellar")
		ana.Say("hello")
		ana.Say("hello")
		ana.Shout("hello")
		bob.Hear("message hello", "message hello", "broadcast hello")
		cleo.Hear("broadcast hello")
		ana.Tell("bob", "hello")
		ana.Send("{")
		s.metrics().expect(3, "two messages to the room, and one to all", "chat_broadcast_duration_seconds")
	})
}

// Task 12.3: An error counts once, by its kind.
//
// Rules: 12.n.
func TestErrorsAreCounted(t *testing.T) {
	cfg := chat.Config{Moderate: func(_ context.Context, m chat.Message) error {
		switch string(m.Data) {
		case `"bug"`:
			return errors.New("a bug")
		case `"panic"`:
			panic("a bug")
		case `"away"`:
			return fmt.Errorf("ask: %w", chat.ErrUnavailable)
		case `"rude"`:
			return chat.Refuse(chat.CodeInvalidField, "be kind")
		}
		return nil
	}, ModerateTimeout: time.Second}
	run(t, cfg, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		for i, text := range []string{"hello", "bug", "panic", "bug", "away", "rude"} {
			ana.Say(text)
			w.Sleep(2 * time.Second)
			if i == 0 {
				s.metrics().expectSum(0, "nothing has failed", "chat_errors_total")
			}
		}
		ana.Send("{")
		ana.Tell("nobody", "hello")
		m := s.metrics()
		m.expect(3, "two bugs and a panic", "chat_errors_total", "kind=internal")
		m.expect(1, "the moderator was away once", "chat_errors_total", "kind=unavailable")
		m.expect(3, "a rude message, something that is no JSON, and a message to nobody", "chat_errors_total", "kind=client")
		m.expectSum(7, "seven things have failed", "chat_errors_total")
	})
}

// Task 12.3: A connection that ends because of our failure is an error of ours, and one that a client ends is none.
//
// Rules: 12.n.
func TestFailedConnectionsAreErrors(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		cfg := chat.Config{CloseTimeout: time.Second, Logger: w.LoggerWith(func(r testclient.Record) {
			if r.Message == "client connected" && r.Attrs["client_id"] == "bob" {
				panic("a bug")
			}
		})}
		s := start(w, cfg)
		ana := s.Join("ana", "den")
		bob := s.Arrive("bob", "den", since)
		bob.ExpectClose(1011)
		m := s.metrics()
		m.expect(1, "bob's connection ended with 1011, because of a panic", "chat_errors_total", "kind=internal")
		m.expect(1, "bob's connection has ended", "chat_connections_closed_total", "code=1011")
		m.expect(1, "ana is here", "chat_connections", "transport=websocket")
		ana.Close(1011, "")
		cleo := s.Join("cleo", "den")
		cleo.Vanish()
		s.Join("dora", "den").SendBinary([]byte("x"))
		m = s.metrics()
		m.expectSum(1, "ana closed with 1011, which is no failure of ours; cleo's connection broke off; dora sent binary", "chat_errors_total")
	})
}

// Task 12.3: Nothing that a client can choose is a label.
//
// Rules: 12.a.
func TestLabelsAreNotTheClients(t *testing.T) {
	run(t, chat.Config{CloseTimeout: time.Second}, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		ana.Say("hello")
		ana.Send(`{"type":"made-up","data":"x"}`)
		ana.Send("{")
		s.Refused("/ws/a%20b", []int{400})
		ana.Close(4567, "so-long")
		m := s.metrics()
		m.expectSum(3, "ana has sent three messages", "chat_messages_received_total")
		for _, name := range m.names() {
			for _, series := range m.all[name].GetMetric() {
				for _, label := range series.GetLabel() {
					for _, text := range []string{"ana", "den", "a b", "a%20b", "hello", "made-up", "4567", "so-long"} {
						if strings.Contains(label.GetValue(), text) {
							w.Fatalf("%s has the label %s=%q, which a client has chosen: each new value is a series that Prometheus keeps", name, label.GetName(), label.GetValue())
						}
					}
				}
			}
		}
	})
}

// Task 12.3: A panic in a connection that has an end already is a failure all the same.
//
// Rules: 12.n.
func TestPanicAfterTheEndIsAnError(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		calls := 0
		s := start(w, chat.Config{CloseTimeout: 30 * time.Second, Logger: w.LoggerWith(func(r testclient.Record) {
			if r.Message != "client connected" {
				return
			}
			if calls++; calls == 1 {
				time.Sleep(5 * time.Second)
				panic("a bug")
			}
		})})
		first := s.Arrive("bob", "den", since)
		w.Sleep(time.Second)
		s.Arrive("bob", "den", since)
		first.ExpectClose(4001)
		s.metrics().expectSum(0, "nothing has failed", "chat_errors_total")
		w.Sleep(10 * time.Second)
		m := s.metrics()
		m.expect(1, "after the takeover, the first connection's goroutine has panicked", "chat_errors_total", "kind=internal")
		m.expect(1, "the first connection was taken over", "chat_connections_closed_total", "code=4001")
	})
}

// Task 12.3: A message that ends its connection is not heard, and does not count.
//
// Rules: 12.k.
func TestUnheardMessagesAreNotCounted(t *testing.T) {
	run(t, chat.Config{MaxMessageSize: 100, CloseTimeout: 5 * time.Second}, func(w *testclient.World, s *server) {
		ana, bob, cleo := s.Join("ana", "den"), s.Join("bob", "den"), s.Join("cleo", "den")
		dora := s.JoinEvents("dora", "den")
		ana.Say("hello")
		ana.Send(strings.Repeat("x", 101))
		bob.SendFrame(testclient.NewFrame(1, []byte("\xff\xfe")))
		cleo.SendBinary([]byte("x"))
		if resp := dora.PostMessage(strings.Repeat("x", 101)); resp.Status != 413 {
			w.Fatalf("dora's POST was answered %d, want 413", resp.Status)
		}
		m := s.metrics()
		m.expectSum(1, "ana said hello; the others sent what their connections end for", "chat_messages_received_total")
		m.expect(1, "ana said hello; the others sent what their connections end for", "chat_message_size_bytes")
		m.expect(2, "ana's second message was too long, and so was dora's", "chat_connections_closed_total", "code=1009")
		m.expect(1, "bob's message was no UTF-8", "chat_connections_closed_total", "code=1007")
		m.expect(1, "cleo's message was no text", "chat_connections_closed_total", "code=1003")
	})
	run(t, chat.Config{CloseTimeout: 5 * time.Second}, func(w *testclient.World, s *server) {
		first := s.Join("ana", "den", testclient.NoAutoClose())
		s.Join("ana", "den")
		first.ExpectClose(4001)
		first.Say("hello")
		s.Join("bob", "den").Say("hello")
		s.metrics().expectSum(1, "bob said hello; ana did on a connection that had been taken over", "chat_messages_received_total")
	})
}

// Task 12.3: A message that could not be written was not sent.
//
// Rules: 12.l.
func TestFailedWritesAreNotSent(t *testing.T) {
	cfg := chat.Config{WriteTimeout: time.Second, CloseTimeout: time.Second}
	run(t, cfg, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den", testclient.Buffer(1024))
		ana.Hear("system bob joined")
		bob.Stall()
		ana.Tell("bob", strings.Repeat("x", 5000)) // more than the network holds
		w.Sleep(5 * time.Second)
		ana.Hear("system bob left")
		s.metrics().expect(4, "two welcomes, and two notices to ana; the message to bob, who did not read, was cut off in the middle", "chat_messages_sent_total")
	})
}

// Task 12.3: What a message waits for before it is queued is no part of a broadcast.
//
// Rules: 12.m.
func TestModerationIsNoBroadcast(t *testing.T) {
	run(t, chat.Config{Moderate: slowly}, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		ana.Say("hello")
		ana.Shout("hello")
		w.Sleep(time.Second)
		ana.Hear("message hello", "broadcast hello")
		m := s.metrics()
		m.expect(2, "a message to the room, and one to all", "chat_broadcast_duration_seconds")
		if got := m.observed("chat_broadcast_duration_seconds"); got > .1 {
			w.Fatalf("chat_broadcast_duration_seconds has observed %v s in all: Config.Moderate took half a second for each message, and to queue them took no time", got)
		}
	})
}

// Task 12.3: What no client is told is no error.
//
// Rules: 12.n.
func TestErrorsThatNobodyIsToldOf(t *testing.T) {
	run(t, chat.Config{RateLimit: 3, RateWindow: time.Minute}, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		for range 10 {
			ana.Say("hello")
		}
		m := s.metrics()
		ana.Hear("message hello", "message hello", "message hello", "error rate_limited", "error rate_limited", "error rate_limited")
		m.expect(3, "ana's last seven messages were over the rate limit, and she was told so three times", "chat_errors_total", "kind=client")
		m.expectSum(3, "nothing else has failed", "chat_errors_total")
	})
	run(t, chat.Config{MaxBadMessages: 3, CloseTimeout: time.Second}, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		for range 4 {
			ana.Send("{")
		}
		ana.PassingOver(chattest.IsType("error")).ExpectClose(1008)
		m := s.metrics()
		m.expect(3, "ana was told of three bad messages; the fourth ended her connection", "chat_errors_total", "kind=client")
		m.expectSum(3, "1008 is no failure of ours", "chat_errors_total")
	})
}

// Task 12.3: A panic is a failure of ours, also if its client has gone meanwhile.
//
// Rules: 12.n.
func TestPanicWithoutItsClientIsAnError(t *testing.T) {
	cfg := chat.Config{CloseTimeout: time.Second, Moderate: func(context.Context, chat.Message) error {
		time.Sleep(10 * time.Second)
		panic("a bug")
	}}
	run(t, cfg, func(w *testclient.World, s *server) {
		first := s.Join("ana", "den")
		first.Say("hello")
		w.Sleep(time.Second)
		s.Join("ana", "den")
		first.ExpectClose(4001)
		s.metrics().expectSum(0, "nothing has failed", "chat_errors_total")
		w.Sleep(12 * time.Second)
		s.metrics().expect(1, "ana's message found a panic, and her connection had been taken over", "chat_errors_total", "kind=internal")
	})
}
