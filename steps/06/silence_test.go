package chat_test

import (
	"fmt"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
)

// Task 6.6 (10 points, after 6.3, 6.4): Refusals are limited too: the rest is silence.
//
// Rules: 6.x.
func TestRefusalsAreLimited(t *testing.T) {
	run(t, limited(3, 10*time.Second), func(w *testclient.World, s *server) {
		ana := s.join("ana", "den")
		for range 3 {
			use(ana, 3, "well")
			w.Sleep(3 * time.Second)
			for i := range 30 {
				ana.SendJSON(outgoing{Type: "message", Data: "flood", ID: fmt.Sprint(i)})
			}
			for i := range 3 {
				expectRefused(w, ana, fmt.Sprint(i))
			}
			w.Note("three refusals are answered: no more answers are due for 10s")
			ana.Silence(time.Second)
			w.Sleep(4 * time.Second)
			say(ana, "flood")
			ana.Silence(time.Second)
			w.Sleep(15 * time.Second)
		}
	})
}

// Task 6.6: That limit slides as well: an answer for each that is old enough.
//
// Rules: 6.x.
func TestRefusalsAreLimitedInAnyWindow(t *testing.T) {
	run(t, limited(2, 10*time.Second), func(w *testclient.World, s *server) {
		ana := s.join("ana", "den")
		use(ana, 2, "well")
		began := w.Elapsed()
		for _, step := range []struct {
			at   time.Duration // since ana said her two things
			what string
			told bool
		}{
			{1 * time.Second, "the first", true},
			{7 * time.Second, "the second", true},
			{8 * time.Second, "two have been answered", false},
			{9 * time.Second, "two have been answered", false},
			{11500 * time.Millisecond, "", true}, // two are admitted before it
			{12 * time.Second, "those at 7s and 11.5s count", false},
			{16500 * time.Millisecond, "those at 7s and 11.5s count", false},
			{17500 * time.Millisecond, "the one at 7s is older than a window", true},
			{18 * time.Second, "those at 11.5s and 17.5s count", false},
		} {
			w.Sleep(began + step.at - w.Elapsed())
			if step.what == "" {
				use(ana, 2, "well")
			}
			say(ana, "one too many")
			if step.told {
				expectRefused(w, ana, "")
				continue
			}
			w.Note("no answer is due: %s", step.what)
			ana.Silence(200 * time.Millisecond)
		}
	})
}

// Task 6.6: The limit is on these refusals alone: what else is wrong with a message is always told.
//
// Rules: 6.y.
func TestOtherErrorsAreTold(t *testing.T) {
	run(t, limited(2, 10*time.Second), func(w *testclient.World, s *server) {
		ana := s.join("ana", "den")
		use(ana, 2, "well")
		w.Sleep(9 * time.Second)
		for range 5 {
			say(ana, "one too many")
		}
		expectRefused(w, ana, "")
		expectRefused(w, ana, "")
		w.Sleep(2 * time.Second)
		sayBad(ana, `{`, `{"type":"direct","to":"nobody","data":"hi"}`)
		say(ana, "one too many")
		w.Note("no answer is due: two have been answered")
		ana.Silence(time.Second)
	})
}

// sayBad sends messages with which something else is wrong than their number, and expects to be told.
func sayBad(c *testclient.Client, texts ...string) {
	for _, text := range texts {
		c.Send(text)
		c.Expect("an error that says what is wrong", func(m testclient.Message) bool {
			got := parse(m)
			return got.Type == "error" && got.Code != "rate_limited"
		})
	}
}

// Task 6.6: Nor do other errors use up what may be told of these refusals.
//
// Rules: 6.y.
func TestOtherErrorsUseUpNothing(t *testing.T) {
	run(t, limited(2, 10*time.Second), func(w *testclient.World, s *server) {
		ana := s.join("ana", "den")
		sayBad(ana, `{`, `{"type":"direct","to":"nobody","data":"hi"}`)
		w.Note("no error was rate_limited: two of those may follow")
		for range 2 {
			say(ana, "one too many")
			expectRefused(w, ana, "")
		}
		say(ana, "one too many")
		ana.Silence(time.Second)
	})
}

// Task 6.6: Each client is told by itself, and is not told again because it has come again, from wherever and into whatever room.
//
// Rules: 6.x.
func TestRefusalsAreLimitedForEach(t *testing.T) {
	run(t, limited(2, 10*time.Minute), func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "lobby")
		use(ana, 2, "well")
		use(bob, 2, "well")
		for i, room := range []string{"den", "attic", "attic", "den", "lobby"} {
			say(ana, "one too many")
			if i < 2 {
				expectRefused(w, ana, "")
			} else {
				w.Note("no answer is due, on whatever connection, in whatever room")
				ana.Silence(time.Second)
			}
			s.leave(ana, i%2 == 0)
			ana = s.join("ana", room, testclient.From(fmt.Sprint("203.0.113.", 7+i)))
		}
		for range 2 {
			say(bob, "one too many")
			expectRefused(w, bob, "")
		}
		say(bob, "one too many")
		bob.Silence(time.Second)
	})
}
