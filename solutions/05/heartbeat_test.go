package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/05"
)

// beats returns when the heartbeats came that a client has got by now.
func beats(c *testclient.Client) []time.Duration {
	var all []time.Duration
	for _, m := range c.Drain() {
		if isType("heartbeat")(m) {
			all = append(all, m.At)
		}
	}
	return all
}

// expectBeats fails unless heartbeats came to a client at regular times: the first within an
// interval of its joining, one in each interval from then.
func (s *server) expectBeats(c *testclient.Client, came time.Duration, beats []time.Duration) {
	s.w.Helper()
	last, tolerance := came, time.Second
	for i, at := range append(beats, s.w.Elapsed()+time.Millisecond) {
		after := fmt.Sprintf("heartbeat %d", i)
		if i == 0 {
			after = "its joining"
		}
		switch {
		case at-last > interval+tolerance && i == len(beats):
			s.w.Lacks(c.Name(), "%s should have got a heartbeat within %v of %s, at %v; none has come since then%s",
				c.Name(), interval, after, last, s.ended(c.Name()))
		case at-last > interval+tolerance:
			s.w.Fatalf("%s got heartbeat %d at %v, want it within %v of %s, at %v", c.Name(), i+1, at, interval, after, last)
		case i > 0 && i < len(beats) && at-last < interval-tolerance:
			s.w.Fatalf("%s got heartbeats %d and %d at %v and %v: want them %v apart", c.Name(), i, i+1, last, at, interval)
		}
		last = at
	}
}

// Task 5.3 (20 points): A heartbeat goes out in every interval.
func TestHeartbeatsComeAlsoToWhoeverTalks(t *testing.T) {
	run(t, chat.Config{HeartbeatInterval: interval}, func(w *testclient.World, s *server) {
		ana := s.join("ana", "den")
		ana.Within(interval).Await("a heartbeat", isType("heartbeat"))
		for i := range 4 {
			w.Sleep(interval - 2*time.Second)
			s.mustMember("ana")
			what := "another heartbeat"
			if i > 0 {
				say(ana, "hello")
				what = "a heartbeat, though she has just spoken,"
			}
			ana.Within(3*time.Second).Await(what, isType("heartbeat"))
		}
	})
}

// Task 5.3: So it does for each of many, whenever it came.
func TestHeartbeatsAreRegular(t *testing.T) {
	run(t, chat.Config{HeartbeatInterval: interval}, func(w *testclient.World, s *server) {
		var clients []*testclient.Client
		came := map[string]time.Duration{}
		for i := range 4 { // one after the other, in rooms of their own
			w.Sleep(17 * time.Second)
			id := fmt.Sprint("client", i)
			came[id] = w.Elapsed()
			clients = append(clients, s.join(id, "room-"+id))
		}
		for range 6 { // who talks gets them like those who only listen
			say(clients[0], "hello")
			w.Sleep(20 * time.Second)
		}
		w.Sleep(8 * time.Minute)
		for _, c := range clients {
			var beats []time.Duration
			seen := map[string]bool{}
			for _, m := range c.Drain() {
				got := parse(m)
				if got.Type != "heartbeat" {
					continue
				}
				when := time.Now().Add(m.At - w.Elapsed())
				switch {
				case got.ID == "" || seen[got.ID]:
					w.Fatalf("%s got the message_id %q with heartbeat %d; each heartbeat needs a fresh one, so that it is known which one is answered",
						c.Name(), got.ID, len(beats)+1)
				case !near(got.Timestamp, when):
					w.Fatalf("%s got heartbeat %d at %v; its timestamp should be when it was sent, %s: %s",
						c.Name(), len(beats)+1, m.At, when.UTC().Format(time.RFC3339), m)
				}
				seen[got.ID] = true
				beats = append(beats, m.At)
			}
			s.expectBeats(c, came[c.Name()], beats)
		}
	})
}

// Task 5.3: An interval of zero means no heartbeat, ever.
func TestNoIntervalNoHeartbeat(t *testing.T) {
	run(t, chat.Config{HeartbeatInterval: interval}, func(w *testclient.World, s *server) {
		s.join("ana", "den").Within(interval).Await("a heartbeat", isType("heartbeat"))
		other := start(w, chat.Config{})
		other.join("bob", "den").Silence(3 * time.Hour)
	})
}

