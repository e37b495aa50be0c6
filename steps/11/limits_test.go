package chat_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/11"
)

// at is the option of a client that comes from an address.
func at(ip string) testclient.DialOption { return testclient.From(ip) }

// expectRetry fails unless a refusal says when to try again: in between two times.
func expectRetry(w *testclient.World, resp *testclient.Response, least, most int) {
	w.Helper()
	got := resp.Header.Get("Retry-After")
	if seconds, err := strconv.Atoi(got); err != nil || seconds < least || seconds > most {
		w.Fatalf("the refusal has Retry-After: %q, want a number of seconds from %d to %d", got, least, most)
	}
}

// Task 11.9 (8 points, after 11.5, 11.8): No client uses up the server for the others.
//
// Rules: 11.bg.
func TestConnectionsPerIP(t *testing.T) {
	for _, most := range []int{2, 5} {
		cfg := lasting
		cfg.MaxConnectionsPerIP = most
		run(t, cfg, func(w *testclient.World, s *server) {
			var here []*chattest.Client
			for i := range most {
				here = append(here, s.join(transports[i%2], fmt.Sprint("bob", i), "den", at("203.0.113.7")))
			}
			full := func(why string) {
				w.Helper()
				for _, transport := range transports {
					_, resp := s.expectStatus(http.StatusTooManyRequests, transport, "/ws/erin", why, at("203.0.113.7"))
					expectRetry(w, resp, 1, 3600)
				}
			}
			full("there are as many clients from this address as may be")
			s.Join("dora", "den", at("203.0.113.8"))
			for _, c := range here {
				full("nobody has left")
				c.Leave()
				back := s.Join(c.ID, "hall", at("203.0.113.7"))
				full("one has left, and has come back")
				back.Leave()
				back = s.JoinEvents("carl", "hall", at("203.0.113.7"))
				full("one has left, and another one has come")
				back.Leave()
				s.Join(c.ID, "den", at("203.0.113.7"))
			}
		})
	}
}

// Task 11.9: The server holds so many clients, wherever they come from.
//
// Rules: 11.bh.
func TestConnectionsAtAll(t *testing.T) {
	for _, most := range []int{1, 4} {
		cfg := lasting
		cfg.MaxConnections, cfg.MaxConnectionsPerIP = most, 3
		run(t, cfg, func(w *testclient.World, s *server) {
			var last *chattest.Client
			for i := range most {
				last = s.join(transports[i%2], fmt.Sprint("bob", i), fmt.Sprint("den", i), at(fmt.Sprint("203.0.113.", i+1)))
			}
			for _, transport := range transports {
				s.expectStatus(http.StatusServiceUnavailable, transport, "/ws/carl?room_id=hall", "the server is full", at("203.0.113.99"))
			}
			last.Leave()
			s.Join("carl", "hall", at("203.0.113.99"))
			s.expectStatus(http.StatusServiceUnavailable, websocket, "/ws/dora?room_id=hall", "the server is full again", at("203.0.113.98"))
		})
	}
}

// Task 11.9: A client that comes back before its old connection has ended counts once.
//
// Rules: 11.bi.
func TestComingBackCountsOnce(t *testing.T) {
	cfg := lasting
	cfg.MaxConnectionsPerIP, cfg.MaxConnections = 2, 3
	cfg.CloseTimeout = time.Minute
	run(t, cfg, func(w *testclient.World, s *server) {
		here := at("203.0.113.7")
		s.Join("ana", "den", here)
		s.Join("bob", "den", here, testclient.NoAutoClose())
		for range 3 {
			s.expectStatus(http.StatusTooManyRequests, websocket, "/ws/carl", "ana and bob are two", here)
			bob := s.Arrive("bob", "den", chattest.Since{}, here, testclient.NoAutoClose())
			w.Sleep(time.Second)
			bob.Say("back")
		}
		w.Note("bob comes from elsewhere, and his old connections have not ended")
		s.Arrive("bob", "den", chattest.Since{}, at("203.0.113.8"))
		w.Sleep(time.Second)
		s.Join("dora", "den", at("203.0.113.9"))
		s.expectStatus(http.StatusServiceUnavailable, websocket, "/ws/erin", "ana, bob and dora are three", at("203.0.113.10"))
		s.expectStatus(http.StatusTooManyRequests, websocket, "/ws/carl", "of bob's old connections some have not ended", here)
		w.Sleep(time.Minute)
		w.Note("bob's old connections have ended")
		s.expectStatus(http.StatusServiceUnavailable, websocket, "/ws/carl", "ana, bob and dora are three, and only ana is here", here)
	})
}

