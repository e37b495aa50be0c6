package chat_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/09"
)

// moderated is failing with a Moderate that fails for the texts that are keys of failures.
func moderated(failures map[string]error) chat.Config {
	cfg := failing
	cfg.Moderate = func(_ context.Context, m chat.Message) error {
		return failures[strings.Trim(string(m.Data), `"`)]
	}
	return cfg
}

// secret stands in errors that no client may read.
const secret = "filter-7.internal:8443"

// failures are errors of Moderate, and what has to follow them.
var failures = []struct {
	what  string
	err   error
	code  string
	kind  string
	level slog.Level
}{
	{"refuses it", fmt.Errorf("%s says: %w", secret, chat.Refuse("no_such_word", "this word is not for here")), "no_such_word", "client", slog.LevelInfo},
	{"is away", fmt.Errorf("%s: %w", secret, chat.ErrUnavailable), "unavailable", "unavailable", slog.LevelWarn},
	{"does not answer in time", fmt.Errorf("%s: %w", secret, context.DeadlineExceeded), "unavailable", "unavailable", slog.LevelWarn},
	{"has lost its own connection", fmt.Errorf("%s: %w", secret, net.ErrClosed), "unavailable", "unavailable", slog.LevelWarn},
	{"has read half an answer", fmt.Errorf("%s: %w", secret, io.ErrUnexpectedEOF), "unavailable", "unavailable", slog.LevelWarn},
	{"does not know what has happened", errors.New("disk full on " + secret), "internal", "internal", slog.LevelError},
}

// Task 9.2 (12 points, after 9.1): An error with one message costs that message, and its sender is told.
//
// Rules: 9.d, 9.e.
func TestOneMessageFails(t *testing.T) {
	for _, f := range failures {
		run(t, moderated(map[string]error{"bad": f.err}), func(w *testclient.World, s *server) {
			ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
			ana.Hear("system bob joined")
			w.Note("Moderate %s when it is asked about the message \"bad\"", f.what)
			for _, kind := range []string{`"message"`, `"broadcast"`, `"direct","to":"ana"`} {
				bob.Send(`{"type":` + kind + `,"message_id":"b1","data":"bad"}`)
				expectRefused(w, bob.Within(3*time.Second), f.code, "b1")
			}
			bob.Say("good")
			bob.Hear("message good")
			ana.Hear("message good")
			s.HearNoMore(ana, bob)
		})
	}
}

// Task 9.2: The sentence of Refuse is told, and the text of no other error.
//
// Rules: 9.e, 9.f.
func TestNothingInsideIsTold(t *testing.T) {
	for _, f := range failures {
		run(t, moderated(map[string]error{"bad": f.err}), func(w *testclient.World, s *server) {
			bob := s.Join("bob", "den")
			w.Note("Moderate %s when it is asked about the message \"bad\"; the text of its error is %q", f.what, f.err)
			bob.Say("bad")
			got := expectRefused(w, bob.Within(3*time.Second), f.code, "")
			sentence := string(got.Data)
			if f.kind == "client" && !strings.Contains(sentence, "this word is not for here") {
				w.Fatalf("bob was told %s, want the sentence that Refuse was given: \"this word is not for here\"", sentence)
			}
			for _, inside := range []string{secret, "disk", "unavailable:", "deadline", "closed network", "EOF"} {
				if strings.Contains(sentence, inside) {
					w.Fatalf("bob was told %s: %q is none of his business", sentence, inside)
				}
			}
		})
	}
}

// Task 9.2: Each failure leaves one record, which says whose message has failed, and how badly.
//
// Rules: 9.h.
func TestFailureIsLogged(t *testing.T) {
	for _, f := range failures {
		run(t, moderated(map[string]error{"bad": f.err}), func(w *testclient.World, s *server) {
			bob := s.Join("bob", "den")
			w.Note("Moderate %s when it is asked about the message b1", f.what)
			bob.Send(talk("b1", "bad"))
			expectRefused(w, bob.Within(3*time.Second), f.code, "b1")
			r := s.expectRecords(1, "message failed", "bob", "one message of his has failed")[0]
			s.expectAttr(r, "message_id", "b1")
			s.expectAttr(r, "kind", f.kind)
			s.expectAttr(r, "code", f.code)
			s.expectAttr(r, "room_id", "den")
			if r.Level != f.level {
				w.Fatalf("the record has the level %s, want %s:\n  %s", r.Level, f.level, r)
			}
			for _, other := range w.Logs().Records() {
				if other.Level > slog.LevelInfo && other.String() != r.String() {
					w.Fatalf("the failure is in the log a second time:\n  %s", other)
				}
			}
		})
	}
}

