package chat_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/12"
)

// update is what a dashboard gets.
type update struct {
	StartedAt time.Time `json:"started_at"`
	Samples   []sample  `json:"samples"`
	Stats     stats     `json:"stats"`
}

type sample struct {
	At          int64    `json:"at"`
	Connections int      `json:"connections"`
	Messages    int      `json:"messages"`
	Errors      int      `json:"errors"`
	RoundTrip   *float64 `json:"round_trip_ms"`
}

// watch connects a dashboard.
func (s *server) watch(opts ...testclient.DialOption) *testclient.Client {
	return s.admin.Dial("/admin/live", append([]testclient.DialOption{testclient.As("dashboard")}, opts...)...)
}

// nextUpdate reads the next update, which must come within a second.
func nextUpdate(w *testclient.World, c *testclient.Client) update {
	w.Helper()
	m := c.Within(1100*time.Millisecond).Expect("an update", func(testclient.Message) bool { return true })
	var u update
	if err := json.Unmarshal(m.Data, &u); err != nil {
		w.Fatalf("the dashboard got %s, which is not the JSON of the Contract: %v", m, err)
	}
	return u
}

// checkSamples fails unless the samples are those of the seconds from first on, one for each.
func checkSamples(w *testclient.World, first int64, samples []sample, why string) {
	w.Helper()
	for i, got := range samples {
		if want := first + int64(i); got.At != want {
			w.Fatalf("sample %d of %d is about the second %d, want %d: %s", i+1, len(samples), got.At, want, why)
		}
	}
}

// Task 12.10 (5 points, after 12.7): A dashboard hears at once what has been, and then every second.
//
// Rules: 12.bh.
func TestFeed(t *testing.T) {
	run(t, failing, func(w *testclient.World, s *server) {
		began := time.Now().Unix()
		w.Sleep(500 * time.Millisecond)
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den") // in seconds 0 and 1
		ana.Say("one")                                         // in second 2
		ana.Say("bug")
		w.Sleep(time.Second)
		bob.Leave() // in second 3
		w.Sleep(2 * time.Second)
		d := s.watch()
		u := nextUpdate(w, d) // in second 6
		if len(u.Samples) != 6 {
			w.Fatalf("the first update has %d samples, want 6: the server is 6.5 s old, and the second that is now is not over", len(u.Samples))
		}
		checkSamples(w, began, u.Samples, "the server began then")
		for i, want := range []sample{{Connections: 1}, {Connections: 2}, {Connections: 2, Messages: 2, Errors: 1}, {Connections: 1}, {Connections: 1}, {Connections: 1}} {
			got := u.Samples[i]
			if got.Connections != want.Connections || got.Messages != want.Messages || got.Errors != want.Errors || got.RoundTrip != nil {
				w.Fatalf("the sample of second %d is %+v, want %+v", i, got, want)
			}
		}
		if u.Stats.Connections != 1 || u.Stats.Totals.Connections != 2 || u.StartedAt.Unix() != began {
			w.Fatalf("the first update has started_at %v and stats %+v, want those of /stats", u.StartedAt, u.Stats)
		}
		for i := range 5 {
			ana.Say("hello")
			u := nextUpdate(w, d)
			if len(u.Samples) != 1 {
				w.Fatalf("an update has %d samples, want the one of the second that has passed", len(u.Samples))
			}
			checkSamples(w, began+6+int64(i), u.Samples, "each second comes once")
			if u.Samples[0].Messages != 1 || u.Samples[0].Connections != 1 {
				w.Fatalf("the sample of a second is %+v, want one message and one connection", u.Samples[0])
			}
		}
	})
}

// Task 12.10: The server remembers fifteen minutes.
//
// Rules: 12.bh.
func TestFeedRemembers(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		began := time.Now().Unix()
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		ana.Say("hello")
		w.Sleep(14 * time.Minute)
		u := nextUpdate(w, s.watch())
		checkSamples(w, began, u.Samples, "the server began then")
		if len(u.Samples) < 840 || u.Samples[10].Connections != 2 || u.Samples[0].Connections != 1 {
			w.Fatalf("the first update has %d samples, want those of the last 14 minutes", len(u.Samples))
		}
		w.Sleep(2 * time.Minute)
		bob.Leave()
		w.Sleep(2 * time.Minute)
		u = nextUpdate(w, s.watch())
		if n := len(u.Samples); n != 900 {
			w.Fatalf("the first update has %d samples, want 900: one for each second of the last 15 minutes", n)
		}
		checkSamples(w, time.Now().Unix()-int64(len(u.Samples)), u.Samples, "they end with the second before now")
		first, last := u.Samples[0], u.Samples[len(u.Samples)-1]
		if first.Connections != 2 || last.Connections != 1 || first.Messages != 0 {
			w.Fatalf("the first sample is %+v and the last %+v: bob has left two minutes ago, and ana said hello 18 minutes ago", first, last)
		}
	})
}