// Task 11.9: A client that has old connections, which have not ended, is one client for the others, too.
//
// Rules: 11.bi.
func TestOldConnectionsTakeNoSeat(t *testing.T) {
	cfg := lasting
	cfg.MaxConnectionsPerIP, cfg.MaxConnections = 3, 4
	cfg.CloseTimeout = time.Minute
	run(t, cfg, func(w *testclient.World, s *server) {
		here := at("203.0.113.7")
		s.Join("ana", "den", here)
		for range 4 {
			s.Arrive("bob", "den", chattest.Since{}, here, testclient.NoAutoClose())
			w.Settle()
		}
		s.Join("carl", "den", here)
		s.expectStatus(http.StatusTooManyRequests, websocket, "/ws/dora", "ana, bob and carl are three", here)
		s.Join("dora", "den", at("203.0.113.8"), testclient.NoAutoClose())
		s.expectStatus(http.StatusServiceUnavailable, websocket, "/ws/erin", "ana, bob, carl and dora are four", at("203.0.113.9"))
		w.Note("the server is full, and dora comes back before her connection has ended")
		for range 2 {
			s.Arrive("dora", "den", chattest.Since{}, at("203.0.113.8"), testclient.NoAutoClose())
			w.Settle()
		}
	})
}

// Task 11.9: A client that comes from two addresses counts at both.
//
// Rules: 11.bg.
func TestClientOfTwoAddresses(t *testing.T) {
	cfg := lasting
	cfg.MaxConnectionsPerIP = 1
	run(t, cfg, func(w *testclient.World, s *server) {
		s.Join("ana", "den", at("203.0.113.7"))
		bob := s.Join("bob", "den", at("203.0.113.8"))
		s.expectStatus(http.StatusTooManyRequests, websocket, "/ws/bob?room_id=den", "ana is here from this address, and bob would be the second", at("203.0.113.7"))
		bob.Say("still here")
		bob.Hear("message still here")
	})
}

// Task 11.9: A connection that is refused, or does not begin, takes no seat.
//
// Rules: 11.bi.
func TestRefusedTakeNoSeat(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		cfg := guarded(w, lasting)
		cfg.MaxConnectionsPerIP, cfg.MaxConnections, cfg.RoomCapacity = 2, 3, 1
		s := start(w, cfg)
		here := at("203.0.113.7")
		s.Join("ana", "den", here, as(w, "ana"))
		for i := range 5 {
			s.expectStatus(http.StatusUnauthorized, transports[i%2], "/ws/bob?room_id=hall", "bob has no token", here)
			s.expectStatus(http.StatusForbidden, transports[i%2], "/ws/bob?room_id=hall", "it is ana's token", here, as(w, "ana"))
			s.expectStatus(http.StatusServiceUnavailable, transports[i%2], "/ws/bob?room_id=den", "den is full", here, as(w, "bob"))
			s.expectStatus(http.StatusBadRequest, websocket, "/ws/bob?room_id=hall", "the handshake has no key", here, as(w, "bob"), testclient.Header("Sec-WebSocket-Key", "x"))
		}
		w.Sleep(time.Second)
		bob := s.Join("bob", "hall", here, as(w, "bob"))
		s.expectStatus(http.StatusTooManyRequests, websocket, "/ws/carl?room_id=attic", "ana and bob are two", here, as(w, "carl"))
		bob.Leave()
		s.Join("carl", "attic", here, as(w, "carl"))
	})
}

