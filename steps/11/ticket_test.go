package chat_test

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	"wsworkshop/steps/11/auth"
)

// ticketOf gets a ticket for the token of one of the options.
func (s *server) ticketOf(opts ...testclient.DialOption) string {
	s.w.Helper()
	resp := s.expectGet(http.StatusOK, "/ticket", "the token holds", append(opts, post)...)
	var got struct {
		Ticket    string `json:"ticket"`
		ExpiresIn int    `json:"expires_in"`
	}
	if resp.JSON(&got) != nil || len(got.Ticket) < 20 || got.ExpiresIn != 30 {
		s.w.Fatalf("POST /ticket was answered with %s, want a ticket that nobody can guess, and expires_in 30", resp.Body)
	}
	return got.Ticket
}

// Task 11.4 (8 points, after 11.3): A ticket stands for a token, once and for half a minute.
//
// Rules: 11.n, 11.o.
func TestTicket(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := start(w, guarded(w, lasting))
		ana := s.Join("ana", "den", as(w, "ana"))
		seen := map[string]bool{}
		for i, transport := range transports {
			ticket := s.ticketOf(as(w, "bob"))
			if seen[ticket] {
				w.Fatalf("the server gave the same ticket twice")
			}
			seen[ticket] = true
			path := "/ws/bob?room_id=den&ticket=" + ticket
			c, _ := s.expectStatus(http.StatusOK, transport, path, "bob has a ticket", testclient.As(fmt.Sprint("bob", i)))
			w.Sleep(time.Second)
			ana.Hear("system bob joined")
			s.expectStatus(http.StatusUnauthorized, transport, path, "the ticket was used before")
			c.Cut()
			w.Sleep(time.Second)
			ana.Hear("system bob left")
			s.expectStatus(http.StatusUnauthorized, transport, path, "the ticket was used before")
			for seenBefore := range seen {
				s.expectNoSecret(seenBefore)
			}
		}
	})
}

// Task 11.4: No ticket is in the log, wherever its client puts it.
//
// Rules: 11.l.
func TestLogHasNoTicket(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := start(w, guarded(w, lasting))
		ticket := s.ticketOf(as(w, "bob"))
		for _, transport := range transports {
			for _, path := range []string{"/ws/" + ticket, "/ws/bob?room_id=" + ticket, "/ws/bob?session_id=" + ticket, "/ws/bob?last_message_id=" + ticket} {
				s.try(transport, path)
				_, c, _ := s.try(transport, path, as(w, "bob"))
				if c != nil {
					c.Cut()
					w.Sleep(time.Second)
				}
			}
			s.expectStatus(http.StatusUnauthorized, transport, "/ws/bob", "a ticket is no token", bearing(ticket))
			bob := s.join(transport, "bob", "den", as(w, "bob"))
			s.misuse(bob, ticket)
			renew(bob, ticket)
			if transport == websocket {
				bob.Close(1000, "I had "+ticket)
			}
			bob.Cut()
			w.Sleep(time.Second)
		}
		s.expectNoSecret(ticket)
	})
}

// Task 11.4: Only a token gets a ticket.
//
// Rules: 11.n.
func TestWhoGetsATicket(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		guard, open := start(w, guarded(w, lasting)), start(w, lasting)
		ticket := guard.ticketOf(as(w, "bob"))
		if caching := guard.Get("/ticket", post, as(w, "bob")).Header.Get("Cache-Control"); caching != "no-store" {
			w.Fatalf("the answer to POST /ticket has Cache-Control: %q, want no-store: nobody may keep a ticket", caching)
		}
		guard.expectGet(http.StatusUnauthorized, "/ticket", "nobody is known", post)
		guard.expectGet(http.StatusUnauthorized, "/ticket?token="+tokenOf(w, "bob"), "the token is in the URL", post)
		guard.expectGet(http.StatusUnauthorized, "/ticket", "the token has ended", post, as(w, "bob", "exp", time.Now().Unix()))
		guard.expectGet(http.StatusUnauthorized, "/ticket?ticket="+ticket, "a ticket gets no other ticket", post)
		guard.expectGet(http.StatusUnauthorized, "/ticket", "the token is a subprotocol, and not in Authorization",
			post, testclient.Header("Sec-WebSocket-Protocol", "chat.v1, bearer."+tokenOf(w, "bob")))
		guard.expectGet(http.StatusUnauthorized, "/ticket", "there are two tokens", post, as(w, "bob"), as(w, "bob"))
		guard.expectGet(http.StatusUnauthorized, "/ticket", "a ticket is no token", post, bearing(ticket))
		open.expectGet(http.StatusNotFound, "/ticket", "this server has no Config.Auth", post)
		open.expectGet(http.StatusNotFound, "/ticket", "this server has no Config.Auth", post, as(w, "bob"))
	})
}

