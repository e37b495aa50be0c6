package chat_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/11"
	"wsworkshop/solutions/11/auth"
	"wsworkshop/solutions/11/wire"
)

// Task 11.6 (12 points, after 11.5): A connection ends with its token, unless another one comes in time.
//
// Rules: 11.t.
func TestConnectionEndsWithItsToken(t *testing.T) {
	for _, transport := range transports {
		for _, leeway := range []time.Duration{0, 20 * time.Second} {
			testclient.Run(t, func(w *testclient.World) {
				cfg := lasting
				cfg.Auth = newVerifier(w, leeway, secretKey)
				cfg.ResumeWindow = time.Hour
				w.Note("Leeway is %v", leeway)
				s := start(w, cfg)
				ana := s.Join("ana", "den", as(w, "ana"))
				bob := s.join(transport, "bob", "den", as(w, "bob", "exp", time.Now().Unix()+90))
				ana.Hear("system bob joined")
				w.Sleep(90*time.Second + leeway - 1100*time.Millisecond)
				bob.Say("still here")
				bob.Hear("message still here")
				ana.Hear("message still here")
				w.Sleep(time.Second)
				expectEnd(bob, transport, 1008, "bob's token has ended")
				ana.Hear("system bob left")
				s.expectStatus(401, transport, chattest.Path("bob", "den")+"&session_id="+bob.Session, "the token has ended, and a session does not stand for one",
					as(w, "bob", "exp", time.Now().Unix()-1-int64(leeway.Seconds())))
				back := s.Arrive("bob", "den", chattest.Since{Session: bob.Session}, as(w, "bob"))
				if !back.Resumed {
					w.Fatalf("bob has another token and wants to go on, and his session was not resumed (%s)", back.Reason)
				}
				s.HearNoMore(back.Ignoring("system", "message"))
			})
		}
	}
}

// Task 11.6: A connection ends with the key of its token, if that comes first.
//
// Rules: 11.t.
func TestConnectionEndsWithItsKey(t *testing.T) {
	for _, transport := range transports {
		testclient.Run(t, func(w *testclient.World) {
			old := secretKey
			old.Until = time.Now().Add(time.Minute)
			cfg := lasting
			cfg.Auth = newVerifier(w, 20*time.Second, old, publicKey)
			s := start(w, cfg)
			bob := s.join(transport, "bob", "den", as(w, "bob"))
			w.Sleep(58 * time.Second)
			bob.Say("still here")
			bob.Hear("message still here")
			w.Sleep(time.Minute - w.Elapsed())
			expectEnd(bob, transport, 1008, "the key of bob's token has ended")
		})
	}
}

// Task 11.6: What a client has said reaches nobody after the end of its token.
//
// Rules: 11.t.
func TestNothingIsHeardAfterTheEnd(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		asked, over := make(chan struct{}), make(chan struct{})
		cfg := guarded(w, lasting)
		cfg.Moderate = func(_ context.Context, m chat.Message) error {
			if m.From == "bob" {
				close(asked)
				<-over // whatever becomes of the connection
			}
			return nil
		}
		s := start(w, cfg)
		ana := s.Join("ana", "den", as(w, "ana"))
		bob := s.Join("bob", "den", as(w, "bob", "exp", expiring(w, 30*time.Second)))
		ana.Hear("system bob joined")
		bob.Say("too late")
		<-asked
		w.Sleep(29*time.Second - w.Elapsed())
		bob.Within(3 * time.Second).ExpectClose(1008)
		close(over)
		w.Sleep(time.Second)
		ana.Hear("system bob left")
		ana.Say("hello")
		ana.Hear("message hello")
		s.HearNoMore(ana)
	})
}

// Task 11.6: A connection that began with a ticket ends with the token behind it.
//
// Rules: 11.t.
func TestTicketsConnectionEnds(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := start(w, guarded(w, lasting))
		for _, transport := range transports {
			ticket := s.ticketOf(as(w, "bob", "exp", time.Now().Unix()+60))
			c, _ := s.expectStatus(200, transport, "/ws/bob?room_id=den&ticket="+ticket, "the ticket holds", testclient.As("bob"))
			w.Sleep(59 * time.Second)
			s.expectMembers("den", "the token has not ended", "bob")
			w.Sleep(2 * time.Second)
			s.expectMembers("den", "the token has ended")
			c.ExpectEnd()
		}
	})
}

