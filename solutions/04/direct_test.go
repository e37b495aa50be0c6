package chat_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/04"
)

// Task 4.6 (15 points, after 4.3, 4.4): A broadcast goes to all, a direct message to one.
func TestBroadcastReachesAllRooms(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob, zoe := s.join("ana", "den"), s.join("bob", "den"), s.join("zoe", "lobby")
		w.Sleep(1234 * time.Millisecond)
		sent, seen := time.Now(), stamps{}
		say(ana, "broadcast", "fire!")
		want := fields{"type": "broadcast", "data": "fire!", "from": "ana", "room_id": "den"}
		got := hear(w, zoe, want)
		seen.check(w, zoe, got, sent)
		for _, c := range []*testclient.Client{ana, bob} {
			wantSame(w, zoe, got, c, hear(w, c, want))
		}
		zoe.Send(`{"type":"broadcast","data":"where?","from":"ana","room_id":"den","to":"bob","message_id":"mine"}`)
		got = hear(w, bob, fields{"type": "broadcast", "data": "where?", "from": "zoe", "room_id": "lobby", "to": ""})
		seen.check(w, bob, got, sent)
		wantNotMine(w, bob, got)
		all(w, fields{"type": "broadcast", "data": "where?", "message_id": got.id()}, ana, zoe)
		hearNoMore(w, ana, bob, zoe)
	})
}

// wantNotMine fails when somebody else's message comes under its sender's own id for it.
func wantNotMine(w *testclient.World, c *testclient.Client, got message) {
	w.Helper()
	if got.id() == "mine" {
		w.Fatalf("%s got %s, whose message_id is \"mine\": that is what the sender calls it, and nobody else sees that", c.Name(), got)
	}
}

// Task 4.6: A direct message finds its client in whatever room; nobody else hears it, not even its sender.
func TestDirectMessageReachesOne(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "lobby")
		carl, dora := s.join("carl", "den"), s.join("dora", "lobby")
		w.Sleep(1234 * time.Millisecond)
		sent, seen := time.Now(), stamps{}
		tell(ana, "bob", "psst")
		seen.check(w, bob, hear(w, bob, fields{"type": "direct", "data": "psst", "from": "ana", "to": "bob", "room_id": "den"}), sent)
		bob.Send(`{"to":"ana","type":"direct","data":"what?","from":"dora","message_id":"mine"}`)
		got := hear(w, ana, fields{"type": "direct", "data": "what?", "from": "bob", "to": "ana", "room_id": "lobby"})
		seen.check(w, ana, got, sent)
		wantNotMine(w, ana, got)
		tell(carl, "carl", "a note to myself")
		hear(w, carl, fields{"type": "direct", "data": "a note to myself", "from": "carl"})
		hearNoMore(w, ana, bob, carl, dora)
	})
}

// Task 4.6: When there is no such client the sender is told, with the code no_such_client, and nobody else.
func TestDirectMessageToNobody(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob, zoe := s.join("ana", "den"), s.join("bob", "den"), s.join("zoe", "lobby")
		for _, id := range []string{"dora", "bo", "bobby", "BOB", "lobby", "den"} {
			tell(ana, id, "psst")
			hear(w, ana, fields{"type": "error", "code": "no_such_client"})
		}
		tell(ana, "bob", "psst")
		hear(w, bob, fields{"type": "direct", "data": "psst"})
		hearNoMore(w, ana, bob, zoe)

		s.leave(bob, false)
		tell(ana, "bob", "are you there?")
		hear(w, ana, fields{"type": "error", "code": "no_such_client"})
		hearNoMore(w, ana, zoe)
	})
}

// Task 4.6: What one client says arrives in the order in which it was said, to whomever.
func TestAllKindsKeepTheirPlace(t *testing.T) {
	run(t, roomy, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		for range 30 {
			say(ana, "message", "to the room")
			tell(ana, "bob", "to you")
			say(ana, "broadcast", "to all")
		}
		for range 30 {
			hear(w, bob, fields{"type": "message", "data": "to the room"})
			hear(w, bob, fields{"type": "direct", "data": "to you"})
			hear(w, bob, fields{"type": "broadcast", "data": "to all"})
		}
	})
}