// Task 12.10: The slowest round trip of a second is told.
//
// Rules: 12.bh.
func TestFeedTellsRoundTrips(t *testing.T) {
	runTrips(t, beating, func(w *testclient.World, s *server) {
		s.Join("ana", "den", away(25*time.Millisecond)...)
		s.Join("bob", "den", away(100*time.Millisecond)...)
		w.Sleep(30 * time.Second)
		slowest := 0.0
		for _, sample := range nextUpdate(w, s.watch()).Samples {
			if sample.RoundTrip != nil {
				slowest = max(slowest, *sample.RoundTrip)
			}
		}
		if slowest < 199.9 || slowest > 200.1 {
			w.Fatalf("the slowest round_trip_ms of all samples is %v, want 200: bob's messages take 100 ms each way", slowest)
		}
	})
}

// Task 12.10: Of several round trips in a second, the slowest is told, and not the latest.
//
// Rules: 12.bh.
func TestFeedTellsTheSlowest(t *testing.T) {
	run(t, beating, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		var acks []string
		for range 2 {
			beat := ana.Within(11*time.Second).Expect("a heartbeat", chattest.IsType("heartbeat"))
			acks = append(acks, fmt.Sprintf(`{"type":"heartbeat_ack","message_id":%q}`, chattest.Parse(beat).ID))
		}
		w.Sleep(time.Second)
		ana.Send(acks[0])
		ana.Send(acks[1])
		w.Sleep(time.Second)
		var told []float64
		for _, sample := range nextUpdate(w, s.watch()).Samples {
			if sample.RoundTrip != nil {
				told = append(told, *sample.RoundTrip)
			}
		}
		if len(told) != 1 || told[0] < 10999 || told[0] > 11001 {
			w.Fatalf("the samples have the round_trip_ms %v, want 11000 alone: in one second ana has answered a heartbeat of 11 s ago, then one of 1 s ago", told)
		}
	})
}

// Task 12.10: Only pages of the same origin get in, and programs.
//
// Rules: 12.bi.
func TestDashboardOfAnotherOrigin(t *testing.T) {
	run(t, chat.Config{Origins: []string{"http://chat.example"}}, func(w *testclient.World, s *server) {
		own := "http://" + s.admin.Addr()
		for _, origin := range []string{"http://evil.example", "http://chat.example", "https://" + s.admin.Addr(), own + ".evil.example", own + ":81", "null", ""} {
			header := testclient.Header("Origin", origin)
			s.admin.Refused("/admin/live", []int{403}, header)
			if resp := s.admin.Get("/admin/live", header); resp.Status != 403 {
				w.Fatalf("GET /admin/live with the Origin %q was answered %d, want 403: it is not the page's own", origin, resp.Status)
			}
		}
		nextUpdate(w, s.watch(testclient.Header("Origin", own)))
		nextUpdate(w, s.watch())
		s.metrics().expectSum(0, "a page that may not watch is no client", "chat_refusals_total")
	})
}

// Task 12.10: A dashboard is no client.
//
// Rules: 12.bi.
func TestDashboardIsNoClient(t *testing.T) {
	run(t, chat.Config{MaxConnections: 1}, func(w *testclient.World, s *server) {
		s.admin.Refused("/admin/live", []int{403}, testclient.Header("Origin", "http://evil.example"))
		one, two := s.watch(), s.watch(testclient.Header("Origin", "http://"+s.admin.Addr()))
		nextUpdate(w, one)
		nextUpdate(w, two)
		m := s.metrics()
		m.expectSum(0, "dashboards are no clients", "chat_connections")
		m.expectSum(0, "dashboards are no clients", "chat_connections_opened_total")
		m.expectSum(0, "a page that may not watch is no client", "chat_refusals_total")
		m.expectSum(0, "what a dashboard gets is no message of the chat", "chat_messages_sent_total")
		m.expect(1, "dashboards do not count", "chat_ready")
		two.Close(1000, "")
		two.ServerHungUp(time.Second)
		s.ExpectSeat("ana", "den", "dashboards take no place")
	})
}

// Task 12.10: The feed ends with the server, and for a dashboard that does not read.
//
// Rules: 12.bj.
func TestFeedEnds(t *testing.T) {
	run(t, chat.Config{CloseTimeout: 3 * time.Second}, func(w *testclient.World, s *server) {
		d, stalled := s.watch(), s.watch(testclient.Buffer(1024))
		stalled.Stall()
		w.Sleep(time.Minute)
		stalled.ServerHungUp(time.Second)
		d.Drain()
		ana := s.Join("ana", "den", testclient.NoAutoClose())
		nextUpdate(w, d)
		go s.chat.Close()
		ana.ExpectClose(1001)
		nextUpdate(w, d)
		nextUpdate(w, d)
		w.Note("ana's connection ends")
		w.Sleep(time.Second)
		d.PassingOver(func(testclient.Message) bool { return true }).ExpectClose(1001)
	})
}

// Task 12.10: The feed ends when GuardAdmin says so.
//
// Rules: 12.bj.
func TestFeedEndsWithItsContext(t *testing.T) {
	cfg := chat.Config{GuardAdmin: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(r.Context(), 10*time.Second)
			defer cancel()
			next.ServeHTTP(rw, r.WithContext(ctx))
		})
	}}
	run(t, cfg, func(w *testclient.World, s *server) {
		d := s.watch()
		for range 9 {
			nextUpdate(w, d)
		}
		d.Within(3 * time.Second).PassingOver(func(testclient.Message) bool { return true }).ExpectClose(1008)
	})
}
