package chat_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/03"
)

// roomJSON is a room as it goes over HTTP.
type roomJSON struct {
	ID      string `json:"id"`
	Members []struct {
		ID          string    `json:"id"`
		ConnectedAt time.Time `json:"connected_at"`
	} `json:"members"`
}

// get asks for JSON and decodes it into v.
func (s *server) get(path string, v any) *testclient.Response {
	s.w.Helper()
	resp := s.Get(path)
	if kind := resp.Header.Get("Content-Type"); resp.Status != 200 || !strings.HasPrefix(kind, "application/json") {
		s.w.Fatalf("GET %s got status %d with Content-Type %q, want 200 and application/json", path, resp.Status, kind)
	}
	resp.JSON(v)
	return resp
}

// expectRooms asks in Go and over HTTP who is where; want is as show writes it.
func (s *server) expectRooms(want string) {
	s.w.Helper()
	s.w.Note("who is where?")
	if got := show(s.chat.Rooms()); got != want {
		s.w.Fatalf("Rooms() tells %q, want %q: each room that somebody is in, by id, and in it its members, by id", got, want)
	}
	var body struct {
		Rooms []roomJSON `json:"rooms"`
	}
	resp := s.get("/rooms", &body)
	if body.Rooms == nil {
		s.w.Fatalf("GET /rooms got %s, want a list under \"rooms\", also an empty one: []", bytes.TrimSpace(resp.Body))
	}
	if got := show(asRooms(body.Rooms)); got != want {
		s.w.Fatalf("GET /rooms tells %q, want %q, as Rooms() does; the body is %s", got, want, bytes.TrimSpace(resp.Body))
	}
}

func asRooms(list []roomJSON) []chat.Room {
	var rooms []chat.Room
	for _, r := range list {
		room := chat.Room{ID: r.ID}
		for _, m := range r.Members {
			room.Members = append(room.Members, chat.Member{ID: m.ID})
		}
		rooms = append(rooms, room)
	}
	return rooms
}

// Task 3.3 (20 points, after 3.1, 3.2): Who is where can be listed, in Go and over HTTP, with what is known of each client.
func TestMembersAreListed(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		s.expectRooms("")
		for _, id := range strings.Fields("gus eve bob ida ana dan fay cat hal") {
			s.Dial(path(id, "lobby"), testclient.As(id))
			s.Dial(path("a-"+id, "all-of-"+id), testclient.As("a-"+id))
		}
		s.join("zoe", "") // the default room
		s.expectRooms("all-of-ana[a-ana] all-of-bob[a-bob] all-of-cat[a-cat] all-of-dan[a-dan] all-of-eve[a-eve] " +
			"all-of-fay[a-fay] all-of-gus[a-gus] all-of-hal[a-hal] all-of-ida[a-ida] " +
			"lobby[ana bob cat dan eve fay gus hal ida zoe]")
	})
}

// Task 3.3: The list changes with each who comes or goes, in whatever way.
func TestListFollowsWhoComesAndGoes(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		s.join("ana", "den")
		s.join("zoe", "lobby")
		bob, carol := s.join("bob", "den"), s.join("carol", "den")
		s.expectRooms("den[ana bob carol] lobby[zoe]")
		s.leave(bob, true)
		s.expectRooms("den[ana carol] lobby[zoe]")
		s.leave(carol, false)
		s.expectRooms("den[ana] lobby[zoe]")
		s.join("bob", "lobby")
		s.expectRooms("den[ana] lobby[bob zoe]")
	})
}

// Task 3.3: Each member is listed with its id, its room, its address and since when.
func TestMemberHasItsMetadata(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		began := time.Now()
		ana := s.Dial(path("ana", "den"), testclient.As("ana"), testclient.From("203.0.113.7"))
		w.Sleep(90 * time.Minute)
		bob := s.Dial(path("bob", "den"), testclient.As("bob"), testclient.From("203.0.113.8"))
		w.Sleep(90 * time.Minute)

		rooms := s.chat.Rooms()
		require.Equal(w, "den[ana bob]", show(rooms))
		var room roomJSON
		body := s.get("/rooms/den", &room).Body
		require.Len(w, room.Members, 2, "GET /rooms/den: %s", body)
		for i, c := range []*testclient.Client{ana, bob} {
			m, at := rooms[0].Members[i], began.Add(time.Duration(i)*90*time.Minute)
			require.Equal(w, "den", m.RoomID, "RoomID of %s", m.ID)
			require.Equal(w, c.Addr().String(), m.RemoteAddr, "RemoteAddr of %s", m.ID)
			require.WithinDuration(w, at, m.ConnectedAt, time.Second, "ConnectedAt of %s: when it came, not when somebody asked", m.ID)
			require.Equal(w, m.ID, room.Members[i].ID, "GET /rooms/den lists the members by id")
			require.WithinDuration(w, m.ConnectedAt, room.Members[i].ConnectedAt, time.Second, "connected_at of %s, over HTTP", m.ID)
		}
		require.NotContains(w, string(body), "203.0.113.7", "a member's address is nothing for whoever asks GET /rooms/den")
	})
}

// Task 3.3: GET /rooms/{id} is about that room alone, and 404 for one that nobody is in.
func TestOneRoomIsListed(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		s.join("ana", "den")
		s.join("bob", "lobby")
		for id, want := range map[string]string{"den": "den[ana]", "lobby": "lobby[bob]"} {
			var room roomJSON
			s.get("/rooms/"+id, &room)
			require.Equal(w, want, show(asRooms([]roomJSON{room})), "GET /rooms/%s", id)
		}
		if resp := s.Get("/rooms/attic"); resp.Status != http.StatusNotFound {
			w.Fatalf("GET /rooms/attic got status %d, want 404: nobody is there", resp.Status)
		}
	})
}

// Task 3.3: What Rooms returned is the caller's own: it may be kept, and changed.
func TestListIsACopy(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		s.join("ana", "den")
		s.join("bob", "den")
		before := s.chat.Rooms()
		s.join("carol", "den")
		require.Equal(w, "den[ana bob]", show(before), "a list that was handed out changed when carol joined")
		before[0].ID = "changed"
		before[0].Members[0].ID = "changed"
		s.expectRooms("den[ana bob carol]")
	})
}