// renew sends a token in place.
func renew(c *chattest.Client, token string) {
	c.SendJSON(map[string]string{"type": "auth", "message_id": "r-1", "data": token})
}

// expectRenewed fails unless a client is told that its new token holds until so long after the test began.
func expectRenewed(w *testclient.World, c *chattest.Client, until time.Duration) {
	w.Helper()
	m := c.Expect(`{"type":"auth","message_id":"r-1"}`, chattest.IsType("auth"))
	got := chattest.Parse(m)
	var data struct {
		ExpiresAt time.Time `json:"expires_at"`
	}
	if got.ID != "r-1" || json.Unmarshal(got.Data, &data) != nil {
		w.Fatalf("%s got %s, want the message_id of the client's auth, and data with expires_at", c.Name(), m)
	}
	if at := w.Elapsed() - time.Since(data.ExpiresAt); at != until {
		w.Fatalf("%s was told that its token holds until %v, want %v", c.Name(), at, until)
	}
}

// expiring is the exp of a token that ends so long after the test began.
func expiring(w *testclient.World, at time.Duration) int64 {
	return time.Now().Add(at - w.Elapsed()).Unix()
}

// Task 11.6: A new token is sent in place.
//
// Rules: 11.u.
func TestTokenIsRenewed(t *testing.T) {
	for _, transport := range transports {
		testclient.Run(t, func(w *testclient.World) {
			s := start(w, guarded(w, lasting))
			ana := s.Join("ana", "den", as(w, "ana"))
			bob := s.join(transport, "bob", "den", as(w, "bob", "exp", expiring(w, 100*time.Second)))
			ana.Hear("system bob joined")
			w.Sleep(50 * time.Second)
			renew(bob, tokenOf(w, "bob", "exp", expiring(w, 300*time.Second)))
			expectRenewed(w, bob, 300*time.Second)
			if n := len(s.records("token renewed")); n != 1 {
				w.Fatalf("the log has %d records \"token renewed\", want 1", n)
			}
			w.Sleep(100 * time.Second)
			bob.Say("the first token has ended")
			bob.Hear("message the first token has ended")
			renew(bob, tokenOf(w, "bob", "exp", expiring(w, 200*time.Second)))
			expectRenewed(w, bob, 200*time.Second)
			w.Sleep(199*time.Second - w.Elapsed())
			ana.Hear("message the first token has ended")
			s.expectMembers("den", "the latest token ends at 200s", "ana", "bob")
			w.Sleep(2 * time.Second)
			expectEnd(bob, transport, 1008, "the latest token has ended, even though the one before it would hold")
			ana.Hear("system bob left")
			s.HearNoMore(ana)
		})
	}
}

// Task 11.6: The latest token counts, also if it says less.
//
// Rules: 11.u.
func TestRenewedRights(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		cfg := guarded(w, lasting)
		cfg.Moderate = func(_ context.Context, m chat.Message) error {
			if m.Type == wire.TypeAuth {
				w.Errorf("Moderate was asked about an auth: a token is no business of its")
			}
			return nil
		}
		s := start(w, cfg)
		ana := s.Join("ana", "den", as(w, "ana", "roles", []string{"admin"}))
		hour := w.Elapsed() + time.Hour
		renew(ana, tokenOf(w, "ana", "rooms", []string{"den"}, "exp", expiring(w, hour)))
		expectRenewed(w, ana, hour)
		renew(ana, tokenOf(w, "ana", "rooms", []string{"den", "hall"}, "roles", []string{"admin"}, "exp", expiring(w, hour)))
		expectRenewed(w, ana, hour)
		ana.Shout("to all")
		ana.Hear("broadcast to all")
		bob := s.Join("bob", "den", as(w, "bob"))
		renew(bob, tokenOf(w, "bob", "roles", []string{"admin"}, "exp", expiring(w, hour)))
		expectRenewed(w, bob, hour)
		bob.Shout("to all")
		bob.Hear("broadcast to all")
	})
}

