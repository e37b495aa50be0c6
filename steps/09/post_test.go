package chat_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/09"
)

// expectAnswer fails unless a POST was answered with a status.
func expectAnswer(w *testclient.World, resp *testclient.Response, want int, why string) {
	w.Helper()
	if resp.Status != want {
		w.Fatalf("the POST was answered %d %s, want %d %s: %s", resp.Status, http.StatusText(resp.Status), want, http.StatusText(want), why)
	}
}

// Task 9.8 (8 points, after 9.3, 9.7): A POST does what a message over a WebSocket does.
//
// Rules: 9.ad.
func TestPostIsAMessage(t *testing.T) {
	cfg := failing
	cfg.RateLimit, cfg.RateWindow = 6, time.Minute
	run(t, cfg, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den")
		ana.Hear("system bob joined")
		bob.Say("one")
		bob.Shout("two")
		bob.Tell("ana", "three")
		ana.Hear("message one", "broadcast two", "direct three")
		bob.Hear("message one", "broadcast two")
		expectAnswer(w, bob.PostMessage(`{"type":"nonsense","message_id":"b4"}`), 204, "what is wrong with it comes over the stream")
		expectRefused(w, bob, "unknown_type", "b4")
		expectAnswer(w, bob.PostMessage(`{"type":"heartbeat","message_id":"b5"}`), 204, "it is a message like any other")
		bob.Expect("a heartbeat_ack", chattest.IsType("heartbeat_ack"))
		bob.Say("six")
		bob.Hear("message six")
		ana.Hear("message six")
		expectAnswer(w, bob.PostMessage(talk("b7", "seven")), 204, "that it comes too soon is told over the stream")
		expectRefused(w, bob, "rate_limited", "b7")
		s.HearNoMore(ana, bob)
		m := s.chat.Rooms()[0].Members[1]
		require.Equal(w, int64(7), m.MessagesIn, "messages that have come from bob")
		require.Equal(w, w.Elapsed()-time.Second, m.LastSeen.Sub(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)), "when bob was last seen")
	})
}

// Task 9.8: The server has dealt with a message when it answers, and not before.
//
// Rules: 9.ad.
func TestPostWaitsForModerate(t *testing.T) {
	cfg := failing
	cfg.Moderate = func(context.Context, chat.Message) error {
		time.Sleep(500 * time.Millisecond)
		return nil
	}
	run(t, cfg, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den")
		ana.Hear("system bob joined")
		began := w.Elapsed()
		expectAnswer(w, bob.PostMessage(talk("", "hi")), 204, "Moderate has let it pass after 500 ms")
		if took := w.Elapsed() - began; took < 500*time.Millisecond {
			w.Fatalf("the answer came after %v, and Moderate takes 500ms: the message was still under way", took)
		}
		ana.Hear("message hi")
	})
}

// Task 9.8: The answer comes when the server has dealt with the message, so that the next one comes after it.
//
// Rules: 9.ad.
func TestPostsInOrder(t *testing.T) {
	run(t, failing, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den")
		ana.Hear("system bob joined")
		expectAnswer(w, bob.PostMessage(`{"type":`), 204, "what is wrong with it comes over the stream")
		expectRefused(w, bob, "invalid_json", "")
		for i := range 30 {
			bob.Say(fmt.Sprint(i))
		}
		for i := range 30 {
			ana.Hear(fmt.Sprint("message ", i))
		}
	})
}

// Task 9.8: Answers to heartbeats keep a stream's client.
//
// Rules: 9.y, 9.ad.
func TestStreamIsKeptByAnswers(t *testing.T) {
	cfg := failing
	cfg.HeartbeatInterval, cfg.StaleAfter = 30*time.Second, 50*time.Second
	testclient.Run(t, func(w *testclient.World) {
		s := startBehind(w, cfg, func(h http.Handler) http.Handler { return h })
		bob := s.JoinEvents("bob", "den")
		for range 4 {
			bob.Within(31 * time.Second).Hear("heartbeat")
			w.Sleep(time.Second)
			bob.Send(`{"type":"heartbeat_ack"}`)
		}
	})
}

// Task 9.8: A message is a matter of its connection, and not of the request that brought it.
//
// Rules: 9.g, 9.ad.
func TestPostEndsWithItsConnection(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		cfg := failing
		cfg.ModerateTimeout = 0
		asked, over := make(chan bool, 1), make(chan bool, 1)
		cfg.Moderate = func(ctx context.Context, _ chat.Message) error {
			asked <- true
			<-ctx.Done()
			over <- true
			return context.Cause(ctx)
		}
		s := start(w, cfg)
		ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den")
		ana.Hear("system bob joined")
		answered := make(chan int, 1)
		go func() { answered <- bob.PostMessage(talk("", "hi"), testclient.Patience(time.Minute)).Status }()
		<-asked
		w.Note("Moderate does not answer, and bob is taken over")
		s.JoinEvents("bob", "den")
		w.Returns("Moderate, whose context is to end with bob's old connection,", time.Second, func() { <-over })
		<-answered
		s.HearNoMore(ana)
	})
}

