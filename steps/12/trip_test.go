package chat_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/12"
)

// beating is a Config with a heartbeat every ten seconds.
var beating = chat.Config{HeartbeatInterval: 10 * time.Second}

// away has a client's messages, and those to it, take so long. Its join takes longer, too.
func away(each time.Duration) []testclient.DialOption {
	return []testclient.DialOption{testclient.Latency(each), testclient.Patience(time.Hour)}
}

// runTrips is run with clients that answer heartbeats at once.
func runTrips(t *testing.T, cfg chat.Config, fn func(w *testclient.World, s *server)) {
	run(t, cfg, func(w *testclient.World, s *server) {
		chattest.AnswerHeartbeats(w)
		fn(w, s)
	})
}

// Task 12.4 (10 points, after 12.3): The server knows how long its clients take to answer.
//
// Rules: 12.o, 12.q.
func TestRoundTripsAreObserved(t *testing.T) {
	runTrips(t, beating, func(w *testclient.World, s *server) {
		s.Join("ana", "den", away(50*time.Millisecond)...)
		m := s.metrics()
		m.expect(0, "there was no heartbeat yet", "chat_round_trip_seconds")
		m.expectBounds("chat_round_trip_seconds", .005, 10)
		w.Sleep(25 * time.Second)
		m = s.metrics()
		n := m.value("chat_round_trip_seconds")
		if n < 2 || n > 3 {
			w.Fatalf("chat_round_trip_seconds has %v observations, want one for each heartbeat of the last 27 s", n)
		}
		if got := m.observed("chat_round_trip_seconds") / n; math.Abs(got-.1) > .0001 {
			w.Fatalf("chat_round_trip_seconds has observed %v s for each heartbeat, want 0.1: a message takes 50 ms each way", got)
		}
	})
}

// Task 12.4: An event stream has round trips, too.
//
// Rules: 12.o.
func TestRoundTripsOfStreams(t *testing.T) {
	runTrips(t, beating, func(w *testclient.World, s *server) {
		s.JoinEvents("ana", "den")
		w.Sleep(25 * time.Second)
		n := s.metrics().value("chat_round_trip_seconds")
		if n < 2 || n > 3 {
			w.Fatalf("chat_round_trip_seconds has %v observations, want one for each heartbeat of the last 27 s: ana answers them all, by POST", n)
		}
	})
}

// Task 12.4: A client that takes longer than an interval is the one that matters.
//
// Rules: 12.o.
func TestSlowestClientIsObserved(t *testing.T) {
	runTrips(t, beating, func(w *testclient.World, s *server) {
		ana, _ := s.TryDial(chattest.Path("ana", "den"), testclient.As("ana"))
		w.Sleep(time.Second)
		ana.SetLatency(20 * time.Second)
		w.Sleep(2 * time.Minute)
		m := s.metrics()
		n := m.value("chat_round_trip_seconds")
		if n < 7 || n > 9 {
			w.Fatalf("chat_round_trip_seconds has %v observations, want 7 to 9: ana has been sent a heartbeat every 10 s, and answers each 40 s later", n)
		}
		if got := m.observed("chat_round_trip_seconds") / n; math.Abs(got-40) > .01 {
			w.Fatalf("chat_round_trip_seconds has observed %v s for each heartbeat, want 40: a message takes 20 s each way", got)
		}
	})
}

