package chat_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
)

// Task 11.5 (8 points, after 11.4): A client id belongs to the one whose token says so.
//
// Rules: 11.r.
func TestClientIDIsTheSubject(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		cfg := guarded(w, lasting)
		cfg.ResumeWindow = time.Minute
		s := start(w, cfg)
		ana, bob := s.Join("ana", "den", as(w, "ana")), s.Join("bob", "den", as(w, "bob"))
		ana.Hear("system bob joined")
		for _, transport := range transports {
			for _, who := range []string{"ana", "bo", "bobby", "BOB", "*"} {
				path := chattest.Path("bob", "den")
				s.expectStatus(http.StatusForbidden, transport, path, "the token is "+who+"'s, and the connection would be bob's", as(w, who), testclient.As("mallory"))
				s.expectStatus(http.StatusForbidden, transport, path+"&session_id="+bob.Session, "the token is "+who+"'s, and the session bob's", as(w, who), testclient.As("mallory"))
			}
			ticket := s.ticketOf(as(w, "ana"))
			s.expectStatus(http.StatusForbidden, transport, "/ws/bob?room_id=den&ticket="+ticket, "the ticket is ana's", testclient.As("mallory"))
		}
		w.Sleep(time.Second)
		bob.Say("still here")
		bob.Hear("message still here")
		ana.Hear("message still here")
		bob.Cut()
		w.Sleep(time.Second)
		ana.Hear("system bob left")
		ana.Say("for bob alone")
		ana.Hear("message for bob alone")
		s.expectStatus(http.StatusForbidden, websocket, chattest.Path("bob", "den")+"&session_id="+bob.Session, "the session waits for bob", as(w, "ana"))
		w.Note("bob comes back to his session")
		back := s.Arrive("bob", "den", chattest.Since{Session: bob.Session}, as(w, "bob"))
		if !back.Resumed {
			w.Fatalf("bob's session was not resumed (%s): attempts with ana's token have changed it", back.Reason)
		}
	})
}

// Task 11.5: A refusal of a client that is known is in the log, too.
//
// Rules: 11.l.
func TestForbiddenIsLogged(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := start(w, guarded(w, lasting))
		for i, transport := range transports {
			s.expectStatus(http.StatusForbidden, transport, "/ws/bob", "the token is ana's", as(w, "ana"))
			s.expectRefusals(2*i+1, http.StatusForbidden)
			s.expectStatus(http.StatusForbidden, transport, "/ws/bob?room_id=den", "the token is not for den", as(w, "bob", "rooms", nil))
			s.expectRefusals(2*i+2, http.StatusForbidden)
		}
	})
}

// Task 11.5: A token is for some rooms.
//
// Rules: 11.r.
func TestRoomsOfAToken(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := start(w, guarded(w, lasting))
		ana := s.Join("ana", "attic", as(w, "ana"))
		for _, row := range []struct {
			rooms any
			room  string
			want  int
		}{
			{[]string{"den", "hall"}, "den", http.StatusOK},
			{[]string{"den", "hall"}, "hall", http.StatusOK},
			{[]string{"*"}, "attic", http.StatusOK},
			{[]string{"den", "*"}, "attic", http.StatusOK},
			{[]string{"lobby"}, "", http.StatusOK},
			{[]string{"den", "hall"}, "attic", http.StatusForbidden},
			{[]string{"den"}, "", http.StatusForbidden},
			{[]string{"den"}, "de", http.StatusForbidden},
			{[]string{"den"}, "den2", http.StatusForbidden},
			{[]string{"den"}, "DEN", http.StatusForbidden},
			{[]string{"den*"}, "den2", http.StatusForbidden},
			{[]string{}, "attic", http.StatusForbidden},
			{nil, "attic", http.StatusForbidden},
			{[]string{""}, "attic", http.StatusForbidden},
		} {
			for _, transport := range transports {
				c, _ := s.expectStatus(row.want, transport, chattest.Path("bob", row.room), "the rooms of the token are "+list(row.rooms),
					as(w, "bob", "rooms", row.rooms), testclient.As("bob"))
				if c != nil {
					c.Cut()
				}
				w.Sleep(time.Second)
			}
		}
		joined := 0
		for _, m := range ana.Received("system") {
			if m.Text() == "bob joined" {
				joined++
			}
		}
		if joined != 4 {
			w.Fatalf("ana, in the attic, was told %d times that bob joined, want 4: twice for each token that is for the attic", joined)
		}
	})
}

// list writes the rooms of a token.
func list(rooms any) string {
	if rooms == nil {
		return "missing"
	}
	return fmt.Sprintf("%q", rooms)
}

// Task 11.5: The lists of rooms show the rooms of a token.
//
// Rules: 11.s.
func TestListsOfRooms(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		guard, open := start(w, guarded(w, lasting)), start(w, lasting)
		for _, room := range []string{"den", "hall", "attic"} {
			guard.Join("ana-"+room, room, as(w, "ana-"+room))
			open.Join("ana-"+room, room)
		}
		listed := func(s *server, opts ...testclient.DialOption) (ids []string) {
			var got struct{ Rooms []struct{ ID string } }
			s.expectGet(http.StatusOK, "/rooms", "the token holds", opts...).JSON(&got)
			for _, r := range got.Rooms {
				ids = append(ids, r.ID)
			}
			return ids
		}
		for _, row := range []struct {
			s    *server
			opts []testclient.DialOption
			want []string
		}{
			{guard, []testclient.DialOption{as(w, "bob", "rooms", []string{"den", "hall", "cellar"})}, []string{"den", "hall"}},
			{guard, []testclient.DialOption{as(w, "bob")}, []string{"attic", "den", "hall"}},
			{guard, []testclient.DialOption{as(w, "bob", "rooms", nil)}, nil},
			{open, nil, []string{"attic", "den", "hall"}},
		} {
			if got := listed(row.s, row.opts...); !slices.Equal(got, row.want) {
				w.Fatalf("GET /rooms shows the rooms %q, want %q: those of the token where somebody is", got, row.want)
			}
		}
		den := as(w, "bob", "rooms", []string{"den", "cellar"})
		guard.expectGet(http.StatusOK, "/rooms/den", "the token is for den", den)
		empty := guard.expectGet(http.StatusNotFound, "/rooms/cellar", "nobody is there", den)
		other := guard.expectGet(http.StatusNotFound, "/rooms/attic", "the token is not for the attic", den)
		if string(empty.Body) != string(other.Body) {
			w.Fatalf("the answers to GET /rooms/{id} are %q for an empty room and %q for one that the token is not for: they tell who is there", empty.Body, other.Body)
		}
		for _, path := range []string{"/rooms", "/rooms/den", "/rooms/cellar"} {
			if resp := guard.expectGet(http.StatusUnauthorized, path, "nobody is known"); strings.Contains(string(resp.Body), "ana-") {
				w.Fatalf("GET %s was answered 401, and tells all the same who is there: %q", path, resp.Body)
			}
			guard.expectGet(http.StatusUnauthorized, path+"?ticket="+guard.ticketOf(as(w, "bob")), "a ticket is for one connection, and for no list")
			guard.expectGet(http.StatusUnauthorized, path+"?token="+tokenOf(w, "bob"), "the token is in the URL")
			guard.expectGet(http.StatusUnauthorized, path, "the token has ended", as(w, "bob", "exp", time.Now().Unix()))
		}
		open.expectGet(http.StatusOK, "/rooms/den", "this server has no Config.Auth")
	})
}