// Task 5.3: A heartbeat of the client is answered, to that client alone.
func TestClientsHeartbeatIsAnswered(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		ana.Drain()
		for _, id := range []string{"page-1", "page-2", strings.Repeat("x", 64)} {
			when := time.Now()
			ana.SendJSON(map[string]string{"type": "heartbeat", "message_id": id})
			m := ana.Expect("a heartbeat_ack with the message_id "+id, isType("heartbeat_ack"))
			if got := parse(m); got.ID != id || !near(got.Timestamp, when) {
				w.Fatalf("ana sent a heartbeat with the message_id %q and got %s: the answer has that id and the server's time", id, m)
			}
			ana.Silence(time.Minute)
		}
		bob.Silence(time.Second)
	})
}

// Task 5.3: A heartbeat_ack is taken in silence, whatever it answers.
func TestAckIsTakenInSilence(t *testing.T) {
	run(t, chat.Config{HeartbeatInterval: interval}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		ana.Drain()
		for range 3 {
			beat := parse(ana.Within(interval).Await("a heartbeat", isType("heartbeat")))
			for _, id := range []string{beat.ID, beat.ID, "another"} {
				ack(ana, id)
				ana.PassingOver(isType("heartbeat")).Silence(time.Second)
			}
			bob.PassingOver(isType("heartbeat")).Silence(time.Second)
		}
	})
}

// Task 5.3: Heartbeats go on while a client is stalled, so that its outbox fills with them, or is gone.
func TestHeartbeatsDoNotWaitForOthers(t *testing.T) {
	run(t, chat.Config{HeartbeatInterval: interval, OutboxSize: 4}, func(w *testclient.World, s *server) {
		s.leave(s.join("early", "den"), false)
		w.Sleep(5 * interval)
		came := w.Elapsed()
		ana := s.join("ana", "den")
		s.join("stalled", "den", testclient.Buffer(1024)).Stall()
		for range 3 {
			say(ana, strings.Repeat("x", 1000))
			w.Sleep(time.Second)
		}
		w.Sleep(10 * time.Minute)
		s.expectBeats(ana, came, beats(ana))
	})
}

// Task 5.4 (10 points, after 5.2, 5.3): A protocol ping goes out beside each heartbeat.
func TestPingsGoOutToo(t *testing.T) {
	run(t, chat.Config{HeartbeatInterval: interval}, func(w *testclient.World, s *server) {
		isPing := func(m testclient.Message) bool { return m.Kind == testclient.Ping }
		ana := s.join("ana", "den")
		bob := s.join("bob", "lobby")
		for range 10 {
			ana.Within(interval+time.Second).Await("a ping", isPing)
			bob.Within(interval+time.Second).Await("a ping", isPing)
		}
		w.Sleep(time.Second)
		if n := len(received(ana, "heartbeat")); n > 1 {
			w.Fatalf("ana got 10 pings and %d heartbeats more: a ping should go beside each heartbeat", n)
		}
		carl := start(w, chat.Config{}).join("carl", "den")
		writes := carl.Writes()
		w.Sleep(time.Hour)
		if more := carl.Writes() - writes; more > 0 {
			w.Fatalf("the server wrote %d times to carl, who was silent; with a HeartbeatInterval of zero there is no ping", more)
		}
	})
}

// Task 5.4: A ping that has to wait delays nobody else's heartbeat.
func TestPingsDelayNobody(t *testing.T) {
	run(t, chat.Config{HeartbeatInterval: interval}, func(w *testclient.World, s *server) {
		for i := range 12 {
			s.join(fmt.Sprint("stalled", i), "lobby", testclient.Buffer(64)).Stall()
		}
		came := map[string]time.Duration{}
		var listeners []*testclient.Client
		for i := range 4 {
			id := fmt.Sprint("client", i)
			came[id] = w.Elapsed()
			listeners = append(listeners, s.join(id, "room-"+id))
		}
		w.Sleep(3*time.Minute + 7*time.Second)
		for _, c := range listeners {
			s.expectBeats(c, came[c.Name()], beats(c))
		}
	})
}

// Task 5.4: Heartbeats are among the messages that go out, pings are none, and neither is a sign of the client's life.
func TestHeartbeatsAreCounted(t *testing.T) {
	run(t, chat.Config{HeartbeatInterval: interval}, func(w *testclient.World, s *server) {
		came := time.Now()
		ana := s.join("ana", "den")
		s.join("bob", "lobby", testclient.NoAutoPong())
		w.Sleep(interval + 7*time.Second)
		out := int64(1 + len(ana.Drain()))
		s.expectCounts("ana", 0, out)
		s.expectSeen("bob", came, "what the server sends is no sign that bob is alive")
		say(ana, "hello")
		ack(ana, "x")
		w.Sleep(time.Second)
		s.expectCounts("ana", 2, out+int64(len(ana.Drain())))
	})
}
