package chat_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/12"
	"wsworkshop/solutions/12/auth"
)

// Task 12.2 (16 points, after 12.1): A connection counts once, from its welcome until its end.
//
// Rules: 12.f, 12.h.
func TestConnectionsAreCounted(t *testing.T) {
	run(t, chat.Config{CloseTimeout: time.Second}, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		cleo := s.JoinEvents("cleo", "den")
		m := s.metrics()
		m.expect(2, "ana and bob are here", "chat_connections", "transport=websocket")
		m.expect(1, "cleo is here", "chat_connections", "transport=events")
		m.expect(2, "ana and bob have come", "chat_connections_opened_total", "transport=websocket")
		m.expect(1, "cleo has come", "chat_connections_opened_total", "transport=events")
		m.expectSum(0, "nobody has left", "chat_connections_closed_total")

		ana.Leave()
		bob.Vanish()
		m = s.metrics()
		m.expect(0, "ana and bob have left", "chat_connections", "transport=websocket")
		m.expect(1, "cleo is still here", "chat_connections", "transport=events")
		m.expect(1, "ana has left with 1000", "chat_connections_closed_total", "code=1000")
		m.expect(1, "bob's connection broke off, which is called 1006", "chat_connections_closed_total", "code=1006")
		cleo.Leave()
		m = s.metrics()
		m.expect(0, "cleo has left", "chat_connections", "transport=events")
		m.expectSum(3, "three have come", "chat_connections_opened_total")
		m.expectSum(3, "three have left", "chat_connections_closed_total")
	})
}

// Task 12.2: A connection that is taken over ends like any other, and its end counts.
//
// Rules: 12.f, 12.j.
func TestTakeoversAreCounted(t *testing.T) {
	cfg := chat.Config{CloseTimeout: time.Second, ResumeWindow: time.Minute}
	run(t, cfg, func(w *testclient.World, s *server) {
		first := s.Join("ana", "den")
		second := s.Join("ana", "den")
		first.ExpectClose(4001)
		m := s.metrics()
		m.expect(1, "ana has one connection; the other was taken over", "chat_connections", "transport=websocket")
		m.expect(2, "ana has connected twice", "chat_connections_opened_total", "transport=websocket")
		m.expect(1, "the first connection has ended", "chat_connections_closed_total", "code=4001")
		m.expect(0, "the second connection did not ask for the session of the first", "chat_reconnects_total")

		second.Vanish()
		third := s.Resume(second, "")
		m = s.metrics()
		m.expect(1, "ana is back", "chat_connections", "transport=websocket")
		m.expect(1, "ana's third connection continues a session", "chat_reconnects_total")
		m.expect(3, "ana has connected three times", "chat_connections_opened_total", "transport=websocket")
		third.Leave()
		s.Arrive("ana", "den", chattest.Since{Session: "none of that name"})
		s.metrics().expect(1, "the session that ana asked for is unknown", "chat_reconnects_total")
	})
}

// Task 12.2: A refusal, or a handshake that fails, is no connection.
//
// Rules: 12.g.
func TestRefusalsAreCounted(t *testing.T) {
	run(t, chat.Config{RoomCapacity: 1}, func(w *testclient.World, s *server) {
		s.Join("ana", "den")
		s.ExpectFull("bob", "den", "the room is full")
		s.ExpectFull("cleo", "den", "the room is full")
		s.Refused("/ws/no%20id?room_id=den", []int{400})
		s.Refused("/ws/bob?room_id=cellar", []int{400, 426}, testclient.Header("Sec-WebSocket-Version", "7"))
		s.Refused("/ws/bob?room_id=cellar", []int{403}, testclient.Header("Origin", "http://evil.example"))
		s.TryEvents("/events/dora?room_id=den", testclient.As("dora"))
		m := s.metrics()
		m.expect(3, "bob, cleo and dora found a full room", "chat_refusals_total", "status=503")
		m.expect(1, "bob came from another origin", "chat_refusals_total", "status=403")
		m.expectSum(6, "six requests were refused", "chat_refusals_total")
		m.expectSum(1, "ana alone was let in", "chat_connections_opened_total")
		m.expect(1, "ana alone is here", "chat_connections", "transport=websocket")
		m.expectSum(0, "nobody has left", "chat_connections_closed_total")
	})
}

// Task 12.2: A client may close with any code from 3000 to 4999, and a label must have few values.
//
// Rules: 12.h.
func TestCloseCodesAreFew(t *testing.T) {
	run(t, chat.Config{CloseTimeout: time.Second}, func(w *testclient.World, s *server) {
		for i, code := range []int{1000, 1001, 1011, 3000, 3999, 4000, 4321, 4001} {
			c := s.Join(fmt.Sprint("c", i), "den")
			c.Close(code, "")
			w.Sleep(time.Second)
		}
		s.Join("silent", "den").SendFrame(testclient.NewFrame(8, nil)) // a close frame without a code
		m := s.metrics()
		m.expectSeries("chat_connections_closed_total", "codes that the server has no name for are all the same",
			"code=1000", "code=1001", "code=1005", "code=1011", "code=4001", "code=other")
		m.expect(4, "four clients closed with a code that has no name", "chat_connections_closed_total", "code=other")
	})
}