// Task 11.9: Many clients that arrive at one moment get no more seats than there are.
//
// Rules: 11.bg, 11.bh.
func TestConnectionRush(t *testing.T) {
	cfg := lasting
	cfg.MaxConnectionsPerIP, cfg.MaxConnections = 3, 5
	run(t, cfg, func(w *testclient.World, s *server) {
		let := make([]*testclient.Client, 40)
		w.Rush(40, func(i int) {
			ip := at(fmt.Sprint("203.0.113.", 1+i%2))
			let[i], _ = s.TryDial(fmt.Sprint("/ws/bob", i), testclient.As(fmt.Sprint("bob", i)), ip)
		})
		in := slices.DeleteFunc(slices.Clone(let), func(c *testclient.Client) bool { return c == nil })
		if len(in) != 5 {
			w.Fatalf("of 40 clients that arrived at one moment %d were let in, want 5: MaxConnections", len(in))
		}
		perIP := 0
		for i, c := range let {
			if c != nil && i%2 == 0 {
				perIP++
			}
		}
		if perIP > 3 || perIP < 2 {
			w.Fatalf("%d of them came from one address and %d from another, want at most 3 of each: MaxConnectionsPerIP", perIP, 5-perIP)
		}
		for _, c := range in {
			c.Cut()
		}
		w.Sleep(time.Second)
		for i := range 3 {
			s.Join(fmt.Sprint("ana", i), "den", at("203.0.113.1"))
		}
	})
}

// Task 11.9: Attempts have a limit, too, whether they succeed or not.
//
// Rules: 11.bj.
func TestAttempts(t *testing.T) {
	for _, row := range []struct {
		limit  int
		window time.Duration
	}{{4, time.Minute}, {6, 10 * time.Second}} {
		testclient.Run(t, func(w *testclient.World) {
			cfg := guarded(w, lasting)
			cfg.AttemptLimit, cfg.AttemptWindow = row.limit, row.window
			s := start(w, cfg)
			here := at("203.0.113.7")
			began := w.Elapsed()
			attempts := []func(){
				func() { s.Join("bob", "den", here, as(w, "bob")).Leave() },
				func() { s.expectStatus(http.StatusUnauthorized, websocket, "/ws/bob", "bob has no token", here) },
				func() { s.expectStatus(http.StatusUnauthorized, events, "/ws/bob", "bob has no token", here) },
				func() {
					s.expectGet(http.StatusUnauthorized, "/ticket", "nobody is known", post, here)
				},
				func() {
					s.expectStatus(http.StatusForbidden, events, "/ws/bob", "the token is ana's", here, as(w, "ana"))
				},
				func() { s.ticketOf(here, as(w, "bob")) },
			}
			for i := range row.limit {
				attempts[i%len(attempts)]()
				w.Sleep(100 * time.Millisecond)
			}
			last := began + row.window
			refused := func() {
				w.Helper()
				seconds := int((last - w.Elapsed() + time.Second - 1) / time.Second)
				for _, transport := range transports {
					_, resp := s.expectStatus(http.StatusTooManyRequests, transport, "/ws/bob", "there were too many attempts", here, as(w, "bob"))
					expectRetry(w, resp, seconds, seconds)
				}
				expectRetry(w, s.expectGet(http.StatusTooManyRequests, "/ticket", "there were too many attempts", post, here, as(w, "bob")), seconds, seconds)
			}
			refused()
			s.Join("cleo", "den", at("203.0.113.8"), as(w, "cleo"))
			s.expectGet(http.StatusOK, "/", "that is no attempt", here)
			s.expectGet(http.StatusOK, "/rooms", "that is no attempt", here, as(w, "bob"))
			w.Sleep(last - 300*time.Millisecond - w.Elapsed())
			refused()
			w.Sleep(350 * time.Millisecond)
			s.Join("bob", "den", here, as(w, "bob"))
		})
	}
}

