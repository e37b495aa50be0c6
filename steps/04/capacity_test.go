package chat_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/04"
)

// slow makes a handshake take some time, so that others happen in the middle of it: neither
// request nor answer fits into the network's buffer.
func slow() []testclient.DialOption {
	return []testclient.DialOption{testclient.Buffer(64), testclient.Latency(10 * time.Millisecond)}
}

// Task 4.5: Whoever finds no seat, or has no proper id, gets a status before the upgrade and is never announced.
func TestRefusedBeforeTheUpgrade(t *testing.T) {
	run(t, chat.Config{RoomCapacity: 2}, func(w *testclient.World, s *server) {
		ana := s.dial("ana", "den")
		wantWelcome(w, ana, "ana", "den")
		for _, bad := range []string{"two words", "a/b", "<b>", "-x", strings.Repeat("z", 65)} {
			s.Refused(path(bad, "den"), []int{400}, testclient.As("client"))
			s.Refused(path("bob", bad), []int{400}, testclient.As("bob"))
		}
		for range 2 {
			bob := s.dial("bob", "den")
			wantWelcome(w, bob, "bob", "den")
			hear(w, ana, notice("bob", "joined", "den"))
			for range 2 {
				if r := s.Refused(path("carl", "den"), []int{503}, testclient.As("carl")); !strings.Contains(string(r.Body), "den") {
					w.Fatalf("carl was refused with 503 and the body %q; it must name the room that is full: den", r.Body)
				}
				w.Sleep(time.Second)
			}
			s.leave(bob, false)
			hear(w, ana, notice("bob", "left", "den"))
		}
		wantWelcome(w, s.dial("carl", "lobby"), "carl", "lobby")
		hearNoMore(w, ana)
	})
}

// Task 4.5: Of twenty who arrive at once as many are welcomed as have a seat, the others get 503.
func TestTwentyArriveAtOnce(t *testing.T) { twentyArrive(t) }

// Task 4.5: The same where a handshake takes its time.
func TestTwentyArriveAtOnceSlowly(t *testing.T) { twentyArrive(t, slow()...) }

func twentyArrive(t *testing.T, opts ...testclient.DialOption) {
	run(t, chat.Config{RoomCapacity: 5}, func(w *testclient.World, s *server) {
		inside := s.arrive(20, "den", opts...)
		s.wantSeated(inside, 5, "the room has 5 seats and 20 arrived at the same moment")
		s.leave(inside[0], true)
		s.leave(inside[1], false)
		s.wantSeated(s.arrive(20, "den", opts...), 2, "2 of 5 have left and 20 arrived at the same moment")
	})
}

// arrive has n clients ask for a seat at the same moment, and returns those who got in.
func (s *server) arrive(n int, room string, opts ...testclient.DialOption) []*testclient.Client {
	clients := make([]*testclient.Client, n)
	at := s.w.Elapsed()
	s.w.Rush(n, func(i int) {
		id := fmt.Sprintf("client%d-%d", at/time.Second, i)
		c, resp := s.TryDial(path(id, room), append(opts, testclient.As(id))...)
		if c == nil && resp.Status != http.StatusServiceUnavailable {
			s.w.Fatalf("%s was refused with status %d, want 503 for those who find no seat", id, resp.Status)
		}
		clients[i] = c
	})
	s.w.Sleep(time.Second)
	var inside []*testclient.Client
	for _, c := range clients {
		if c != nil {
			inside = append(inside, c)
		}
	}
	return inside
}

// wantSeated expects so many inside, each welcomed first of all.
func (s *server) wantSeated(inside []*testclient.Client, want int, why string) {
	s.w.Helper()
	if len(inside) != want {
		s.w.Fatalf("%d got in, want %d: %s.\nA seat that is free when a client asks must still be its own when the handshake is over.",
			len(inside), want, why)
	}
	for _, c := range inside {
		wantWelcome(s.w, c, c.Name(), "den")
	}
}

// Task 4.5: A client that is dropped for reading too slowly gives its seat back.
func TestDroppedClientMakesRoom(t *testing.T) {
	run(t, chat.Config{RoomCapacity: 2, OutboxSize: outboxSize}, func(w *testclient.World, s *server) {
		ana, carl := s.join("ana", "den"), s.join("carl", "den", narrow)
		stall(carl)
		sayLong(w, tooMany, ana)
		wantDropped(w, carl)
		wantWelcome(w, s.dial("bob", "den"), "bob", "den")
		s.Refused(path("dora", "den"), []int{503}, testclient.As("dora"))
	})
}
