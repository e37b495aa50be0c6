package chat_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/03"
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

// Task 3.3 (20 points, after 3.1, 3.2): Who is where can be listed, in Go and over HTTP.
func TestMembersAreListed(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		s.expectRooms("")
		s.join("bob", "lobby")
		s.expectRooms("lobby[bob]")
		s.join("carol", "den")
		s.join("ana", "") // the default room
		s.expectRooms("den[carol] lobby[ana bob]")
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

// Task 3.3: Rooms come by id, and so do the members of each.
func TestListIsSorted(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		for _, id := range strings.Fields("g e b i a d f c h") {
			s.Dial(path(id, "hall"), testclient.As(id))
			s.Dial(path("x"+id, "room-"+id), testclient.As("x"+id))
		}
		w.Sleep(time.Second)
		s.expectRooms("hall[a b c d e f g h i] room-a[xa] room-b[xb] room-c[xc] " +
			"room-d[xd] room-e[xe] room-f[xf] room-g[xg] room-h[xh] room-i[xi]")
	})
}

// Task 3.3: Each member is listed with its id, its room, its address and since when.
func TestMemberHasItsMetadata(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		began := time.Now()
		ana := s.Dial(path("ana", "den"), testclient.As("ana"), testclient.From("203.0.113.7"))
		w.Sleep(10 * time.Minute)
		bob := s.Dial(path("bob", "den"), testclient.As("bob"), testclient.From("203.0.113.8"))
		w.Sleep(10 * time.Minute)

		s.expectRooms("den[ana bob]")
		members := s.chat.Rooms()[0].Members
		var room roomJSON
		one, all := s.get("/rooms/den", &room), s.get("/rooms", new(struct{}))
		require.Len(w, room.Members, 2, "GET /rooms/den got %s", one.Body)
		for i, c := range []*testclient.Client{ana, bob} {
			m, came := members[i], began.Add(time.Duration(i)*10*time.Minute)
			equal(w, "RoomID of "+m.ID, m.RoomID, "den")
			equal(w, "RemoteAddr of "+m.ID, m.RemoteAddr, c.Addr().String())
			require.WithinDuration(w, came, m.ConnectedAt, time.Second, "ConnectedAt of %s: when it came, not when somebody asked", m.ID)
			equal(w, "the id of a member in GET /rooms/den", room.Members[i].ID, m.ID)
			require.WithinDuration(w, came, room.Members[i].ConnectedAt, time.Second, "connected_at of %s in GET /rooms/den", m.ID)
		}
		expectNoAddress(w, "/rooms/den", one)
		expectNoAddress(w, "/rooms", all)
	})
}

// expectNoAddress fails if the answer tells where members come from: 203.0.113.x.
func expectNoAddress(w *testclient.World, path string, resp *testclient.Response) {
	if body := bytes.TrimSpace(resp.Body); bytes.Contains(body, []byte("203.0.113.")) {
		w.Fatalf("GET %s got %s: a member's address is nothing for whoever asks", path, body)
	}
}

// equal fails in one line, where require.Equal takes ten.
func equal(w *testclient.World, what, got, want string) {
	w.Helper()
	if got != want {
		w.Fatalf("%s is %q, want %q", what, got, want)
	}
}

// Task 3.3: GET /rooms/{id} is about that room alone, and 404 for one that nobody is in.
func TestOneRoomIsListed(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		s.join("ana", "den")
		s.join("bob", "lobby")
		for id, want := range map[string]string{"den": "den[ana]", "lobby": "lobby[bob]"} {
			var room roomJSON
			s.get("/rooms/"+id, &room)
			equal(w, "the answer to GET /rooms/"+id, show(asRooms([]roomJSON{room})), want)
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
		equal(w, "a list from before carol joined", show(before), "den[ana bob]")
		now := s.chat.Rooms()
		now[0].ID = "changed"
		now[0].Members[0].ID = "changed"
		equal(w, "Rooms(), after somebody has changed the list that it returned before,", show(s.chat.Rooms()), "den[ana bob carol]")
	})
}
