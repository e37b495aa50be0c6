package chat_test

import (
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/07"
)

// slow makes a handshake take some time, so that others happen in the middle of it: neither
// request nor answer fits into the network's buffer.
func slow() []testclient.DialOption {
	return []testclient.DialOption{testclient.Buffer(64), testclient.Latency(10 * time.Millisecond)}
}

// survivor expects all but one of these to be closed with 4001, and returns that one. The others may have
// been welcomed before that or not.
func survivor(w *testclient.World, speaker *chattest.Client, all []*chattest.Client) *chattest.Client {
	w.Helper()
	speaker.Tell(all[0].ID, "who are you?")
	w.Sleep(time.Second)
	var left *chattest.Client
	for _, v := range all {
		switch heard := arrived(w, v); {
		case heard == 0:
			expectTakenOver(w, v)
		case heard > 1:
			w.Fatalf("%s got the direct message %d times, want once", v.Name(), heard)
		case left != nil:
			w.Fatalf("%s and %s both got the direct message to %s: of %d that arrived at the same moment exactly one must be left",
				left.Name(), v.Name(), v.ID, len(all))
		default:
			left = v
		}
	}
	if left == nil {
		w.Fatalf("nobody got the direct message to %s: of %d that arrived at the same moment one must be left", all[0].ID, len(all))
	}
	return left
}

// arrived reads all that a connection has got, and counts the direct messages.
func arrived(w *testclient.World, v *chattest.Client) (heard int) {
	w.Helper()
	for i, m := range v.Drain() {
		switch kind := chattest.Parse(m).Type; {
		case i == 0 && kind != "welcome":
			w.Fatalf("%s got %s, want a welcome before anything else", v.Name(), m)
		case i == 0:
			v.ReadWelcome(m)
		case kind == "direct":
			heard++
		}
	}
	return heard
}

// Task 7.2: Of a hundred connections at the same moment exactly one is left, and the room hears of one.
//
// Rules: 7.j.
func TestHundredAtOnceLeaveOne(t *testing.T) { manyAtOnce(t, 100) }

// Task 7.2: Of thirty connections with slow handshakes exactly one is left.
//
// Rules: 7.j.
func TestThirtyAtOnceSlowlyLeaveOne(t *testing.T) { manyAtOnce(t, 30, slow()...) }

func manyAtOnce(t *testing.T, n int, opts ...testclient.DialOption) {
	run(t, chat.Config{RoomCapacity: 2, OutboxSize: 1000}, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		bob := survivor(w, ana, s.Rush(n, "bob", []string{"den"}, opts...))
		ana.Hear("system bob joined")
		again := survivor(w, ana, s.Rush(n/2, "bob", []string{"den"}, opts...))
		expectTakenOver(w, bob)
		s.HearNoMore(ana, again)
		again.Say("it is me")
		ana.Hear("message it is me")
		again.Vanish()
		ana.Hear("system bob left")
		s.HearNoMore(ana)
	})
}

// Task 7.2: When connections arrive in two rooms at the same moment, each room hears in turn that the client joined and left.
//
// Rules: 7.i, 7.j.
func TestTwoRoomsAtOnce(t *testing.T) {
	run(t, chat.Config{OutboxSize: 1000}, func(w *testclient.World, s *server) {
		witness := map[string]*chattest.Client{"den": s.Join("ana", "den"), "lobby": s.Join("zoe", "lobby")}
		bob := survivor(w, witness["den"], s.Rush(40, "bob", []string{"den", "lobby"}))
		for room, v := range witness {
			var heard []string
			for _, m := range v.Drain() {
				heard = append(heard, strings.TrimPrefix(chattest.Parse(m).String(), "system bob "))
			}
			want := "joined"
			for i, what := range heard {
				if what != want {
					w.Fatalf("%s heard of bob: %s.\nNumber %d should be %q: who has joined leaves, and only then joins again",
						v.Name(), strings.Join(heard, ", "), i+1, want)
				}
				want = map[string]string{"joined": "left", "left": "joined"}[what]
			}
			if here := want == "left"; here != (bob.Room == room) {
				w.Fatalf("%s heard of bob: %s; but the connection that is left is in %s", v.Name(), strings.Join(heard, ", "), bob.Room)
			}
		}
	})
}