// Task 4.6: Broadcasts and messages to a room come to all of that room in one order.
func TestBroadcastsShareTheOrderInARush(t *testing.T) {
	const each, rounds = 20, 4
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8)) // one processor alone would hardly ever have two broadcasts under way
	run(t, roomy, func(w *testclient.World, s *server) {
		den := s.crowd(20, "den") // so many that a broadcast takes its time, and another may cross it
		lobby := []*testclient.Client{s.join("zoe", ""), s.join("yan", ""), s.join("xia", ""), s.join("wim", ""), s.join("vic", "")}
		talking := den[:3]
		for range rounds {
			w.Rush(len(talking)+len(lobby), func(i int) {
				if i < len(talking) {
					burst(talking[i], each)
				} else {
					burstOf("broadcast", lobby[i-len(talking)], each)
				}
			})
			w.Sleep(time.Second)
			for _, room := range [][]*testclient.Client{talking, lobby[:3]} {
				first := texts(w, room[0])
				wantEach(w, room[0], first, each, room...)
				wantEach(w, room[0], first, each, lobby...)
				for _, c := range room[1:] {
					wantSameOrder(w, room[0], first, c, texts(w, c))
				}
			}
		}
	})
}

// Task 4.6: Direct messages and broadcasts find their way while others come and go.
func TestDirectMessagesInARush(t *testing.T) {
	const speakers, rounds = 4, 6
	run(t, roomy, func(w *testclient.World, s *server) {
		ana := s.join("ana", "lobby")
		clients := s.crowd(speakers, "den")
		w.Rush(2*speakers, func(i int) {
			for round := range rounds {
				if i >= speakers {
					s.dial(fmt.Sprint("d", i, "-", round), "den").Close(1000, "")
					continue
				}
				for n := range 5 {
					tell(clients[i], "ana", "psst")
					tell(clients[i], "nobody", "psst")
					tell(clients[i], fmt.Sprint("d", n+speakers, "-", round), "are you there?")
				}
				say(clients[i], "broadcast", "hello")
			}
		})
		w.Sleep(time.Second)
		got := messages(w, ana, "direct", "broadcast")
		if want := (5 + 1) * rounds * speakers; len(got) != want {
			w.Fatalf("ana got %d messages, want %d: what %d clients told her and everyone", len(got), want, speakers)
		}
		for _, c := range clients {
			if n := len(messages(w, c, "error")); n < 5*rounds {
				w.Fatalf("%s sent %d messages to nobody and got %d answers", c.Name(), 5*rounds, n)
			}
		}
	})
}

// Task 4.6: A direct message to one who does not read waits, its sender does not; too many, and the slow one is dropped.
func TestDirectMessagesFillAnOutbox(t *testing.T) {
	run(t, chat.Config{OutboxSize: outboxSize}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		carl := s.join("carl", "lobby", narrow)
		stall(carl)
		for range outboxSize / 2 {
			tell(ana, "carl", long)
		}
		sayLong(w, 1, ana, bob)
		carl.Resume()
		for range outboxSize / 2 {
			hear(w, carl, fields{"type": "direct", "data": long})
		}
		stall(carl)
		for range tooMany {
			tell(ana, "carl", long)
			w.Settle()
		}
		wantDropped(w, carl)
		ana.Drain() // by and by there was no carl any more
		sayLong(w, 1, ana, bob)
	})
}

// Task 4.6: What a client claims is passed over in these two, as well.
func TestClaimsArePassedOverInAllTypes(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "lobby")
		for _, claim := range []string{
			`"from":"bob"`, `"from":7`, `"from":null`, `"room_id":"lobby"`, `"room_id":7`, `"room_id":["lobby"]`,
			`"session_id":"s"`, `"session_id":7`, `"code":"forbidden"`, `"timestamp":7`,
		} {
			said := fields{"type": "direct", "data": "it is me", "from": "ana", "room_id": "den", "to": "bob", "session_id": "", "code": ""}
			ana.Send(`{"type":"direct","to":"bob","data":"it is me",` + claim + `}`)
			hear(w, bob, said)
			said["type"], said["to"] = "broadcast", ""
			ana.Send(`{"type":"broadcast","data":"it is me",` + claim + `}`)
			all(w, said, ana, bob)
		}
	})
}
