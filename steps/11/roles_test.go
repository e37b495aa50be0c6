package chat_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/11"
	"wsworkshop/steps/11/auth"
)

// Task 11.7 (6 points, after 11.6): Each message is authorised.
//
// Rules: 11.x.
func TestBroadcastNeedsARole(t *testing.T) {
	for _, transport := range transports {
		testclient.Run(t, func(w *testclient.World) {
			var asked atomic.Int32
			cfg := guarded(w, lasting)
			cfg.Moderate = func(context.Context, chat.Message) error {
				asked.Add(1)
				return nil
			}
			s := start(w, cfg)
			admin := s.join(transport, "ana", "den", as(w, "ana", "roles", []string{"poet", "admin"}))
			for _, roles := range []any{nil, []string{}, []string{"poet"}, []string{"ADMIN"}, []string{"administrator", "adm"}, []string{"*"}} {
				bob := s.join(transport, "bob", "hall", as(w, "bob", "roles", roles))
				bob.SendJSON(map[string]string{"type": "broadcast", "message_id": "b-1", "data": "hear me"})
				expectError(w, bob, "forbidden", "b-1", "only an admin may send to all rooms")
				bob.Say("only here")
				bob.Hear("message only here")
				bob.Tell("ana", "a word")
				admin.Hear("direct a word")
				bob.Leave()
			}
			if n := asked.Load(); n != 12 {
				w.Fatalf("Moderate was asked about %d messages, want 12: those that may be sent", n)
			}
			bob := s.Join("bob", "hall", as(w, "bob"))
			admin.Shout("hear me")
			admin.Hear("broadcast hear me")
			bob.Hear("broadcast hear me")
			s.HearNoMore(admin, bob)
		})
	}
}

// Task 11.7: Without tokens, everybody may send to all.
//
// Rules: 11.x.
func TestBroadcastOnAnOpenServer(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		guard, open := start(w, guarded(w, lasting)), start(w, lasting)
		bob := guard.Join("bob", "den", as(w, "bob"))
		bob.Shout("hear me")
		expectError(w, bob, "forbidden", "", "bob is no admin")
		bob = open.Join("bob", "den")
		bob.Shout("hear me")
		bob.Hear("broadcast hear me")
	})
}

// people are roles that change.
type people struct {
	mu    sync.Mutex
	roles map[string][]string
}

func (p *people) set(id string, roles ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.roles[id] = roles
}

func (p *people) of(who auth.Identity) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.roles[who.Subject]
}

// Task 11.7: A role that was withdrawn does not count any more, and one that was given does.
//
// Rules: 11.y.
func TestRolesChange(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		known := &people{roles: map[string][]string{}}
		cfg := guarded(w, lasting)
		cfg.Roles = known.of
		s := start(w, cfg)
		ana, bob := s.Join("ana", "den", as(w, "ana", "roles", []string{"admin"})), s.JoinEvents("bob", "den", as(w, "bob"))
		ana.Hear("system bob joined")
		tries := func(c *chattest.Client, allowed bool, why string) {
			w.Helper()
			w.Note("%s", why)
			c.Shout("hear me")
			if !allowed {
				expectError(w, c, "forbidden", "", why)
				return
			}
			ana.Hear("broadcast hear me")
			bob.Hear("broadcast hear me")
		}
		tries(ana, false, "ana's token says admin, and Config.Roles does not")
		for range 2 {
			known.set("ana", "poet", "admin")
			tries(ana, true, "Config.Roles says that ana is an admin")
			tries(bob, false, "bob is none")
			known.set("ana")
			tries(ana, false, "that was withdrawn")
			known.set("bob", "admin")
			tries(bob, true, "Config.Roles says that bob is an admin")
			known.set("bob", "poet")
			tries(bob, false, "that was withdrawn")
		}
		w.Sleep(time.Second)
		s.HearNoMore(ana, bob)
	})
}

// Task 11.7: The roles of a new token count at once.
//
// Rules: 11.y.
func TestRolesOfANewToken(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := start(w, guarded(w, lasting))
		ana := s.Join("ana", "den", as(w, "ana", "roles", []string{"admin"}))
		ana.Shout("one")
		ana.Hear("broadcast one")
		for range 2 {
			renew(ana, tokenOf(w, "ana"))
			ana.Expect("the answer to auth", chattest.IsType("auth"))
			ana.Shout("two")
			expectError(w, ana, "forbidden", "", "ana's new token has no role")
			renew(ana, tokenOf(w, "ana", "roles", []string{"admin"}))
			ana.Expect("the answer to auth", chattest.IsType("auth"))
			ana.Shout("three")
			ana.Hear("broadcast three")
		}
	})
}