// Task 12.4: Only an answer to a heartbeat tells something, and only once.
//
// Rules: 12.p.
func TestOtherAcksAreNotObserved(t *testing.T) {
	run(t, beating, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		for range 10 {
			ana.Say("hello")
		}
		hello := ""
		for range 10 {
			hello = ana.Hear("message hello")
		}
		ana.Send(fmt.Sprintf(`{"type":"heartbeat_ack","message_id":%q}`, hello))
		ana.Send(`{"type":"heartbeat_ack"}`)
		ana.Send(`{"type":"heartbeat_ack","message_id":"made-up"}`)
		beat := ana.Within(11*time.Second).Expect("a heartbeat", chattest.IsType("heartbeat"))
		w.Sleep(time.Second)
		ack := fmt.Sprintf(`{"type":"heartbeat_ack","message_id":%q}`, chattest.Parse(beat).ID)
		ana.Send(`{"type":"heartbeat_ack","message_id":"made-up"}`)
		w.Sleep(2 * time.Second)
		ana.Send(ack)
		ana.Send(ack)
		m := s.metrics()
		m.expect(1, "of ana's six answers, one is the first to a heartbeat", "chat_round_trip_seconds")
		if got := m.observed("chat_round_trip_seconds"); math.Abs(got-3) > .001 {
			w.Fatalf("chat_round_trip_seconds has observed %v s, want 3: ana answered the heartbeat 3 s after it came", got)
		}
		bob := s.Join("bob", "den")
		bob.Send(ack)
		s.metrics().expect(1, "bob has answered the heartbeat of ana's connection", "chat_round_trip_seconds")
	})
}

// Task 12.4: A heartbeat that waits behind other messages begins its trip when it leaves.
//
// Rules: 12.o.
func TestTripBeginsWhenTheHeartbeatLeaves(t *testing.T) {
	cfg := beating
	cfg.OutboxSize = 1000
	runTrips(t, cfg, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den", testclient.Buffer(1024)), s.Join("bob", "den")
		ana.Stall()
		for range 10 {
			bob.Say(fmt.Sprintf("%01000d", 0))
		}
		w.Sleep(15 * time.Second) // ana's heartbeat waits now, because ana does not read
		bob.Vanish()
		before := s.metrics()
		ana.Resume()
		m := s.metrics()
		if n := m.value("chat_round_trip_seconds") - before.value("chat_round_trip_seconds"); n < 1 {
			w.Fatalf("chat_round_trip_seconds has no new observation: ana reads again, and has answered a heartbeat")
		}
		if got := m.observed("chat_round_trip_seconds"); got > 1 {
			w.Fatalf("chat_round_trip_seconds has observed %v s: ana's heartbeat was queued long ago, but was written just now and answered at once", got)
		}
	})
}

// expectTrips fails unless the percentiles of /stats are these, in milliseconds.
func (s *server) expectTrips(why string, count int, p50, p95, p99, most float64) {
	s.w.Helper()
	got := s.stats().RoundTrip
	near := func(a, b float64) bool { return math.Abs(a-b) < .01 }
	if got.Count != count || !near(got.P50, p50) || !near(got.P95, p95) || !near(got.P99, p99) || !near(got.Max, most) {
		s.w.Fatalf("round_trip in /stats is %+v, want {Count:%d P50:%v P95:%v P99:%v Max:%v}: %s", got, count, p50, p95, p99, most, why)
	}
}

// Task 12.4: Percentiles tell of the slow clients, whom an average hides.
//
// Rules: 12.r.
func TestPercentiles(t *testing.T) {
	runTrips(t, chat.Config{HeartbeatInterval: time.Minute}, func(w *testclient.World, s *server) {
		s.expectTrips("nobody is here", 0, 0, 0, 0, 0)
		for i := range 20 { // 10 ms, 20 ms, … 200 ms
			c, _ := s.TryDial(chattest.Path(fmt.Sprint("c", i), "den"))
			c.SetLatency(time.Duration(i+1) * 5 * time.Millisecond)
		}
		w.Sleep(time.Minute)
		s.expectTrips("twenty clients take 10 ms, 20 ms, … 200 ms", 20, 100, 190, 200, 200)
	})
	runTrips(t, chat.Config{HeartbeatInterval: time.Minute}, func(w *testclient.World, s *server) {
		for i, ms := range []int{7, 3, 5} {
			c, _ := s.TryDial(chattest.Path(fmt.Sprint("c", i), "den"))
			c.SetLatency(time.Duration(ms) * time.Millisecond / 2)
		}
		w.Sleep(time.Minute)
		s.expectTrips("three clients take 7, 3 and 5 ms", 3, 5, 7, 7, 7)
	})
}

