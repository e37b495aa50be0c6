package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/05"
)

var strict = chat.Config{HeartbeatInterval: interval, StaleAfter: stale}

// expectStale lets a client be silent that has just given its last sign of life, and fails unless
// the server closes its connection within the bounds. It returns as soon as that has happened.
func (s *server) expectStale(c *testclient.Client, last time.Duration) {
	s.w.Helper()
	s.w.Note("%s falls silent: to be closed after %v, by %v", c.Name(), last+stale, last+stale+interval)
	s.w.Sleep(last + stale - time.Second - s.w.Elapsed())
	if s.member(c.Name()) == nil {
		s.w.Fatalf("%s is gone from its room %v after its last sign of life, want it closed later than %v after it",
			c.Name(), stale-time.Second, stale)
	}
	info := c.Within(interval + time.Second).ExpectClose(1001)
	switch after := info.At - last; {
	case after < stale:
		s.w.Fatalf("%s was closed %v after its last sign of life, want that later than %v after it", c.Name(), after, stale)
	case after > stale+interval:
		s.w.Fatalf("%s was closed %v after its last sign of life, want that %v after it at the latest", c.Name(), after, stale+interval)
	}
}

// Task 5.5 (20 points, after 5.2, 5.3, 5.4): A client that is silent for too long is closed.
func TestSilentClientIsClosed(t *testing.T) {
	run(t, strict, func(w *testclient.World, s *server) {
		ana := s.join("ana", "den")
		for i := range 6 {
			w.Sleep(time.Duration(7*i) * time.Second) // at other points of the interval each time
			last := w.Elapsed()
			bob := s.join("bob", "den", testclient.NoAutoPong())
			if i%2 == 1 {
				w.Sleep(44 * time.Second)
				last = w.Elapsed()
				say(bob, "and now I shall be silent")
			}
			ana.Drain()
			s.expectStale(bob, last)
			bob.ServerHungUp(5 * time.Second)
			w.Sleep(time.Second)
			if s.member("bob") != nil {
				w.Fatalf("Rooms() still tells of bob, whose connection was closed: a dead client must not stay in its room")
			}
			s.expectLeft(ana, "bob")
			w.Sleep(5 * time.Minute)
			for _, m := range received(ana, "system") {
				w.Fatalf("ana was told %s, long after bob had left: once is enough", m.Data)
			}
		}
	})
}

// Task 5.5: So is one that a black hole has swallowed, and one that does not read: its room is told, its seat is free.
func TestWhoCannotBeToldIsGoneToo(t *testing.T) {
	for _, end := range []struct {
		what string
		do   func(w *testclient.World, ana, bob *testclient.Client)
	}{
		{"swallowed by a black hole", func(w *testclient.World, ana, bob *testclient.Client) { bob.BlackHole() }},
		{"reading no more, so that the server's writes wait", func(w *testclient.World, ana, bob *testclient.Client) {
			bob.Stall()
			for range 5 {
				say(ana, strings.Repeat("x", 1000))
				w.Sleep(time.Second)
			}
		}},
	} {
		cfg := strict
		cfg.RoomCapacity = 2
		run(t, cfg, func(w *testclient.World, s *server) {
			ana, bob := s.join("ana", "den"), s.join("bob", "den", testclient.Buffer(1024))
			w.Sleep(10 * time.Minute)
			ana.Drain()
			say(bob, "my last words")
			last := w.Elapsed()
			w.Sleep(time.Second)
			w.Note("bob is %s from now on", end.what)
			end.do(w, ana, bob)
			w.Sleep(last + stale - time.Second - w.Elapsed())
			s.mustMember("bob")
			bob.ServerHungUp(time.Second + interval + 5*time.Second)
			w.Sleep(time.Second)
			s.expectLeft(ana, "bob")
			s.join("carl", "den")
			w.Sleep(5 * time.Minute)
			for _, m := range received(ana, "system") {
				if strings.Contains(string(m.Data), "bob") {
					w.Fatalf("ana was told %s, long after bob had left: once is enough", m.Data)
				}
			}
		})
	}
}

// Task 5.5: A client that gives any sign of life is never cut, and one that is cut changes nothing for the others.
func TestWhoeverLivesIsNeverCut(t *testing.T) {
	run(t, strict, func(w *testclient.World, s *server) {
		const step = 10 * time.Second
		w.Sleep(3500 * time.Millisecond)
		lives := []struct {
			id    string
			what  string
			every int // how many steps lie between two signs
			give  func(c *testclient.Client)
			opts  []testclient.DialOption
		}{
			{"talks", "says something every minute", 6, func(c *testclient.Client) { say(c, "hello") }, silent},
			{"errs", "sends something that is no JSON every minute", 6, func(c *testclient.Client) { c.Send("{") }, silent},
			{"pongs", "sends a pong every minute", 6, pong, silent},
			{"chats", "says something every ten seconds", 1, func(c *testclient.Client) { say(c, "hello") }, silent},
			{"acks", "answers each heartbeat, and no ping", 1, answerAll, silent},
			{"listens", "answers each ping, as every browser does, and no heartbeat", 1, func(*testclient.Client) {}, nil},
		}
		clients := make([]*testclient.Client, len(lives))
		for i, life := range lives {
			clients[i] = s.join(life.id, "room-"+life.id, life.opts...)
		}
		victim := s.join("silent", "den", silent...)
		for n := range 180 {
			for i, life := range lives {
				if n%life.every == 0 {
					life.give(clients[i])
				}
			}
			w.Sleep(step)
			for _, life := range lives {
				if s.member(life.id) == nil {
					w.Fatalf("the server has cut %q, who %s; it may cut only who is silent for longer than %v%s",
						life.id, life.what, stale, s.ended(life.id))
				}
			}
			if n == 15 {
				victim.ExpectClose(1001)
			}
		}
	})
}