// Task 9.2: A message that is wrong by itself is logged like one that Moderate refuses.
//
// Rules: 9.h.
func TestOwnRefusalIsLogged(t *testing.T) {
	run(t, failing, func(w *testclient.World, s *server) {
		bob := s.Join("bob", "den")
		bob.Send(`{"type":"message"`)
		expectRefused(w, bob, "invalid_json", "")
		bob.Send(`{"type":"direct","to":"zed","message_id":"b2","data":"hi"}`)
		expectRefused(w, bob, "no_such_client", "b2")
		r := s.expectRecords(2, "message failed", "bob", "two messages of his have failed")
		s.expectAttr(r[0], "code", "invalid_json")
		s.expectAttr(r[0], "kind", "client")
		s.expectAttr(r[1], "message_id", "b2")
		s.expectAttr(r[1], "kind", "client")
	})
}

// Task 9.2: Moderate sees what clients say to one another, and who says it.
//
// Rules: 9.c.
func TestModerateSeesTalk(t *testing.T) {
	var mu sync.Mutex
	var seen []string
	cfg := failing
	cfg.RateLimit, cfg.RateWindow = 4, time.Minute
	cfg.Moderate = func(_ context.Context, m chat.Message) error {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, fmt.Sprintf("%s from %s in %s: %s", m.Type, m.From, m.RoomID, m.Data))
		return nil
	}
	run(t, cfg, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		ana.Hear("system bob joined")
		bob.Say("one")
		bob.Shout("two")
		bob.Tell("ana", "three")
		ana.Hear("message one", "broadcast two", "direct three")
		bob.Send(`{"type":"nonsense"}`)
		bob.Say("too many")
		bob.Send(`{"type":"heartbeat_ack"}`)
		carl := s.Join("carl", "den")
		carl.Send(`{"type":"heartbeat"}`)
		carl.Hear("heartbeat_ack")
		w.Sleep(time.Second)
		want := []string{`message from bob in den: "one"`, `broadcast from bob in den: "two"`, `direct from bob in den: "three"`}
		mu.Lock()
		defer mu.Unlock()
		if !slices.Equal(seen, want) {
			w.Fatalf("Moderate was asked about %q, want %q: not about a message that is malformed or over the rate, nor about heartbeats and notices", seen, want)
		}
	})
}

// Task 9.2: A message is with nobody until Moderate has agreed.
//
// Rules: 9.c.
func TestModerateComesFirst(t *testing.T) {
	cfg := failing
	cfg.Moderate = func(ctx context.Context, m chat.Message) error {
		time.Sleep(300 * time.Millisecond)
		return nil
	}
	run(t, cfg, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		ana.Hear("system bob joined")
		w.Note("Moderate takes 300 ms for each message")
		bob.Say("hi")
		ana.Silence(250 * time.Millisecond)
		ana.Hear("message hi")
	})
}

// Task 9.2: When the sender is gone, Moderate is told so, and nothing is logged about the message.
//
// Rules: 9.g.
func TestNobodyIsLeftToTell(t *testing.T) {
	for _, wait := range []time.Duration{time.Minute, 0} {
		cfg := failing
		cfg.ModerateTimeout = wait
		ended := make(chan error, 1)
		cfg.Moderate = func(ctx context.Context, m chat.Message) error {
			select {
			case <-ctx.Done():
				ended <- ctx.Err()
				return fmt.Errorf("ask the filter: %w", ctx.Err())
			case <-time.After(30 * time.Second):
				ended <- nil
				return nil
			}
		}
		testclient.Run(t, func(w *testclient.World) {
			ended = make(chan error, 1)
			s := start(w, cfg)
			ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
			ana.Hear("system bob joined")
			w.Note("Moderate waits for the end of its context")
			bob.Say("hi")
			w.Sleep(2 * time.Second)
			w.Note("bob is taken over by his second connection")
			s.Join("bob", "den")
			select {
			case err := <-ended:
				if err == nil {
					w.Fatalf("Moderate's context did not end with the connection of its client")
				}
			case <-time.After(time.Second):
				w.Fatalf("bob's connection has ended, and the context that Moderate has for his message has not")
			}
			w.Sleep(time.Second)
			s.expectRecords(0, "message failed", "", "nobody waits for this message any more")
			s.HearNoMore(ana)
		})
	}
}