// Task 12.4: Percentiles are about the last five minutes.
//
// Rules: 12.r.
func TestPercentilesForget(t *testing.T) {
	cfg := chat.Config{HeartbeatInterval: time.Minute}
	runTrips(t, cfg, func(w *testclient.World, s *server) {
		ana, _ := s.TryDial(chattest.Path("ana", "den"), testclient.As("ana"))
		ana.SetLatency(500 * time.Millisecond)
		w.Sleep(63 * time.Second) // one heartbeat, perhaps two
		if got := s.stats().RoundTrip; got.Count == 0 || math.Abs(got.Max-1000) > .01 {
			w.Fatalf("round_trip in /stats is %+v, want a max_ms of 1000: ana takes a second", got)
		}
		ana.SetLatency(5 * time.Millisecond)
		w.Sleep(4 * time.Minute)
		if got := s.stats().RoundTrip; math.Abs(got.Max-1000) > .01 {
			w.Fatalf("round_trip in /stats is %+v, want a max_ms of 1000: four minutes ago ana took a second", got)
		}
		w.Sleep(2 * time.Minute)
		if got := s.stats().RoundTrip; got.Count < 4 || got.Count > 5 || math.Abs(got.Max-10) > .01 {
			w.Fatalf("round_trip in /stats is %+v, want four or five of 10 ms: what was more than five minutes ago does not count", got)
		}
		ana.Cut()
		w.Sleep(6 * time.Minute)
		s.expectTrips("nobody has answered for six minutes", 0, 0, 0, 0, 0)
	})
}

// Task 12.4: At most a thousand round trips count.
//
// Rules: 12.r.
func TestPercentilesAreBounded(t *testing.T) {
	runTrips(t, chat.Config{HeartbeatInterval: 100 * time.Millisecond}, func(w *testclient.World, s *server) {
		ana, _ := s.TryDial(chattest.Path("ana", "den"), testclient.As("ana"))
		ana.SetLatency(20 * time.Millisecond)
		w.Sleep(10 * time.Second)
		ana.SetLatency(5 * time.Millisecond)
		w.Sleep(95 * time.Second)
		s.expectTrips("the latest thousand count, with the last of the slow ones", 1000, 10, 10, 40, 40)
		w.Sleep(20 * time.Second)
		s.expectTrips("the latest thousand count", 1000, 10, 10, 10, 10)
	})
}

// Task 12.4: What a client never answers takes no memory for ever.
//
// Rules: 12.o, 12.p.
func TestOldHeartbeatsAreForgotten(t *testing.T) {
	run(t, beating, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		var acks []string
		for range 10 {
			beat := ana.Within(11*time.Second).Expect("a heartbeat", chattest.IsType("heartbeat"))
			acks = append(acks, fmt.Sprintf(`{"type":"heartbeat_ack","message_id":%q}`, chattest.Parse(beat).ID))
		}
		w.Sleep(time.Second)
		ana.Send(acks[1])
		s.metrics().expect(0, "ana has answered the second of ten heartbeats, and only the last eight may be answered", "chat_round_trip_seconds")
		ana.Send(acks[2])
		ana.Send(acks[9])
		s.metrics().expect(2, "ana has answered the third and the tenth of ten heartbeats", "chat_round_trip_seconds")
	})
}

// Task 12.4: Answers may overtake one another.
//
// Rules: 12.o.
func TestAnswersMayOvertake(t *testing.T) {
	run(t, beating, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		var acks []string
		for range 3 {
			beat := ana.Within(11*time.Second).Expect("a heartbeat", chattest.IsType("heartbeat"))
			acks = append(acks, fmt.Sprintf(`{"type":"heartbeat_ack","message_id":%q}`, chattest.Parse(beat).ID))
		}
		w.Sleep(time.Second)
		ana.Send(acks[2])
		ana.Send(acks[0])
		ana.Send(acks[1])
		m := s.metrics()
		m.expect(3, "ana has answered three heartbeats, the last one first", "chat_round_trip_seconds")
		if got := m.observed("chat_round_trip_seconds"); math.Abs(got-(1+21+11)) > .001 {
			w.Fatalf("chat_round_trip_seconds has observed %v s in all, want 33: the heartbeats came 1, 21 and 11 s before their answers", got)
		}
	})
}
