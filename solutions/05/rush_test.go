package chat_test

import (
	"fmt"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/05"
)

// askOften asks who is here, again and again. It sleeps by itself: what World.Sleep guards its
// own state with would hide races.
func (s *server) askOften() {
	for range 40 {
		for _, room := range s.chat.Rooms() {
			for _, m := range room.Members {
				if m.LastSeen.Before(m.ConnectedAt) || m.MessagesIn < 0 || m.MessagesOut < 0 {
					s.w.Fatalf("Rooms() tells %+v: nobody was last seen before it came, and no count is negative", m)
				}
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// Task 5.1: The counts may be asked for at any moment, also while many come and go at once.
func TestCountsAreReadWhileManyComeAtOnce(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana := s.join("ana", "den")
		w.Rush(20, func(i int) {
			if i%4 == 0 {
				s.askOften()
				return
			}
			for n := range 3 {
				id := fmt.Sprint("client", i)
				c := s.Dial("/ws/"+id+"?room_id=den", testclient.As(id))
				time.Sleep(7 * time.Millisecond)
				s.leave(c, n%2 == 0)
			}
		})
		out := int64(1 + len(received(ana, "system")))
		s.expectCounts("ana", 0, out)
	})
}

// Task 5.2: So may the signs of life, while many talk at once.
func TestSignsOfLifeAreReadWhileManyTalkAtOnce(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		var all [12]*testclient.Client
		for i := range all {
			id := fmt.Sprint("client", i)
			all[i] = s.Dial("/ws/"+id+"?room_id="+fmt.Sprint("room", i%4), testclient.As(id))
		}
		w.Sleep(10 * time.Minute)
		w.Rush(16, func(i int) {
			if i >= len(all) {
				s.askOften()
				return
			}
			for n := range 10 {
				signs[(i+n)%len(signs)].give(all[i])
				time.Sleep(3 * time.Millisecond)
			}
		})
		w.Sleep(time.Second)
		for _, c := range all {
			s.expectSeen(c.Name(), time.Now().Add(-time.Second), "that client has just given signs of life")
		}
	})
}

// Task 5.3: Heartbeats go on while many come and go at once, and nobody gets one before its welcome.
func TestHeartbeatsWhileManyComeAtOnce(t *testing.T) {
	const often = 200 * time.Millisecond
	run(t, chat.Config{HeartbeatInterval: often}, func(w *testclient.World, s *server) {
		w.Rush(15, func(i int) {
			id, room := fmt.Sprint("client", i), "den"
			opts := []testclient.DialOption{testclient.As(id)}
			if i%3 == 0 { // its handshake takes some time, so that a heartbeat falls into it
				room = "slow-" + id
				opts = append(opts, testclient.Buffer(64), testclient.Latency(time.Duration(50+7*i)*time.Millisecond))
			}
			for range 3 {
				c := s.Dial("/ws/"+id+"?room_id="+room, opts...).Within(5 * time.Second)
				c.Expect("a welcome, before anything else", isType("welcome"))
				say(c, "hello")
				c.Await("a heartbeat", isType("heartbeat"))
				s.leave(c, i%2 == 0)
			}
		})
		ana := s.join("ana", "den")
		ana.Within(often).Await("a heartbeat", isType("heartbeat"))
	})
}
