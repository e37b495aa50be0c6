package chat_test

import (
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
)

// Task 6.5 (10 points, after 6.3): Answers to heartbeats are free, nothing else is.
//
// Rules: 6.v.
func TestHeartbeatAnswersAreFree(t *testing.T) {
	cfg := limited(3, 20*time.Second)
	cfg.HeartbeatInterval = time.Second
	run(t, cfg, func(w *testclient.World, s *server) {
		c := s.Dial("/ws/ana?room_id=den", testclient.As("ana"))
		ana := c.PassingOver(func(m testclient.Message) bool {
			kind := parse(m).Type
			return kind != "message" && kind != "error"
		})
		for range 3 {
			answerHeartbeats(w, c, 10)
			w.Note("ana has said nothing of her own for long")
			use(ana, 3, "well")
			say(ana, "heartbeat_ack")
			expectRefused(w, ana, "")
			answerHeartbeats(w, c, 22)
		}
	})
}

// answerHeartbeats answers for so many seconds each heartbeat that comes.
func answerHeartbeats(w *testclient.World, c *testclient.Client, seconds int) {
	w.Helper()
	answered := 0
	for range seconds {
		w.Sleep(time.Second)
		for _, m := range c.Drain() {
			got := parse(m)
			if got.Type == "error" {
				w.Fatalf("%s got an error with the code %q for its answer to a heartbeat; that is free, also where the limit is used up, and does not count", c.Name(), got.Code)
			}
			if got.Type == "heartbeat" {
				c.SendJSON(outgoing{Type: "heartbeat_ack", ID: got.ID})
				answered++
			}
		}
	}
	if answered < seconds-2 {
		w.Fatalf("%s got %d heartbeats in %ds, want one in every second", c.Name(), answered, seconds)
	}
}

// Task 6.5: A heartbeat that a client sends of its own accord counts like any message.
//
// Rules: 6.w.
func TestHeartbeatsOfClientsCount(t *testing.T) {
	cfg := limited(3, 20*time.Second)
	cfg.HeartbeatInterval = 7 * time.Second // the server's own change nothing
	run(t, cfg, func(w *testclient.World, s *server) {
		ana := s.join("ana", "den")
		for range 2 {
			for _, id := range []string{"a", "b", "c"} {
				ana.SendJSON(outgoing{Type: "heartbeat", ID: id})
				ana.Expect("a heartbeat_ack with the message_id "+id, func(m testclient.Message) bool {
					got := parse(m)
					return got.Type == "heartbeat_ack" && got.ID == id
				})
			}
			ana.SendJSON(outgoing{Type: "heartbeat", ID: "d"})
			expectRefused(w, ana, "d")
			w.Sleep(21 * time.Second)
		}
	})
}