// Task 11.6: A token that is not for this client in this room changes nothing.
//
// Rules: 11.v.
func TestRenewalIsRefused(t *testing.T) {
	for _, transport := range transports {
		testclient.Run(t, func(w *testclient.World) {
			s := start(w, guarded(w, lasting))
			ana := s.Join("ana", "den", as(w, "ana"))
			bob := s.join(transport, "bob", "den", as(w, "bob", "exp", expiring(w, 100*time.Second)))
			ana.Hear("system bob joined")
			good := tokenOf(w, "bob", "exp", expiring(w, time.Hour))
			for why, token := range map[string]string{
				"the token is ana's":           tokenOf(w, "ana"),
				"the token is not for den":     tokenOf(w, "bob", "rooms", []string{"attic"}),
				"the token has no rooms":       tokenOf(w, "bob", "rooms", nil),
				"the token has ended":          tokenOf(w, "bob", "exp", expiring(w, w.Elapsed()-time.Second)),
				"the token is not signed":      good[:len(good)-43],
				"the token is for payroll":     tokenOf(w, "bob", "aud", "payroll.example"),
				"the token is no token at all": "x",
			} {
				renew(bob, token)
				expectError(w, bob, "forbidden", "r-1", why)
			}
			bob.Say("still here")
			bob.Hear("message still here")
			ana.Hear("message still here")
			w.Sleep(99*time.Second - w.Elapsed())
			s.expectMembers("den", "bob's token has not ended", "ana", "bob")
			w.Sleep(2 * time.Second)
			expectEnd(bob, transport, 1008, "bob's token has ended, and no other one was for him")
			ana.Hear("system bob left")
			s.HearNoMore(ana)
		})
	}
}

// moody is an Authenticator that says who everybody is, and returns an error beside that when it has one.
type moody struct {
	who auth.Identity
	mu  sync.Mutex
	err error
}

func (m *moody) Authenticate(string) (auth.Identity, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.who, m.err
}

func (m *moody) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.err = err
}

// Task 11.6: An error counts, whatever comes with it.
//
// Rules: 11.v.
func TestRenewalFails(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		m := &moody{who: auth.Identity{Subject: "bob", Rooms: []string{"den"}, Expires: time.Now().Add(time.Hour)}}
		cfg := lasting
		cfg.Auth = m
		s := start(w, cfg)
		bob := s.Join("bob", "den", bearing("x"))
		m.fail(auth.ErrInvalid)
		renew(bob, "x")
		expectError(w, bob, "forbidden", "r-1", "the Authenticator says that the token does not hold")
		m.fail(fmt.Errorf("ask keys.internal: %w: connection refused", chat.ErrUnavailable))
		renew(bob, "x")
		expectError(w, bob, "unavailable", "r-1", "the Authenticator cannot find out")
		m.fail(nil)
		renew(bob, "x")
		expectRenewed(w, bob, time.Hour)
	})
}

// Task 11.6: On a server without tokens there is no such message.
//
// Rules: 11.w.
func TestNothingToRenew(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		guard, open := start(w, guarded(w, lasting)), start(w, lasting)
		known := guard.Join("bob", "den", as(w, "bob"))
		renew(known, tokenOf(w, "bob", "exp", expiring(w, time.Hour)))
		expectRenewed(w, known, time.Hour)
		bob := open.Join("bob", "den")
		renew(bob, tokenOf(w, "bob"))
		expectError(w, bob, "unknown_type", "r-1", "this server has no Config.Auth")
		open.HearNoMore(bob)
	})
}

// Task 11.6: Many renewals at once are no race, and the connection still ends.
//
// Rules: 11.t, 11.u.
func TestRenewalRush(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, _ *server) {
		s := start(w, guarded(w, lasting))
		bob := s.JoinEvents("bob", "den", as(w, "bob", "exp", expiring(w, 100*time.Second)))
		w.Rush(20, func(i int) {
			bob.PostMessage(`{"type":"auth","data":"` + tokenOf(w, "bob", "exp", expiring(w, 100*time.Second)) + `"}`)
		})
		w.Sleep(99*time.Second - w.Elapsed())
		s.expectMembers("den", "the token has not ended", "bob")
		bob.Ignoring("auth").Within(3*time.Second).ExpectEnd(1008, "the token has ended")
	})
}
