package chat_test

import (
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/05"
)

// expectSeen fails unless Rooms tells when a client was last seen.
func (s *server) expectSeen(id string, when time.Time, why string) {
	s.w.Helper()
	if m := s.mustMember(id); !near(m.LastSeen, when) {
		s.w.Fatalf("Rooms() tells that %s was last seen at %s, want %s: %s", id, at(s.w, m.LastSeen), at(s.w, when), why)
	}
}

// signs are what a client may give of its life.
var signs = []struct {
	what string
	give func(c *testclient.Client)
}{
	{"a pong", pong}, // the first, before it has said anything
	{"a message to its room", func(c *testclient.Client) { say(c, "hello") }},
	{"something that is no JSON", func(c *testclient.Client) { c.Send("{") }},
	{"a message of an unknown type", func(c *testclient.Client) { c.Send(`{"type":"shout","data":"hello"}`) }},
	{"a direct message to somebody who is not here", func(c *testclient.Client) { c.Send(`{"type":"direct","to":"zoe","data":"hello"}`) }},
	{"a heartbeat", func(c *testclient.Client) { c.Send(`{"type":"heartbeat","message_id":"x"}`) }},
	{"a heartbeat_ack", func(c *testclient.Client) { ack(c, "x") }},
	{"a pong with a payload", func(c *testclient.Client) { c.SendFrame(testclient.NewFrame(testclient.OpPong, []byte("payload"))) }},
}

// Task 5.2 (15 points, after 5.1): Any message or pong counts as a sign of life.
func TestAnySignOfLifeIsWrittenDown(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana := s.join("ana", "den", testclient.NoAutoPong())
		for range 2 {
			for _, sign := range signs {
				w.Sleep(7 * time.Minute)
				when := time.Now()
				sign.give(ana)
				w.Sleep(2 * time.Second)
				s.expectSeen("ana", when, "she has just sent "+sign.what)
			}
		}
		last := s.mustMember("ana").LastSeen
		w.Sleep(3 * time.Hour)
		s.expectSeen("ana", last, "she has been silent since then")
	})
}

// Task 5.2: A client lives by what it sends, not by what it is sent.
func TestLifeIsTheClientsOwn(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		came := time.Now()
		ana, bob := s.join("ana", "den"), s.join("bob", "den", testclient.NoAutoPong())
		w.Sleep(interval + 7*time.Second)
		say(ana, "anybody here?")
		spoke := time.Now()
		bob.Await("what ana said", isType("message"))
		w.Sleep(2 * time.Second)
		s.expectSeen("ana", spoke, "she has spoken")
		s.expectSeen("bob", came, "what others say, and what the server sends, is no sign that bob is alive")
	})
}