// Task 11.4: A ticket is used up by the request that has it, whatever comes of that.
//
// Rules: 11.o.
func TestTicketIsUsedUp(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := start(w, guarded(w, lasting))
		for _, transport := range transports {
			ticket := s.ticketOf(as(w, "bob", "rooms", []string{"den"}))
			s.expectStatus(http.StatusUnauthorized, transport, "/ws/bob?room_id=den&ticket="+ticket, "a ticket and a token are two", as(w, "bob"))
			s.expectStatus(http.StatusUnauthorized, transport, "/ws/bob?room_id=den&ticket="+ticket+"&ticket="+ticket, "two tickets are two")
			w.Note("a ticket that is refused for a room %s", "which is a matter of task 11.5")
			ticket = s.ticketOf(as(w, "bob", "rooms", []string{"den"}))
			_, c, _ := s.try(transport, "/ws/bob?room_id=attic&ticket="+ticket)
			if c != nil {
				c.Cut()
				w.Sleep(time.Second)
			}
			s.expectStatus(http.StatusUnauthorized, transport, "/ws/bob?room_id=den&ticket="+ticket, "the ticket was used before, for another room")
		}
	})
}

// Task 11.4: Of many requests at the same moment, one gets in.
//
// Rules: 11.o.
func TestTicketRush(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := start(w, guarded(w, lasting))
		for round := range 5 {
			ticket := s.ticketOf(as(w, "bob"))
			var in atomic.Int32
			w.Rush(20, func(i int) {
				c, _ := s.TryDial("/ws/bob?room_id=den&ticket="+ticket, testclient.As(fmt.Sprint("bob ", round, "/", i)))
				if c != nil {
					in.Add(1)
					c.Cut()
				}
			})
			if in.Load() != 1 {
				w.Fatalf("of 20 requests with one ticket at the same moment, %d got in, want 1", in.Load())
			}
			w.Sleep(time.Second)
		}
	})
}

// Task 11.4: A ticket ends, and so does the token behind it.
//
// Rules: 11.p.
func TestTicketEnds(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := start(w, guarded(w, lasting))
		for _, transport := range transports {
			early, late := s.ticketOf(as(w, "bob")), s.ticketOf(as(w, "bob"))
			short := s.ticketOf(as(w, "bob", "exp", time.Now().Unix()+20))
			w.Sleep(20 * time.Second)
			s.expectStatus(http.StatusUnauthorized, transport, "/ws/bob?ticket="+short, "the token behind the ticket has ended")
			w.Sleep(9900 * time.Millisecond)
			c, _ := s.expectStatus(http.StatusOK, transport, "/ws/bob?ticket="+early, "the ticket is 29.9s old", testclient.As("bob"))
			c.Cut()
			w.Sleep(100 * time.Millisecond)
			s.expectStatus(http.StatusUnauthorized, transport, "/ws/bob?ticket="+late, "the ticket is 30s old")
			w.Sleep(time.Second)
		}
	})
}

// Task 11.4: A connection that began with a ticket has the rights of the token.
//
// Rules: 11.o.
func TestTicketHasTheRightsOfItsToken(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		tickets := auth.NewTickets()
		who := auth.Identity{Subject: "bob", Roles: []string{"admin"}, Rooms: []string{"den"}, Expires: time.Now().Add(time.Hour)}
		id := tickets.Issue(who)
		got, ok := tickets.Redeem(id)
		if !ok || got.Subject != "bob" || len(got.Roles) != 1 || len(got.Rooms) != 1 || !got.Expires.Equal(who.Expires) {
			w.Fatalf("Redeem returned %+v and %v, want %+v and true", got, ok, who)
		}
		if got, ok := tickets.Redeem(id); ok || got.Subject != "" {
			w.Fatalf("Redeem returned %+v and %v for a ticket that was redeemed before, want a zero Identity and false", got, ok)
		}
	})
}

// Task 11.4: Tickets that nobody uses are forgotten.
//
// Rules: 11.q.
func TestTicketsAreForgotten(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		tickets := auth.NewTickets()
		who := auth.Identity{Subject: "bob", Expires: time.Now().Add(time.Hour)}
		for range 100 {
			tickets.Issue(who)
			w.Sleep(100 * time.Millisecond)
		}
		if got := tickets.Len(); got != 100 {
			w.Fatalf("Len() = %d after 100 tickets in 10s, want 100", got)
		}
		last := ""
		for i := range 40 {
			w.Sleep(7 * time.Second)
			last = tickets.Issue(who)
			most := min(i+1, 60/7+1)
			if w.Elapsed() > 70*time.Second && tickets.Len() > most {
				w.Fatalf("Len() = %d, want at most %d: the others were issued more than a minute ago", tickets.Len(), most)
			}
		}
		if _, ok := tickets.Redeem(last); !ok {
			w.Fatalf("the latest ticket does not hold any more")
		}
	})
}