// Task 9.2: Each record about a connection says which one, and nobody can resume a session that stands in the log.
//
// Rules: 9.i.
func TestRecordsSayWhose(t *testing.T) {
	cfg := moderated(map[string]error{"bad": errors.New("out of luck")})
	cfg.ResumeWindow = time.Minute
	testclient.Run(t, func(w *testclient.World) {
		s := startBehind(w, cfg, func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				r.RemoteAddr = "192.0.2.1:4242" // that of a proxy, for all
				h.ServeHTTP(rw, r)
			})
		})
		bob := s.Join("bob", "den")
		bob.Say("bad")
		expectRefused(w, bob, "internal", "")
		bob.Vanish()
		again := s.Resume(bob, "")
		again.Leave()
		carl := s.Join("carl", "den")
		carl.Leave()
		records := map[string]map[string]bool{} // by client: its sessions
		connections := map[string]int{}
		for message, n := range map[string]int{"client connected": 3, "message failed": 1, "client disconnected": 3} {
			for _, r := range s.expectRecords(n, message, "", "there were three connections, and one message has failed") {
				id, session, connection := fmt.Sprint(r.Attrs["client_id"]), fmt.Sprint(r.Attrs["session"]), fmt.Sprint(r.Attrs["connection"])
				for key, got := range map[string]string{"session": session, "connection": connection} {
					if got == "" || got == "<nil>" {
						w.Fatalf("the record has no %s:\n  %s", key, r)
					}
				}
				s.expectAttr(r, "room_id", "den")
				if records[id] == nil {
					records[id] = map[string]bool{}
				}
				records[id][session] = true
				connections[connection]++
				for _, c := range []*chattest.Client{bob, carl} {
					if strings.Contains(r.String(), c.Session) {
						w.Fatalf("the session id of %s stands in the log, where others may read it and resume the session:\n  %s", c.ID, r)
					}
				}
			}
		}
		if len(records["bob"]) != 1 || len(records["carl"]) != 1 {
			w.Fatalf("bob had one session, over two connections, and the records name %d", len(records["bob"]))
		}
		for session := range records["bob"] {
			if records["carl"][session] {
				w.Fatalf("bob and carl have the same session in the log, %q", session)
			}
		}
		if len(connections) != 3 {
			w.Fatalf("there were three connections, and their records have only %d different values of connection", len(connections))
		}
	})
}

// Task 9.2: A request that is not let in leaves one record.
//
// Rules: 9.i, 9.j.
func TestRefusedHandshakeIsLogged(t *testing.T) {
	cfg := failing
	cfg.RoomCapacity = 1
	run(t, cfg, func(w *testclient.World, s *server) {
		s.Join("ana", "den")
		s.ExpectFull("bob", "den", "ana is in it")
		r := s.expectRecords(1, "handshake refused", "bob", "the room was full")[0]
		if reason, _ := r.Attrs["reason"].(string); reason == "" {
			w.Fatalf("the record has no reason:\n  %s", r)
		}
		s.TryDial(chattest.Path("bob", "den") + "&session_id=KEEPTHIS")
		for _, r := range s.records("handshake refused", "bob") {
			if strings.Contains(r.String(), "KEEPTHIS") {
				w.Fatalf("a session id stands in the log, where others may read it and resume the session:\n  %s", r)
			}
		}
		s.TryDial(chattest.Path("carl", "no room"))
		s.expectRecords(1, "handshake refused", "carl", "there is no such room")
		s.TryDial(chattest.Path("dora", "hall"), testclient.Header("Sec-WebSocket-Key", "short"))
		s.expectRecords(1, "handshake refused", "dora", "the handshake was broken")
	})
}

// Task 9.2: A message that is refused for its rate is logged, as often as its sender is told.
//
// Rules: 9.h.
func TestFloodIsLogged(t *testing.T) {
	cfg := failing
	cfg.RateLimit, cfg.RateWindow = 2, time.Minute
	run(t, cfg, func(w *testclient.World, s *server) {
		bob := s.Join("bob", "den")
		for range 7 {
			bob.Say("x")
		}
		bob.Hear("message x", "message x", "error rate_limited", "error rate_limited")
		s.HearNoMore(bob)
		for _, r := range s.expectRecords(2, "message failed", "bob", "he was told twice") {
			s.expectAttr(r, "code", "rate_limited")
			s.expectAttr(r, "kind", "client")
		}
	})
}

// Task 9.2: A Moderate that finds its time over, and its own connection lost, is away.
//
// Rules: 9.e.
func TestModerateGivesUp(t *testing.T) {
	cfg := failing
	cfg.Moderate = func(ctx context.Context, m chat.Message) error {
		<-ctx.Done()
		return fmt.Errorf("read: %w", net.ErrClosed)
	}
	run(t, cfg, func(w *testclient.World, s *server) {
		bob := s.Join("bob", "den")
		w.Note("Moderate waits until its time is over, and then returns net.ErrClosed")
		bob.Send(talk("b1", "hi"))
		expectRefused(w, bob.Within(2*time.Second), "unavailable", "b1")
		s.expectRecords(1, "message failed", "bob", "one message of his has failed")
	})
}
