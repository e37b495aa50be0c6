package chat_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/04"
)

// wantWelcome expects the next message to be the welcome of that client.
func wantWelcome(w *testclient.World, c *testclient.Client, id, room string) message {
	w.Helper()
	got := read(w, c, c.Expect("a welcome", anything))
	if got.kind() != "welcome" {
		w.Fatalf("%s got %s first of all: a welcome must come before anything else", c.Name(), got)
	}
	data := map[string]json.RawMessage{}
	if err := json.Unmarshal(got.fields["data"], &data); err != nil {
		w.Fatalf("%s got %s: its data must be an object with client_id and room_id", c.Name(), got)
	}
	in := message{got.Message, data}
	for key, want := range map[string]string{"client_id": id, "room_id": room} {
		if text, ok := in.text(key); !ok || text != want {
			w.Fatalf("%s got %s: data.%s is %s, want %q", c.Name(), got, key, orMissing(data[key]), want)
		}
	}
	return got
}

func orMissing(raw json.RawMessage) string {
	if raw == nil {
		return "missing"
	}
	return string(raw)
}

// notice is what the room is told of somebody.
func notice(id, what, room string) fields {
	return fields{"type": "system", "data": id + " " + what, "room_id": room}
}

// Task 4.5 (10 points, after 4.3, 4.4): A welcome comes first, notices are system messages.
func TestWelcomeComesFirst(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		seen := stamps{}
		ana := s.dial("ana", "")
		seen.check(w, ana, wantWelcome(w, ana, "ana", "lobby"), time.Now())
		w.Sleep(1234 * time.Millisecond)
		bob := s.dial("bob", "lobby")
		seen.check(w, bob, wantWelcome(w, bob, "bob", "lobby"), time.Now())
		hear(w, ana, notice("bob", "joined", "lobby"))
		carl := s.dial("carl", "den")
		seen.check(w, carl, wantWelcome(w, carl, "carl", "den"), time.Now())
		say(bob, "message", "hello")
		all(w, fields{"type": "message", "data": "hello"}, ana, bob)
		hearNoMore(w, ana, bob, carl)
	})
}

// Task 4.5: The others in the room are told who joined and who left, once, by a system message.
func TestRoomIsToldWhoComesAndGoes(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, zoe := s.dial("ana", "den"), s.dial("zoe", "lobby")
		wantWelcome(w, ana, "ana", "den")
		wantWelcome(w, zoe, "zoe", "lobby")
		carl := s.dial("carl", "den")
		wantWelcome(w, carl, "carl", "den")
		hear(w, ana, notice("carl", "joined", "den"))
		seen := stamps{}
		for _, farewell := range []bool{true, false} {
			w.Sleep(1234 * time.Millisecond)
			came := time.Now()
			bob := s.dial("bob", "den")
			wantWelcome(w, bob, "bob", "den")
			joined := hear(w, ana, notice("bob", "joined", "den"))
			seen.check(w, ana, joined, came)
			wantSame(w, ana, joined, carl, hear(w, carl, notice("bob", "joined", "den")))
			say(bob, "message", "hello")
			all(w, fields{"type": "message", "data": "hello"}, ana, bob, carl) // bob was not told of himself
			w.Sleep(1234 * time.Millisecond)
			went := time.Now()
			s.leave(bob, farewell)
			left := hear(w, ana, notice("bob", "left", "den"))
			seen.check(w, ana, left, went)
			wantSame(w, ana, left, carl, hear(w, carl, notice("bob", "left", "den")))
		}
		hearNoMore(w, ana, zoe, carl)
	})
}

// Task 4.5: Joined comes before all that a client says, left after it.
func TestNoticesFrameWhatIsSaid(t *testing.T) {
	run(t, roomy, func(w *testclient.World, s *server) {
		ana := s.dial("ana", "den")
		wantWelcome(w, ana, "ana", "den")
		bob := s.dial("bob", "den")
		burst(bob, 30)
		bob.Close(1000, "")
		hear(w, ana, notice("bob", "joined", "den"))
		for i := range 30 {
			hear(w, ana, said(bob, i))
		}
		hear(w, ana, notice("bob", "left", "den"))
		hearNoMore(w, ana)
	})
}

// Task 4.5: In a storm of arrivals, too, each gets its own welcome first, and hears of the others once.
func TestEveryWelcomeIsFirstInARush(t *testing.T) {
	const many = 20
	run(t, roomy, func(w *testclient.World, s *server) {
		loud := s.crowd(3, "den")
		clients := make([]*testclient.Client, many)
		w.Rush(many+len(loud), func(i int) {
			if i >= many {
				burst(loud[i-many], 20)
				return
			}
			clients[i] = s.dial(fmt.Sprint("d", i), "den")
			say(clients[i], "message", "hello")
		})
		w.Sleep(time.Second)
		for _, c := range clients {
			wantWelcome(w, c, c.Name(), "den")
			for _, m := range messages(w, c, "welcome", "system") {
				if text, _ := m.text("data"); m.kind() == "welcome" || strings.HasPrefix(text, c.Name()+" ") {
					w.Fatalf("%s got %s after its welcome: one welcome is enough, and notices are for the others", c.Name(), m)
				}
			}
		}
	})
}