// Task 12.2: How long connections last is a histogram with bounds that fit.
//
// Rules: 12.i.
func TestDurationsAreObserved(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den") // ana lasts 1 s longer
		w.Sleep(58 * time.Second)
		m := s.metrics()
		m.expect(0, "nobody has left", "chat_connection_duration_seconds")
		m.expectBounds("chat_connection_duration_seconds", 1, 12*60*60)
		bob.Leave()
		w.Sleep(time.Hour)
		ana.Leave()
		m = s.metrics()
		m.expect(2, "two connections have ended", "chat_connection_duration_seconds")
		if got := m.observed("chat_connection_duration_seconds"); got < 3600+60+60 || got > 3600+60+60+10 {
			w.Fatalf("chat_connection_duration_seconds has observed %v s in all: ana was here for an hour and a minute, bob for a minute", got)
		}
	})
}

// Task 12.2: After a storm, the numbers are exact.
//
// Rules: 12.f, 12.g.
func TestStormIsCounted(t *testing.T) {
	cfg := chat.Config{CloseTimeout: time.Second, RoomCapacity: 30, ResumeWindow: time.Minute, OutboxSize: 1000}
	run(t, cfg, func(w *testclient.World, s *server) {
		const n = 40
		refused := make([]bool, n)
		w.Rush(n, func(i int) {
			id := fmt.Sprint("c", i%35) // five come twice
			c, _ := s.TryDial(chattest.Path(id, "den"), testclient.As(fmt.Sprint("c ", i)))
			refused[i] = c == nil
			if c != nil && i%3 == 0 {
				c.Cut()
			}
		})
		w.Sleep(3 * time.Second)
		no := 0
		for _, r := range refused {
			if r {
				no++
			}
		}
		m := s.metrics()
		m.expect(float64(no), "that many were refused", "chat_refusals_total", "status=503")
		m.expect(float64(n-no), "all others were let in", "chat_connections_opened_total", "transport=websocket")
		here := 0
		for _, r := range s.chat.Rooms() {
			here += len(r.Members)
		}
		m.expect(float64(here), "so many members are in the rooms", "chat_connections", "transport=websocket")
		m.expectSum(float64(n-no-here), "the others have ended", "chat_connections_closed_total")
		m.expect(float64(n-no-here), "each that has ended lasted for some time", "chat_connection_duration_seconds")
		s.chat.Close()
		m = s.metrics()
		m.expect(0, "the server is closed", "chat_connections", "transport=websocket")
		m.expectSum(float64(n-no), "every connection has ended", "chat_connections_closed_total")
	})
}

// Task 12.2: A handshake that breaks off is no connection, and leaves no number behind.
//
// Rules: 12.g.
func TestFailedUpgradeIsNoConnection(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := startWith(w, chat.Config{}, func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if r.Header.Get("X-Break") != "" {
					rw = unable{rw}
				}
				h.ServeHTTP(rw, r)
			})
		})
		s.Refused("/ws/ana?room_id=den", []int{500}, testclient.Header("X-Break", "1"))
		m := s.metrics()
		m.expect(1, "ana's handshake has failed", "chat_refusals_total", "status=500")
		m.expectSum(0, "ana's handshake has failed", "chat_connections")
		m.expectSum(0, "ana's handshake has failed", "chat_connections_opened_total")
		m.expectSum(0, "what has not opened cannot end", "chat_connections_closed_total")
		s.Join("ana", "den")
		s.metrics().expect(1, "ana has been let in", "chat_connections", "transport=websocket")
	})
}

// unable is a ResponseWriter that has nothing but the three methods.
type unable struct{ w http.ResponseWriter }

func (u unable) Header() http.Header         { return u.w.Header() }
func (u unable) Write(p []byte) (int, error) { return u.w.Write(p) }
func (u unable) WriteHeader(status int)      { u.w.WriteHeader(status) }

// Task 12.2: A connection that is being closed is open until it has ended.
//
// Rules: 12.f.
func TestClosingConnectionIsOpen(t *testing.T) {
	run(t, chat.Config{CloseTimeout: 20 * time.Second, ResumeWindow: time.Minute}, func(w *testclient.World, s *server) {
		first := s.Join("ana", "den", testclient.NoAutoClose())
		s.Resume(first, "")
		first.ExpectClose(4001)
		w.Sleep(15 * time.Second)
		m := s.metrics()
		m.expect(2, "ana's first connection was taken over 16 s ago, and has not answered the close frame", "chat_connections", "transport=websocket")
		m.expectSum(0, "ana's first connection has not ended", "chat_connections_closed_total")
		w.Sleep(5 * time.Second)
		m = s.metrics()
		m.expect(1, "CloseTimeout is over", "chat_connections", "transport=websocket")
		m.expect(1, "CloseTimeout is over", "chat_connections_closed_total", "code=4001")
	})
}

