package chat_test

import (
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/05"
)

// memberJSON is a member as it goes over HTTP.
type memberJSON struct {
	ID          string     `json:"id"`
	ConnectedAt *time.Time `json:"connected_at"`
	LastSeen    *time.Time `json:"last_seen"`
	MessagesIn  *int64     `json:"messages_in"`
	MessagesOut *int64     `json:"messages_out"`
}

// overHTTP is what a path tells of the members of the first room there.
func (s *server) overHTTP(path string) []memberJSON {
	s.w.Helper()
	type room struct {
		Members []memberJSON `json:"members"`
	}
	var body struct {
		room
		Rooms []room `json:"rooms"`
	}
	s.Get(path).JSON(&body)
	if len(body.Rooms) > 0 {
		return body.Rooms[0].Members
	}
	return body.Members
}

// expectCounts fails unless all who may be asked tell how many messages a client of the room den
// has sent and got.
func (s *server) expectCounts(id string, in, out int64) {
	s.w.Helper()
	if m := s.mustMember(id); m.MessagesIn != in || m.MessagesOut != out {
		s.w.Fatalf("Rooms() tells of %s: MessagesIn %d and MessagesOut %d, want %d and %d; in are those that %[1]s has sent, out those that it has got",
			id, m.MessagesIn, m.MessagesOut, in, out)
	}
	for _, path := range []string{"/rooms", "/rooms/den"} {
		for _, m := range s.overHTTP(path) {
			switch {
			case m.ID != id:
			case m.MessagesIn == nil || m.MessagesOut == nil:
				s.w.Fatalf("GET %s tells no messages_in or no messages_out of %s", path, id)
			case *m.MessagesIn != in || *m.MessagesOut != out:
				s.w.Fatalf("GET %s tells of %s: messages_in %d and messages_out %d, want %d and %d", path, id, *m.MessagesIn, *m.MessagesOut, in, out)
			}
		}
	}
}

// Task 5.1 (15 points): Every connection knows who, since when, how much.
func TestMessagesAreCounted(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana := s.join("ana", "den")
		s.expectCounts("ana", 0, 1) // the welcome
		bob := s.join("bob", "den")
		say(ana, "one")
		say(ana, "two")
		say(bob, "three")
		ana.Send(`{"type":"message"`) // counts too, and so does the error that answers it
		ana.Await("an error", isType("error"))
		w.Sleep(time.Second)
		s.expectCounts("ana", 3, 6) // out: welcome, bob joined, three times talk, the error
		s.expectCounts("bob", 1, 4)
	})
}

// Task 5.1: Whoever has said nothing yet was last seen when it connected.
func TestSinceWhen(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		came := time.Now()
		ana := s.join("ana", "den", testclient.NoAutoPong())
		w.Sleep(10 * time.Minute)
		s.join("bob", "lobby")
		w.Sleep(10 * time.Minute)
		m := s.mustMember("ana")
		if !near(m.ConnectedAt, came) || !near(m.LastSeen, came) {
			w.Fatalf("Rooms() tells that ana connected at %s and was last seen at %s, want %s for both: she has said nothing yet",
				at(w, m.ConnectedAt), at(w, m.LastSeen), at(w, came))
		}
		for _, path := range []string{"/rooms", "/rooms/den"} {
			list := s.overHTTP(path)
			if len(list) != 1 || list[0].ConnectedAt == nil || list[0].LastSeen == nil {
				w.Fatalf("GET %s must tell connected_at and last_seen of ana", path)
			}
			if got := list[0]; !near(*got.ConnectedAt, came) || !near(*got.LastSeen, came) {
				w.Fatalf("GET %s tells that ana connected at %s and was last seen at %s, want %s for both: she has said nothing yet",
					path, at(w, *got.ConnectedAt), at(w, *got.LastSeen), at(w, came))
			}
		}
		say(ana, "here I am")
		w.Sleep(10 * time.Minute)
		if m := s.mustMember("ana"); !near(m.ConnectedAt, came) {
			w.Fatalf("Rooms() tells that ana connected at %s, want %s: she has not come anew, she has only said something", at(w, m.ConnectedAt), at(w, came))
		}
	})
}
