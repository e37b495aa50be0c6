package chat_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/12"
)

// fails is a Config.Moderate that fails with whatever says "bug", and is away for "away".
func fails(_ context.Context, m chat.Message) error {
	switch string(m.Data) {
	case `"bug"`:
		return errors.New("the disk is full")
	case `"panic"`:
		panic("the disk is on fire")
	case `"away"`:
		return fmt.Errorf("ask the moderator: %w", chat.ErrUnavailable)
	}
	return nil
}

// failing is a Config for tests of failures.
var failing = chat.Config{Moderate: fails, ModerateTimeout: 100 * time.Millisecond, CloseTimeout: time.Second, OutboxSize: 1000}

// Task 12.6 (8 points, after 12.4): The statistics tell what has happened so far, and what is going on in each room.
//
// Rules: 12.v.
func TestTotals(t *testing.T) {
	cfg := failing
	cfg.ResumeWindow, cfg.RoomCapacity = time.Minute, 2
	run(t, cfg, func(w *testclient.World, s *server) {
		before := s.stats()
		if got := fmt.Sprint(before.Totals); got != "{0 0 0 0 0 0 {0 0 0}}" {
			w.Fatalf("totals in /stats are %+v, want zeros: nothing has happened", before.Totals)
		}
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		s.ExpectFull("cleo", "den", "the room is full")
		ana.Vanish()
		s.Resume(ana, "")
		bob.Say("hello")
		bob.Say("bug")
		w.Sleep(time.Second)
		bob.Say("away")
		w.Sleep(time.Second)
		bob.Say("bug")
		bob.Send("{")
		bob.Send("{")
		bob.Send("{")
		bob.Leave()
		got, m := s.stats(), s.metrics()
		type row struct {
			name string
			got  int
			want int
		}
		for _, row := range []row{
			{"totals.connections", got.Totals.Connections, 3},
			{"totals.disconnections", got.Totals.Disconnections, 2},
			{"totals.reconnections", got.Totals.Reconnections, 1},
			{"totals.refusals", got.Totals.Refusals, 1},
			{"totals.messages_received", got.Totals.MessagesReceived, 7},
			{"totals.messages_sent", got.Totals.MessagesSent, int(m.value("chat_messages_sent_total"))},
			{"totals.errors.client", got.Totals.Errors.Client, 3},
			{"totals.errors.unavailable", got.Totals.Errors.Unavailable, 1},
			{"totals.errors.internal", got.Totals.Errors.Internal, 2},
			{"connections", got.Connections, 1},
		} {
			if row.got != row.want {
				w.Fatalf("%s in /stats is %d, want %d", row.name, row.got, row.want)
			}
		}
		if got.Totals.MessagesSent < 8 {
			w.Fatalf("totals.messages_sent in /stats is %d: ana and bob got more than that", got.Totals.MessagesSent)
		}
		if want := time.Since(got.StartedAt).Seconds(); got.Uptime < want-2 || got.Uptime > want || got.Uptime < 5 {
			w.Fatalf("uptime_seconds in /stats is %v, and started_at %v", got.Uptime, got.StartedAt)
		}
	})
}

// expectRooms fails unless /stats tells of these rooms.
func (s *server) expectRooms(why string, want ...roomStats) {
	s.w.Helper()
	if got := s.stats().Rooms; !slices.Equal(got, want) {
		s.w.Fatalf("rooms in /stats are %+v, want %+v: %s", got, want, why)
	}
}

// Task 12.6: Rooms are told by id, with their members and what was said.
//
// Rules: 12.w.
func TestRoomStats(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		s.expectRooms("nobody is here")
		ana, bob, cleo := s.Join("ana", "den"), s.Join("bob", "den"), s.JoinEvents("cleo", "attic")
		ana.Say("one")
		bob.Say("two")
		ana.Tell("cleo", "a direct message is said in no room")
		ana.Send("{")
		s.expectRooms("ana and bob are in the den", roomStats{"attic", 1, 0}, roomStats{"den", 2, 2})
		s.metrics().expect(2, "somebody is in the den and in the attic", "chat_rooms")
		if err := s.chat.Publish("nowhere", chat.Message{Type: chat.TypeSystem, Data: []byte(`"hello"`)}); err != nil {
			w.Fatalf("Publish returned %v, want nil: nobody is in that room", err)
		}
		cleo.Say("three")
		bob.Leave()
		s.expectRooms("bob has left", roomStats{"attic", 1, 1}, roomStats{"den", 1, 2})
		ana.Leave()
		s.expectRooms("nobody is in the den", roomStats{"attic", 1, 1})
		dora := s.Join("dora", "den")
		s.expectRooms("the den is a new one", roomStats{"attic", 1, 1}, roomStats{"den", 1, 0})
		dora.Say("four")
		s.expectRooms("dora has said something in the new den", roomStats{"attic", 1, 1}, roomStats{"den", 1, 1})
		if err := s.chat.Publish("den", chat.Message{Type: chat.TypeMessage, Data: []byte(`"five"`)}); err != nil {
			w.Fatalf("Publish returned %v, want nil", err)
		}
		dora.Shout("six")
		s.expectRooms("the program has said something in the den, and a broadcast is said in no room", roomStats{"attic", 1, 1}, roomStats{"den", 1, 2})
	})
}

// Task 12.6: A client that may come back is no member, and what was said is not forgotten meanwhile.
//
// Rules: 12.w.
func TestRoomStatsWithSessions(t *testing.T) {
	run(t, chat.Config{ResumeWindow: time.Minute}, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		ana.Say("one")
		bob.Vanish()
		s.expectRooms("bob's session waits for him", roomStats{"den", 1, 1})
		ana.Vanish()
		s.expectRooms("both sessions wait for their clients")
		s.Resume(bob, "")
		s.expectRooms("bob is back", roomStats{"den", 1, 1})
		s.Arrive("bob", "den", chattest.Since{})
		s.expectRooms("bob's second connection replaces the first", roomStats{"den", 1, 1})
	})
}

// Task 12.6: Many ask while many come and go.
//
// Rules: 12.v, 12.w.
func TestStatsInARush(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		w.Rush(30, func(i int) {
			switch i % 3 {
			case 0:
				s.TryDial(chattest.Path(fmt.Sprint("c", i), "den"))
			case 1:
				s.admin.Get("/stats")
			default:
				s.admin.Get("/metrics")
			}
		})
		got := s.stats()
		if got.Totals.Connections != 10 || got.Connections != 10 {
			w.Fatalf("in /stats connections is %d and totals.connections %d, want 10 and 10", got.Connections, got.Totals.Connections)
		}
		s.expectRooms("ten clients have come", roomStats{"den", 10, 0})
	})
}
