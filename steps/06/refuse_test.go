package chat_test

import (
	"fmt"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/06"
)

// Task 6.3 (15 points, after 6.1, 6.2): One too many is refused, and goes nowhere.
//
// Rules: 6.q, 6.r.
func TestOneTooManyIsRefused(t *testing.T) {
	run(t, limited(3, 10*time.Second), func(w *testclient.World, s *server) {
		ana := s.join("ana", "den")
		for n, fraction := range []time.Duration{400 * time.Microsecond, 600 * time.Microsecond, 0, 999_999, 1} {
			first := w.Elapsed()
			use(ana, 1, "first")
			w.Sleep(300*time.Millisecond + fraction)
			use(ana, 2, "others")

			ana.SendJSON(outgoing{Type: "message", Data: "one too many", ID: fmt.Sprint("mine-", n)})
			wait, left := expectRefused(w, ana, fmt.Sprint("mine-", n)), first+10*time.Second-w.Elapsed()
			if want := (left + time.Millisecond - 1).Truncate(time.Millisecond); wait != want {
				w.Fatalf("ana was told to wait %dms, want %dms: her first message counts for %v from now, and that is rounded up (rule 6.r)",
					wait.Milliseconds(), want.Milliseconds(), left)
			}
			w.Sleep(wait - time.Millisecond)
			say(ana, "too early by a millisecond")
			expectRefused(w, ana, "")
			w.Sleep(time.Millisecond + 1) // at the very instant is left open
			use(ana, 1, "in time")
			w.Sleep(20 * time.Second)
		}
	})
}

// Task 6.3: A message that is refused goes nowhere, whatever its type; all types have one limit.
//
// Rules: 6.o, 6.p.
func TestRefusedMessageGoesNowhere(t *testing.T) {
	run(t, limited(4, 10*time.Second), func(w *testclient.World, s *server) {
		ana, bob, zoe := s.join("ana", "den"), s.join("bob", "den"), s.join("zoe", "lobby")
		kinds := []string{"message", "broadcast", "direct"}
		send := func(kind, text string) {
			m := outgoing{Type: kind, Data: text}
			if kind == "direct" {
				m.To = "bob"
			}
			ana.SendJSON(m)
		}
		for range 2 {
			send("message", "one")
			send("message", "two")
			send("broadcast", "three")
			send("direct", "four")
			for _, text := range []string{"one", "two", "three"} {
				hear(ana, text)
				hear(bob, text)
			}
			hear(bob, "four")
			hear(zoe, "three")
			for _, kind := range kinds {
				send(kind, "one too many")
				expectRefused(w, ana, "")
			}
			bob.Silence(5 * time.Second)
			zoe.Silence(5 * time.Second)
			ana.Silence(time.Second)
		}
	})
}

// Task 6.3: What is wrong for another reason counts too: it cost as much to read.
//
// Rules: 6.o.
func TestBadMessagesCount(t *testing.T) {
	run(t, limited(11, 10*time.Second), func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		bad := []string{
			`{"type":"shout","message_id":"a"}`, `{`, `{"type":"message","message_id":"b"}`,
			`{"type":"direct","to":"nobody","data":"hi","message_id":"c"}`, `{"type":"message","data":7}`,
			`{"type":"message","data":"hi","colour":"red"}`, `{"type":"message","data":[[[[[[[[[[[[]]]]]]]]]]]]}`,
		}
		for range 2 {
			sayBad(ana, bad...)
			use(ana, 4, "well")
			say(ana, "one too many")
			expectRefused(w, ana, "")
			ana.Send(bad[0])
			expectRefused(w, ana, "a")
			ana.Send(bad[1])
			expectRefused(w, ana, "")
			w.Sleep(11 * time.Second)
		}
		for range 8 {
			hear(bob, "well")
		}
		bob.Silence(time.Second)
	})
}

// Task 6.3: Whoever is refused stays, also if it sends nothing else for long: it is alive.
//
// Rules: 6.s, 6.t.
func TestRefusedClientStays(t *testing.T) {
	cfg := limited(2, 2*time.Minute)
	cfg.HeartbeatInterval, cfg.StaleAfter = 10*time.Second, 30*time.Second
	run(t, cfg, func(w *testclient.World, s *server) {
		ana := s.join("ana", "den", testclient.NoAutoPong())
		use(ana, 2, "well")
		say(ana, "one too many")
		expectRefused(w, ana, "")
		for range 5 {
			w.Sleep(20 * time.Second)
			say(ana, "one too many")
		}
		w.Sleep(20 * time.Second)
		ana.Drain()
		use(ana, 1, "well")
	})
}

// Task 6.3: The limit is what Config says, on each server by itself.
//
// Rules: 6.l.
func TestLimitComesFromConfig(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		for _, c := range []struct {
			limit  int
			window time.Duration
		}{{70, 40 * time.Second}, {150, 2 * time.Minute}} {
			s := start(w, limited(c.limit, c.window))
			w.Note("a server of its own, with RateLimit %d and RateWindow %v", c.limit, c.window)
			ana := s.join("ana", "den")
			w.Sleep(c.window * 5 / 6)
			use(ana, c.limit, "late in a window")
			w.Sleep(c.window / 4)
			say(ana, "early in the next")
			expectRefused(w, ana, "")
			w.Sleep(c.window*3/4 + time.Millisecond)
			use(ana, c.limit, "a window after the others")
			say(ana, "one too many")
			expectRefused(w, ana, "")
		}
	})
}

// Task 6.3: A Config with half a limit, or one below zero, makes no server.
//
// Rules: 6.n.
func TestLimitsThatCannotBe(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		for _, cfg := range []chat.Config{
			{RateLimit: -1, RateWindow: time.Second}, {RateLimit: 3, RateWindow: -time.Second}, {RateLimit: -3, RateWindow: -time.Second},
			{RateLimit: 3}, {RateWindow: time.Second},
		} {
			cfg.Logger = w.Logger()
			s, err := chat.New(cfg)
			if err == nil {
				s.Close()
				w.Fatalf("New with RateLimit %d and RateWindow %v returned no error, want one", cfg.RateLimit, cfg.RateWindow)
			}
		}
		start(w, limited(3, time.Second))
	})
}

// Task 6.3: Zero is no limit.
//
// Rules: 6.m.
func TestZeroIsNoLimit(t *testing.T) {
	run(t, limited(2, 10*time.Second), func(w *testclient.World, s *server) {
		ana := s.join("ana", "den")
		use(ana, 2, "well")
		say(ana, "one too many")
		expectRefused(w, ana, "")
		unlimited := start(w, chat.Config{OutboxSize: 10_000})
		w.Note("another server, whose RateLimit and RateWindow are zero")
		use(unlimited.join("bob", "den"), 150, "well")
	})
}