// everybody is an Authenticator for which a token is the client id of somebody who may enter every room.
type everybody struct{}

func (everybody) Authenticate(token string) (auth.Identity, error) {
	if token == "stolen" {
		return auth.Identity{}, errors.New("it was stolen")
	}
	return auth.Identity{Subject: token, Rooms: []string{auth.AnyRoom}, Expires: time.Now().Add(time.Hour)}, nil
}

// Task 12.2: Whatever a connection is refused for counts, and what is refused to a request does not.
//
// Rules: 12.g.
func TestEachRefusalCounts(t *testing.T) {
	run(t, chat.Config{Auth: everybody{}}, func(w *testclient.World, s *server) {
		s.Refused("/ws/ana?room_id=den", []int{401})
		s.Refused("/ws/ana?room_id=den", []int{401}, bearing("stolen"))
		s.Refused("/ws/ana?room_id=den", []int{403}, bearing("bob"))
		s.TryEvents("/events/ana?room_id=den&ticket=none", testclient.As("ana"))
		s.Get("/rooms")
		s.Get("/ticket", testclient.Method(http.MethodPost), bearing("stolen"))
		s.Get("/events/ana", testclient.Method(http.MethodPost), testclient.Body("{}"))
		m := s.metrics()
		m.expect(3, "without a token that holds, three connections were refused", "chat_refusals_total", "status=401")
		m.expect(1, "ana's connection was refused with a token of bob's", "chat_refusals_total", "status=403")
		m.expectSum(4, "four connections were refused; the other requests did not ask for one", "chat_refusals_total")
	})
	run(t, chat.Config{AttemptLimit: 2, AttemptWindow: time.Minute}, func(w *testclient.World, s *server) {
		home := testclient.From("192.0.2.7")
		s.TryDial("/ws/ana?room_id=den", home)
		s.TryDial("/ws/bob?room_id=den", home)
		w.Settle()
		s.Refused("/ws/cleo?room_id=den", []int{429}, home)
		s.TryEvents("/events/cleo?room_id=den", home)
		s.metrics().expect(2, "two attempts were too many", "chat_refusals_total", "status=429")
	})
	run(t, chat.Config{MaxConnectionsPerIP: 1}, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den", testclient.From("192.0.2.7"))
		s.Refused("/ws/bob?room_id=den", []int{429}, testclient.From("192.0.2.7"))
		m := s.metrics()
		m.expect(1, "there were too many connections from one address", "chat_refusals_total", "status=429")
		m.expectSum(1, "ana alone was let in", "chat_connections_opened_total")
		ana.Leave()
	})
}

// Task 12.2: A client that is told to stop is not refused, and does not connect.
//
// Rules: 12.g.
func TestStoppedStreamIsNoRefusal(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		_, resp := s.TryEvents("/events/ana?room_id=den", testclient.Header("Last-Event-ID", "stop"))
		if resp == nil || resp.Status != 204 {
			w.Fatalf("an event stream with Last-Event-ID: stop was answered %v, want 204 (rule 9.ai)", resp)
		}
		s.JoinEvents("bob", "den")
		m := s.metrics()
		m.expectSum(0, "204 is no error", "chat_refusals_total")
		m.expectSum(1, "bob alone has connected", "chat_connections_opened_total")
	})
}

// Task 12.2: An event stream that cannot begin is no connection.
//
// Rules: 12.g.
func TestFailedStreamIsNoConnection(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := startWith(w, chat.Config{}, func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if r.Header.Get("X-Break") != "" {
					rw = unable{rw}
				}
				h.ServeHTTP(rw, r)
			})
		})
		s.TryEvents("/events/ana?room_id=den", testclient.As("ana"), testclient.Header("X-Break", "1"))
		m := s.metrics()
		m.expect(1, "ana's event stream could not begin", "chat_refusals_total", "status=500")
		m.expectSum(0, "ana's event stream could not begin", "chat_connections")
		m.expectSum(0, "ana's event stream could not begin", "chat_connections_opened_total")
		s.JoinEvents("ana", "den")
		s.metrics().expect(1, "ana has been let in", "chat_connections", "transport=events")
	})
}

// Task 12.2: A client that continues its session is back, also if not all that it missed was kept.
//
// Rules: 12.j.
func TestReconnectAfterAnOverflow(t *testing.T) {
	cfg := chat.Config{ResumeWindow: time.Minute, ResumeLogSize: 1, CloseTimeout: time.Second}
	run(t, cfg, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		bob.Say("one")
		last := ana.Hear("system bob joined", "message one")
		ana.Vanish()
		bob.Say("two")
		bob.Say("three")
		bob.Say("four")
		w.Sleep(time.Second)
		s.Resume(ana, last)
		s.metrics().expect(1, "ana continues her session, though two of the messages that she missed are lost", "chat_reconnects_total")
	})
}
