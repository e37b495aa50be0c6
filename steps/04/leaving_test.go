package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/04"
)

// wantTold expects a notice once among what a client got.
func wantTold(w *testclient.World, listener *testclient.Client, got []message, text string) {
	w.Helper()
	n := 0
	for _, m := range got {
		if data, _ := m.text("data"); m.kind() == "system" && data == text {
			n++
		}
	}
	if n != 1 {
		w.Fatalf("%s got the system message %q %d times, want it once", listener.Name(), text, n)
	}
}

// Task 4.5: Leaving during a broadcast harms nobody: those who stay get everything, and are told who left.
func TestLeavingDuringABroadcastInARush(t *testing.T) {
	run(t, roomy, func(w *testclient.World, s *server) {
		ana := s.dial("ana", "den")
		clients := s.crowd(16, "den")
		w.Rush(len(clients), func(i int) {
			switch i % 4 {
			case 1:
				clients[i].Cut()
			case 3:
				clients[i].Close(1000, "")
			default:
				burst(clients[i], 8)
			}
		})
		w.Sleep(time.Second)
		got := messages(w, ana, "message", "system")
		var heard []string
		for _, m := range got {
			if text, _ := m.text("data"); m.kind() == "message" {
				heard = append(heard, text)
			}
		}
		for i, c := range clients {
			if i%2 == 1 {
				wantTold(w, ana, got, c.Name()+" left")
			} else {
				wantEach(w, ana, heard, 8, c)
			}
		}
	})
}

// Task 4.5: Of many who come, speak and go at one moment each is told once as come and once as gone.
func TestComingAndGoingInARush(t *testing.T) {
	run(t, roomy, func(w *testclient.World, s *server) {
		ana := s.dial("ana", "den")
		wantWelcome(w, ana, "ana", "den")
		w.Rush(20, func(i int) {
			c := s.dial(fmt.Sprint("c", i), "den")
			burst(c, 3)
			c.Close(1000, "")
		})
		w.Sleep(time.Second)
		told := map[string][]string{}
		for _, m := range messages(w, ana, "message", "system") {
			text, _ := m.text("data")
			who, what, _ := strings.Cut(text, " ")
			if m.kind() == "message" {
				who, _ = m.text("from")
				what = text
			}
			told[who] = append(told[who], what)
		}
		for i := range 20 {
			who := fmt.Sprint("c", i)
			want := fmt.Sprintf("joined, 0 of %[1]s, 1 of %[1]s, 2 of %[1]s, left", who)
			if got := list(told[who]); got != want {
				w.Fatalf("%s came, spoke and went; ana heard of it: %s; want: %s", who, got, want)
			}
		}
	})
}

// Task 4.5: Of a client that is dropped for reading too slowly its room is told, once.
func TestRoomIsToldOfTheDropped(t *testing.T) {
	run(t, chat.Config{OutboxSize: outboxSize}, func(w *testclient.World, s *server) {
		ana, carl := s.join("ana", "den"), s.join("carl", "den", narrow)
		bob := s.dial("bob", "den")
		stall(carl)
		sayLong(w, tooMany, ana)
		w.Sleep(time.Second)
		wantTold(w, bob, messages(w, bob, "system"), "carl left")
	})
}