// Task 11.9: Attempts to resume a session have a limit of their own.
//
// Rules: 11.bk.
func TestResumesAreCheaper(t *testing.T) {
	cfg := lasting
	cfg.AttemptLimit, cfg.AttemptWindow, cfg.ResumeWindow = 3, time.Minute, time.Hour
	run(t, cfg, func(w *testclient.World, s *server) {
		here := at("203.0.113.7")
		for i := range 3 {
			s.Arrive(fmt.Sprint("bob", i), "den", chattest.Since{}, here).Cut()
			w.Settle()
		}
		s.expectStatus(http.StatusTooManyRequests, websocket, "/ws/bob", "there were three attempts", here)
		w.Note("an office of 30 comes back to a server that was restarted and knows none of its sessions")
		for i := range 30 {
			id, session := fmt.Sprint("cleo", i), fmt.Sprint("SESSION", i)
			switch i % 3 {
			case 0:
				s.Arrive(id, "den", chattest.Since{Session: session}, here).Cut()
			case 1:
				s.ArriveEvents(id, "den", chattest.Since{Session: session}, here).Cut()
			case 2:
				s.ArriveEvents(id, "den", chattest.Since{}, here, testclient.Header("Last-Event-ID", session+"/1")).Cut()
			}
			w.Settle()
		}
		_, resp := s.expectStatus(http.StatusTooManyRequests, websocket, "/ws/dora?session_id=X", "there were 30 attempts to resume", here)
		expectRetry(w, resp, 60, 60)
		s.expectStatus(http.StatusTooManyRequests, events, "/ws/dora", "there were 30 attempts to resume", here, testclient.Header("Last-Event-ID", "X/1"))
		s.expectStatus(http.StatusTooManyRequests, websocket, "/ws/dora?session_id=", "an empty session_id names no session", here)
		s.Arrive("erin", "den", chattest.Since{Session: "X"}, at("203.0.113.8"))
		w.Sleep(time.Minute)
		s.Arrive("bob", "den", chattest.Since{}, here)
		s.Arrive("dora", "den", chattest.Since{Session: "X"}, here)
	})
}

// Task 11.9: A POST is no attempt.
//
// Rules: 11.bj.
func TestPostsAreNoAttempts(t *testing.T) {
	cfg := lasting
	cfg.AttemptLimit, cfg.AttemptWindow = 1, time.Hour
	run(t, cfg, func(w *testclient.World, s *server) {
		here := at("203.0.113.7")
		bob := s.JoinEvents("bob", "den", here)
		s.expectStatus(http.StatusTooManyRequests, events, "/ws/carl", "there was one attempt", here)
		for range 12 {
			bob.Say("hello")
			bob.Hear("message hello")
		}
	})
}

// Task 11.9: Tokens that are shown to the lists of rooms are counted, too.
//
// Rules: 11.bk.
func TestListsHaveALimit(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		cfg := guarded(w, lasting)
		cfg.AttemptLimit, cfg.AttemptWindow, cfg.ResumeWindow = 2, time.Minute, time.Hour
		s := start(w, cfg)
		here := at("203.0.113.7")
		s.Join("ana", "den", at("203.0.113.8"), as(w, "ana"))
		for i := range 20 {
			path := []string{"/rooms", "/rooms/den"}[i%2]
			if i%4 < 2 {
				s.expectGet(http.StatusOK, path, "the token holds", here, as(w, "bob"))
			} else {
				s.expectGet(http.StatusUnauthorized, path, "the token does not hold", here, bearing("x"))
			}
			s.expectGet(http.StatusUnauthorized, path, "there is no token to verify", here)
		}
		for _, path := range []string{"/rooms", "/rooms/den"} {
			for _, token := range []string{tokenOf(w, "bob"), "x"} {
				expectRetry(w, s.expectGet(http.StatusTooManyRequests, path, "there were 20 requests for lists, with a token", here, bearing(token)), 60, 60)
			}
		}
		s.expectGet(http.StatusOK, "/rooms", "nobody has asked from this address", at("203.0.113.8"), as(w, "bob"))
		bob := s.Join("bob", "den", here, as(w, "bob"))
		s.Arrive("bob", "den", chattest.Since{Session: bob.Session}, here, as(w, "bob"))
		w.Sleep(time.Minute)
		s.expectGet(http.StatusOK, "/rooms", "the window is over", here, as(w, "bob"))
		open := start(w, func(c chat.Config) chat.Config { c.Auth = nil; return c }(cfg))
		for range 25 {
			open.expectGet(http.StatusOK, "/rooms", "this server has no Config.Auth, and nothing to verify", here, bearing("x"))
		}
	})
}