const head = `{"type":"message","data":"`

// Task 9.8: A message for which a WebSocket would be closed ends the connection in the same way.
//
// Rules: 9.af.
func TestUnacceptablePost(t *testing.T) {
	cfg := failing
	cfg.MaxMessageSize = 200
	for _, c := range []struct {
		what         string
		body         string
		status, code int
	}{
		{"a byte more than MaxMessageSize", head + long(200-len(head)-2+1) + `"}`, 413, 1009},
		{"ten times too much", head + long(2000) + `"}`, 413, 1009},
		{"a byte that no UTF-8 has", head + "\xff" + `"}`, 400, 1007},
	} {
		run(t, cfg, func(w *testclient.World, s *server) {
			ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den")
			ana.Hear("system bob joined")
			good := head + long(200-len(head)-2) + `"}`
			expectAnswer(w, bob.PostMessage(good), 204, "it has MaxMessageSize bytes")
			ana.Hear("message " + long(200-len(head)-2))
			bob.Hear("message " + long(200-len(head)-2))
			w.Note("bob sends %s", c.what)
			expectAnswer(w, bob.PostMessage(c.body), c.status, c.what)
			bob.ExpectEnd(c.code, c.what)
			ana.Hear("system bob left")
			s.HearNoMore(ana)
		})
	}
}

// beginPost sends a POST of a client whose body should have a length, and of it only a beginning.
func beginPost(w *testclient.World, s *server, c *chattest.Client, length int, beginning string) net.Conn {
	w.Helper()
	conn, err := s.Link(testclient.As("a POST of "+c.Name())).DialContext(w.Context(), "tcp", "192.0.2.1:80")
	require.NoError(w, err)
	_, err = fmt.Fprintf(conn, "POST /events/%s HTTP/1.1\r\nHost: chat\r\nChat-Session: %s\r\nChat-Instance: %s\r\nContent-Length: %d\r\n\r\n%s",
		c.ID, c.Session, c.Instance, length, beginning)
	require.NoError(w, err)
	w.Note("a POST of %s begins: %d of %d bytes, %s", c.Name(), len(beginning), length, beginning)
	return conn
}

// Task 9.8: A message that does not come to its end is none.
//
// Rules: 9.ad.
func TestHalfAPost(t *testing.T) {
	run(t, failing, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den")
		ana.Hear("system bob joined")
		conn := beginPost(w, s, bob, 100, talk("", "half"))
		w.Sleep(time.Second)
		conn.Close()
		w.Note("the connection of that POST breaks")
		ana.Silence(time.Second)
		bob.Say("whole")
		ana.Hear("message whole")
	})
}

// Task 9.8: A message that is too long is refused before it has come to its end.
//
// Rules: 9.af.
func TestEndlessPost(t *testing.T) {
	cfg := failing
	cfg.MaxMessageSize = 200
	run(t, cfg, func(w *testclient.World, s *server) {
		bob := s.JoinEvents("bob", "den")
		conn := beginPost(w, s, bob, 1<<20, talk("", long(200)))
		defer conn.Close()
		conn.SetReadDeadline(time.Now().Add(time.Second))
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			w.Fatalf("after more than MaxMessageSize bytes a POST should have been answered 413 within 1s: %v", err)
		}
		if resp.StatusCode != 413 {
			w.Fatalf("after more than MaxMessageSize bytes a POST was answered %d, want 413", resp.StatusCode)
		}
		bob.ExpectEnd(1009, "a message was too big")
	})
}

// Task 9.8: A connection that is about to end hears nothing more.
//
// Rules: 9.ae.
func TestPostAfterTheEnd(t *testing.T) {
	cfg := failing
	cfg.MaxMessageSize = 200
	run(t, cfg, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den", testclient.Buffer(1024))
		ana.Hear("system bob joined")
		bob.Stall()
		require.NoError(w, s.chat.Send("bob", news(long(5000))))
		expectAnswer(w, bob.PostMessage(talk("", long(300))), 413, "it has more than MaxMessageSize bytes")
		w.Note("bob is hung up on; he does not read, so his connection is still there, for CloseTimeout")
		expectAnswer(w, bob.PostMessage(talk("", "hi")), 404, "bob is hung up on")
		ana.Silence(time.Second)
		bob.Resume()
		bob.Hear("system " + long(5000))
		bob.ExpectEnd(1009, "a message was too big")
	})
}

// Task 9.8: A connection that ends while a POST is still coming does not hear it.
//
// Rules: 9.ae.
func TestPostComesTooLate(t *testing.T) {
	run(t, failing, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den", testclient.Buffer(1024))
		ana.Hear("system bob joined")
		text := talk("", "too late")
		conn := beginPost(w, s, bob, len(text), text[:10])
		defer conn.Close()
		w.Sleep(time.Second)
		bob.Stall()
		require.NoError(w, s.chat.Send("bob", news(long(5000))), "Send to bob, who has a stream")
		s.JoinEvents("bob", "hall")
		w.Note("bob is taken over; he does not read, so his connection is still there. Now the rest of the POST comes")
		_, err := conn.Write([]byte(text[10:]))
		require.NoError(w, err)
		conn.SetReadDeadline(time.Now().Add(time.Second))
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		require.NoError(w, err)
		if resp.StatusCode != 404 {
			w.Fatalf("the POST was answered %s, want 404 Not Found: its session has another connection by now", resp.Status)
		}
		for _, m := range ana.Received("message") {
			w.Fatalf("ana got %v, which came after the end of its connection", m)
		}
	})
}

