package chat_test

import (
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/12"
)

// rates are the numbers of one window of per_minute.
type rates struct{ connects, disconnects, messages, errors float64 }

// expectRates fails unless the rates of a window are these.
func (s *server) expectRates(window string, want rates, why string) {
	s.w.Helper()
	got, ok := s.statsNow().PerMinute[window]
	if !ok {
		s.w.Fatalf("per_minute in /stats has no %q", window)
	}
	near := func(a, b float64) bool { return a > b-.001 && a < b+.001 }
	if !near(got.Connects, want.connects) || !near(got.Disconnects, want.disconnects) ||
		!near(got.Messages, want.messages) || !near(got.Errors, want.errors) {
		s.w.Fatalf("per_minute[%q] in /stats is %+v, want %+v: %s", window, got, want, why)
	}
}

// Task 12.7 (8 points, after 12.6): Rates tell of the last minute, and of the last five.
//
// Rules: 12.x.
func TestRates(t *testing.T) {
	run(t, failing, func(w *testclient.World, s *server) {
		s.expectRates("1m", rates{}, "nothing has happened")
		w.Sleep(500 * time.Millisecond) // in the middle of a second
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		for range 10 {
			ana.Say("hello")
		}
		ana.Say("bug")
		ana.Send("{")
		bob.Leave() // 3.5 s
		all := rates{2, 1, 12, 2}
		w.Sleep(time.Second)
		s.expectRates("1m", all, "all that was in the last minute")
		s.expectRates("5m", rates{.4, .2, 2.4, .4}, "the same, in five minutes, for each minute")
		w.Sleep(50 * time.Second)
		s.expectRates("1m", all, "all that was in the last minute")
		w.Sleep(15 * time.Second)
		s.expectRates("1m", rates{}, "all that was more than a minute ago")
		s.expectRates("5m", rates{.4, .2, 2.4, .4}, "all that was in the last five minutes")
		for range 5 {
			ana.Say("hello")
		}
		w.Sleep(time.Second)
		s.expectRates("1m", rates{0, 0, 5, 0}, "five messages in the last minute")
		s.expectRates("5m", rates{.4, .2, 3.4, .4}, "17 messages in the last five minutes")
		w.Sleep(285*time.Second - 70*time.Second)
		s.expectRates("5m", rates{.4, .2, 3.4, .4}, "all that was in the last five minutes")
		w.Sleep(25 * time.Second)
		s.expectRates("5m", rates{0, 0, 1, 0}, "the first twelve messages were more than five minutes ago")
	})
}

// Task 12.7: Old numbers do not come back, however long it was quiet.
//
// Rules: 12.x.
func TestRatesForget(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		ana.Say("hello")
		w.Sleep(time.Second)
		s.expectRates("1m", rates{1, 0, 1, 0}, "ana has come, and has said something")
		for range 40 { // ten hours
			w.Sleep(15 * time.Minute)
			s.expectRates("1m", rates{}, "it was quiet for a quarter of an hour or more")
			s.expectRates("5m", rates{}, "it was quiet for a quarter of an hour or more")
		}
		for _, pause := range []time.Duration{14 * time.Minute, 15 * time.Minute, 901*time.Second - 100*time.Millisecond, 16 * time.Minute, time.Hour, 5 * time.Minute} {
			w.Sleep(pause)
			ana.Say("hello")
			w.Sleep(100 * time.Millisecond)
			s.expectRates("1m", rates{0, 0, 1, 0}, "ana has said something after a pause")
		}
	})
}

// Task 12.7: The window slides.
//
// Rules: 12.x.
func TestRatesSlide(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		w.Sleep(1500 * time.Millisecond)
		for i := range 120 { // for two minutes, a message each second
			ana.Say("hello")
			w.Sleep(time.Second)
			got := s.statsNow().PerMinute["1m"].Messages
			if want := float64(min(i+1, 60)); got < want-1 || got > want+1 {
				w.Fatalf("per_minute[\"1m\"].messages in /stats is %v, want %v: ana has said something every second for %d s", got, want, i+1)
			}
		}
	})
}