var silent = []testclient.DialOption{testclient.NoAutoPong()}

// answerAll answers the heartbeats that have come.
func answerAll(c *testclient.Client) {
	for _, beat := range received(c, "heartbeat") {
		ack(c, beat.ID)
	}
}

// Task 5.5: Many fall silent at the same time, and each is closed once.
func TestManyFallSilentAtOnce(t *testing.T) {
	run(t, strict, func(w *testclient.World, s *server) {
		ana := s.join("ana", "den")
		var all [20]*testclient.Client
		w.Rush(len(all), func(i int) {
			all[i] = s.join(fmt.Sprint("client", i), "den", silent...)
		})
		ana.Drain()
		w.Sleep(stale + interval + 2*time.Second)
		open := 0
		for _, c := range all {
			if s.member(c.Name()) != nil {
				open++
			}
		}
		if open > 0 {
			w.Fatalf("%d of %d clients are still in their room, %v after their last sign of life; want each of them closed after %v at the latest",
				open, len(all), stale+interval+2*time.Second, stale+interval)
		}
		for _, c := range all {
			c.ExpectClose(1001)
		}
		told := map[string]int{}
		for _, m := range received(ana, "system") {
			told[string(m.Data)]++
		}
		for _, c := range all {
			if n := told[fmt.Sprintf("%q", c.Name()+" left")]; n != 1 {
				w.Fatalf("ana was told %d times that %s has left, want once", n, c.Name())
			}
		}
	})
}

// Task 5.5: Nobody is cut a fraction of a second too early.
func TestFractionsOfASecondCount(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, _ *server) {
		w.Sleep(700 * time.Millisecond) // so that whole seconds and regular looks fall apart
		s := start(w, strict)
		var clients [3]*testclient.Client
		for i := range clients {
			clients[i] = s.join(fmt.Sprint("client", i), fmt.Sprint("room", i), silent...)
			w.Sleep(300 * time.Millisecond)
		}
		const last = 20900 * time.Millisecond // a server that looks every 30s does so 69.8s later
		w.Sleep(last - w.Elapsed())
		for _, c := range clients {
			say(c, "and now I shall be silent")
		}
		w.Sleep(stale - 100*time.Millisecond)
		for _, c := range clients {
			if s.member(c.Name()) == nil {
				w.Fatalf("%s is gone from its room %v after its last sign of life, want it closed later than %v after it",
					c.Name(), stale-100*time.Millisecond, stale)
			}
		}
		w.Sleep(interval)
		for _, c := range clients {
			if after := c.ExpectClose(1001).At - last; after < stale || after > stale+interval {
				w.Fatalf("%s was closed %v after its last sign of life, want that later than %v and at most %v after it", c.Name(), after, stale, stale+interval)
			}
		}
	})
}

// Task 5.5: Many are stalled when they are found silent, and those who live get their heartbeats in time.
func TestHangingUpDelaysNobody(t *testing.T) {
	run(t, strict, func(w *testclient.World, s *server) {
		came := map[string]time.Duration{}
		var listeners []*testclient.Client
		for i := range 12 {
			id := fmt.Sprint("client", i)
			came[id] = w.Elapsed()
			listeners = append(listeners, s.join(id, "room-"+id))
			s.join(fmt.Sprint("stalled", i), "lobby", testclient.Buffer(64)).Stall()
		}
		w.Sleep(2*time.Minute + 23*time.Second)
		for _, c := range listeners {
			s.expectBeats(c, came[c.Name()], beats(c))
		}
	})
}

// Task 5.5: Without StaleAfter silence is no fault.
func TestSilenceIsNoFaultByItself(t *testing.T) {
	run(t, strict, func(w *testclient.World, s *server) {
		other := start(w, chat.Config{HeartbeatInterval: interval})
		bob := s.join("bob", "den", silent...)
		carl := other.join("carl", "den", silent...)
		bob.Within(stale + interval).ExpectClose(1001)
		w.Sleep(3 * time.Hour)
		other.mustMember("carl")
		say(carl, "still here")
		carl.Await("what he said", isType("message"))
	})
}