// Task 9.8: Only who knows the session may speak for it.
//
// Rules: 9.ae.
func TestPostOfAStranger(t *testing.T) {
	cfg := failing
	cfg.ResumeWindow = time.Minute
	run(t, cfg, func(w *testclient.World, s *server) {
		ana, bob, carl := s.Join("ana", "den"), s.JoinEvents("bob", "den"), s.JoinEvents("carl", "den")
		ana.Hear("system bob joined", "system carl joined")
		for _, stranger := range []struct {
			why string
			as  *chattest.Client
		}{
			{"it names no session", bob.Claiming("", bob.Instance)},
			{"it names no instance", bob.Claiming(bob.Session, "")},
			{"it names an unknown session", bob.Claiming("XYZ", bob.Instance)},
			{"it names carl's session", bob.Claiming(carl.Session, bob.Instance)},
			{"it names another instance", bob.Claiming(bob.Session, "XYZ")},
		} {
			expectAnswer(w, stranger.as.PostMessage(talk("", "hi")), 404, stranger.why)
		}
		s.HearNoMore(ana)
		bob.Vanish()
		ana.Hear("system bob left")
		expectAnswer(w, bob.PostMessage(talk("", "hi")), 404, "bob's session waits to be resumed")
		again := s.ResumeEvents(bob, "")
		w.Sleep(time.Second)
		ana.Hear("system bob joined")
		expectAnswer(w, bob.PostMessage(talk("", "hi again")), 204, "bob's session has a connection again")
		ana.Hear("message hi again")
		again.Vanish()
		w.Sleep(time.Minute)
		expectAnswer(w, again.PostMessage(talk("", "hi")), 404, "bob's session has expired")
		ana.Hear("system bob left")
		s.HearNoMore(ana)
		s.chat.Close()
		expectAnswer(w, carl.PostMessage(talk("", "hi")), 404, "the server is closed")
	})
}

// Task 9.8: A session has one connection, of whichever kind, and a POST is for that.
//
// Rules: 9.ad.
func TestPostForAWebSocket(t *testing.T) {
	cfg := failing
	cfg.ResumeWindow = time.Minute
	run(t, cfg, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den")
		ana.Hear("system bob joined")
		again := s.Resume(bob, "")
		w.Sleep(time.Second)
		w.Note("bob's session goes on over a WebSocket, and a POST of his is still under way")
		expectAnswer(w, bob.PostMessage(talk("b1", "overtaken")), 204, "the session is the same")
		ana.Hear("message overtaken")
		again.Hear("message overtaken")
		expectAnswer(w, bob.PostMessage(`{"type":"nonsense","message_id":"b2"}`), 204, "what is wrong with it comes over the WebSocket")
		expectRefused(w, again, "unknown_type", "b2")
	})
}

// Task 9.8: A panic beside a message costs the connection of its session.
//
// Rules: 9.l.
func TestPanicBesideAPost(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := startTouchy(w)
		ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den").Ignoring("error")
		w.Note("the log panics when it is told of a message that has failed")
		if resp := bob.PostMessage("no JSON"); resp.Status == 204 || strings.Contains(string(resp.Body), "boom") {
			w.Fatalf("the POST was answered %d, %q: want a status that says that it has failed, and nothing of the panic", resp.Status, resp.Body)
		}
		bob.ExpectEnd(1011, "a goroutine that hears bob has panicked")
		ana.Hear("system bob joined", "system bob left")
		expectStack(s, s.expectRecords(1, "client disconnected", "bob", "a goroutine that hears bob has panicked")[0], "explode")
	})
}

// Task 9.8: Many messages of one client may come at the same time.
//
// Rules: 9.ad.
func TestPostsAtTheSameTime(t *testing.T) {
	run(t, failing, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den")
		ana.Hear("system bob joined")
		var mu sync.Mutex
		var status []int
		w.Rush(40, func(i int) {
			resp := s.Get("/events/bob", testclient.Method(http.MethodPost), testclient.Body(talk("", fmt.Sprint(i))),
				testclient.Header("Chat-Session", bob.Session), testclient.Header("Chat-Instance", bob.Instance))
			mu.Lock()
			defer mu.Unlock()
			status = append(status, resp.Status)
		})
		w.Sleep(time.Second)
		if got := len(ana.Received("message")); got != 40 || !slices.Equal(status, slices.Repeat([]int{204}, 40)) {
			w.Fatalf("40 messages came from bob at the same time; ana got %d, and the answers are %v", got, status)
		}
	})
}