// Task 11.9: A page of another site does not use up the attempts of its visitors.
//
// Rules: 11.bl.
func TestOriginsUseUpNothing(t *testing.T) {
	cfg := lasting
	cfg.AttemptLimit, cfg.AttemptWindow = 2, time.Minute
	run(t, cfg, func(w *testclient.World, s *server) {
		here := at("203.0.113.7")
		for i := range 10 {
			s.expectStatus(http.StatusForbidden, transports[i%2], "/ws/bob", "the page is another site's", append(from("https://evil.example"), here)...)
			s.expectStatus(http.StatusForbidden, transports[i%2], "/ws/bob?session_id=X", "the page is another site's", append(from("https://evil.example"), here)...)
			s.expectStatus(http.StatusForbidden, events, "/ws/bob", "it is an image of another site's page", testclient.Header("Sec-Fetch-Site", "cross-site"), here)
		}
		s.Arrive("bob", "den", chattest.Since{}, here)
		s.Arrive("bob", "den", chattest.Since{}, here)
		s.expectStatus(http.StatusTooManyRequests, websocket, "/ws/bob", "there were two attempts", here)
		s.expectStatus(http.StatusForbidden, websocket, "/ws/bob", "the page is another site's, however many attempts there were", append(from("https://evil.example"), here)...)
	})
}

// Task 11.9: Each of these refusals is in the log.
//
// Rules: 11.l.
func TestRefusalsOfLimitsAreLogged(t *testing.T) {
	cfg := lasting
	cfg.AttemptLimit, cfg.AttemptWindow, cfg.MaxConnections, cfg.MaxConnectionsPerIP = 3, time.Hour, 2, 1
	run(t, cfg, func(w *testclient.World, s *server) {
		s.Join("ana", "den", at("203.0.113.7"))
		s.Join("bob", "den", at("203.0.113.8"))
		s.expectStatus(http.StatusTooManyRequests, websocket, "/ws/carl", "ana is here from this address", at("203.0.113.7"))
		s.expectRefusals(1, http.StatusTooManyRequests)
		s.expectStatus(http.StatusServiceUnavailable, websocket, "/ws/carl", "the server is full", at("203.0.113.9"))
		s.expectRefusals(2, http.StatusServiceUnavailable)
		s.expectStatus(http.StatusForbidden, events, "/ws/carl", "the page is another site's", append(from("https://evil.example"), at("203.0.113.7"))...)
		s.expectRefusals(3, http.StatusForbidden)
		s.expectStatus(http.StatusTooManyRequests, events, "/ws/carl", "ana is here from this address", at("203.0.113.7"))
		s.expectStatus(http.StatusTooManyRequests, events, "/ws/carl", "there were three attempts from this address", at("203.0.113.7"))
		s.expectRefusals(5, http.StatusTooManyRequests)
	})
}

// Task 11.9: New refuses limits that make no sense.
//
// Rules: 11.bj.
func TestLimitsMakeSense(t *testing.T) {
	s, err := chat.New(chat.Config{})
	if err != nil {
		t.Fatalf("New with a zero Config returns the error %v, want none", err)
	}
	s.Close()
	for what, cfg := range map[string]chat.Config{
		"MaxConnections -1":             {MaxConnections: -1},
		"MaxConnectionsPerIP -1":        {MaxConnectionsPerIP: -1},
		"AttemptLimit -1":               {AttemptLimit: -1, AttemptWindow: time.Second},
		"AttemptWindow -1":              {AttemptLimit: 1, AttemptWindow: -1},
		"AttemptLimit without a window": {AttemptLimit: 1},
		"AttemptWindow without a limit": {AttemptWindow: time.Second},
	} {
		if s, err := chat.New(cfg); err == nil {
			s.Close()
			t.Errorf("New with %s returns no error", what)
		}
	}
}
