package chat_test

import (
	"net/http"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/12"
)

const requests = "chat_http_request_duration_seconds"

// Task 12.5 (8 points, after 12.1): Requests are measured, and connections are not.
//
// Rules: 12.s.
func TestRequestsAreMeasured(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		s.Join("ana", "den")
		s.metrics().expectSum(0, "nobody has asked for anything but a connection", requests)
		get(w, s.Server.Server, 200, "/rooms", "ana is here")
		get(w, s.Server.Server, 200, "/rooms/den", "ana is here")
		get(w, s.Server.Server, 404, "/rooms/cellar", "nobody is there")
		get(w, s.Server.Server, 404, "/rooms/attic", "nobody is there")
		get(w, s.Server.Server, 404, "/no/such/page", "there is none")
		get(w, s.Server.Server, 404, "/another/one", "there is none")
		get(w, s.Server.Server, 200, "/chat.js", "it is a part of the page")
		s.Get("/rooms", testclient.Method("DELETE"))
		s.Get("/rooms", testclient.Method("MADE-UP"))
		m := s.metrics()
		m.expect(1, "", requests, "route=GET /rooms", "status=200")
		m.expect(1, "", requests, "route=GET /rooms/{room_id}", "status=200")
		m.expect(2, "two rooms that do not exist have one route", requests, "route=GET /rooms/{room_id}", "status=404")
		m.expect(2, "two pages that do not exist have one route", requests, "route=GET /", "status=404")
		m.expect(1, "", requests, "route=GET /", "status=200")
		m.expect(2, "DELETE has no route, nor has a method that does not exist", requests, "route=other", "status=405")
		m.expectSum(9, "there were nine requests", requests)
	})
}

// Task 12.5: What only looks like a connection is a request.
//
// Rules: 12.s.
func TestOtherRequestsAreMeasured(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		s.Get("/ws/ana", testclient.Method(http.MethodPost))
		s.Get("/ws/")
		s.Get("/ws/ana/den")
		m := s.metrics()
		m.expect(1, "POST /ws/ana has no route", requests, "route=other", "status=405")
		m.expect(2, "/ws/ and /ws/ana/den are no connections", requests, "route=GET /", "status=404")
		m.expectSum(3, "there were three requests", requests)
		m.expectSum(0, "nobody has asked for a connection", "chat_refusals_total")
	})
}

// Task 12.5: A connection is no slow request, whether it lasts or is refused.
//
// Rules: 12.t.
func TestConnectionsAreNoRequests(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den")
		s.Refused("/ws/a%20b", []int{400})
		bob.Say("hello")
		w.Sleep(time.Hour)
		ana.Leave()
		bob.Vanish()
		m := s.metrics()
		m.expect(1, "bob has sent a message by POST", requests, "route=POST /events/{client_id}", "status=204")
		m.expectSum(1, "connections are no requests", requests)
		if got := m.find(requests, []string{"route=POST /events/{client_id}", "status=204"}).GetHistogram().GetSampleSum(); got > 1 {
			w.Fatalf("%s has observed %v s for bob's POST, which was answered at once", requests, got)
		}
	})
}

// Task 12.5: How long a request takes is what its client waits for.
//
// Rules: 12.s.
func TestRequestDurations(t *testing.T) {
	run(t, chat.Config{Moderate: slowly}, func(w *testclient.World, s *server) {
		bob := s.JoinEvents("bob", "den")
		bob.Say("hello")
		m := s.metrics()
		series := []string{"route=POST /events/{client_id}", "status=204"}
		m.expect(1, "bob has sent a message by POST", requests, series...)
		if got := m.find(requests, series).GetHistogram().GetSampleSum(); got < .49 || got > .51 {
			w.Fatalf("%s has observed %v s for bob's POST, want 0.5: that is what Config.Moderate took", requests, got)
		}
	})
}

// onlyUnwraps is what a middleware of 2026 puts around a ResponseWriter.
type onlyUnwraps struct{ http.ResponseWriter }

func (u onlyUnwraps) Unwrap() http.ResponseWriter { return u.ResponseWriter }

// Task 12.5: Behind a middleware that hides Hijack and Flush, connections open all the same.
//
// Rules: 12.u.
func TestConnectionsOpenBehindAMiddleware(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := startWith(w, chat.Config{WriteTimeout: 10 * time.Second}, func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { next.ServeHTTP(onlyUnwraps{rw}, r) })
		})
		ana := s.Join("ana", "den")
		bob := s.JoinEvents("bob", "den")
		ana.Hear("system bob joined")
		bob.Say("hello")
		ana.Hear("message hello")
		bob.Hear("message hello")
		m := s.metrics()
		m.expectSum(1, "bob has sent a message by POST", requests)
	})
}
