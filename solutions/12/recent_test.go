package chat_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/12"
)

// say has a client send a message, and lets a second pass in which it may be retried.
func say(w *testclient.World, c *chattest.Client, text string) {
	c.Say(text)
	w.Sleep(time.Second)
}

// expectRecent fails unless a list of /stats has these entries, the newest first.
func expectRecent(w *testclient.World, name string, list []recent, why string, want ...string) {
	w.Helper()
	var got []string
	for _, r := range list {
		line := r.Event + r.Kind + " " + r.ClientID
		if r.Code != 0 {
			line = fmt.Sprint(line, " ", r.Code)
		}
		if now := time.Now(); r.At.IsZero() || r.At.After(now) {
			w.Fatalf("%s in /stats has an entry with at %v, and it is %v", name, r.At, now)
		}
		got = append(got, line)
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		w.Fatalf("%s in /stats is\n  %s\nwant\n  %s\n%s", name, strings.Join(got, "\n  "), strings.Join(want, "\n  "), why)
	}
}

// Task 12.8 (8 points, after 12.6): Recent failures and events are kept, up to a limit.
//
// Rules: 12.y.
func TestRecentErrors(t *testing.T) {
	run(t, failing, func(w *testclient.World, s *server) {
		expectRecent(w, "recent_errors", s.stats().RecentErrors, "nothing has failed")
		ana, bob := s.Join("ana", "den"), s.Join("bob", "cellar")
		say(w, ana, "bug")
		say(w, bob, "away")
		ana.Send("{")
		ana.Tell("nobody", "hello")
		say(w, ana, "hello")
		got := s.stats().RecentErrors
		expectRecent(w, "recent_errors", got, "ana's bug came first. What is a client's fault is not among them: "+
			"a client could push out all others", "unavailable bob", "internal ana")
		if got[1].RoomID != "den" || !strings.Contains(got[1].Cause, "the disk is full") {
			w.Fatalf("recent_errors in /stats has %+v, want room_id den and a cause that says %q", got[1], "the disk is full")
		}
		for range 20 {
			ana.Send("{")
		}
		for range 12 {
			say(w, bob, "bug")
		}
		got = s.stats().RecentErrors
		want := []string{}
		for range 10 {
			want = append(want, "internal bob")
		}
		expectRecent(w, "recent_errors", got, "RecentSize is zero, so there are at most ten", want...)
	})
}

// Task 12.8: Config says how many are kept.
//
// Rules: 12.y, 12.z.
func TestRecentSize(t *testing.T) {
	for _, size := range []int{1, 3} {
		cfg := failing
		cfg.RecentSize = size
		run(t, cfg, func(w *testclient.World, s *server) {
			clients := []*chattest.Client{s.Join("ana", "den"), s.Join("bob", "den"), s.Join("cleo", "den"), s.Join("dora", "den")}
			for _, c := range clients {
				say(w, c, "bug")
			}
			got := s.stats()
			expectRecent(w, "recent_errors", got.RecentErrors, fmt.Sprint("RecentSize is ", size),
				[]string{"internal dora", "internal cleo", "internal bob"}[:size]...)
			expectRecent(w, "recent_events", got.RecentEvents, fmt.Sprint("RecentSize is ", size),
				[]string{"connected dora", "connected cleo", "connected bob"}[:size]...)
		})
	}
}

// Task 12.8: Config says how long they are kept.
//
// Rules: 12.y, 12.z.
func TestRecentFor(t *testing.T) {
	for _, d := range []time.Duration{time.Minute, time.Hour} {
		cfg := failing
		cfg.RecentFor = d
		run(t, cfg, func(w *testclient.World, s *server) {
			ana := s.Join("ana", "den")
			say(w, ana, "bug")
			w.Sleep(d / 2)
			bob := s.Join("bob", "den")
			say(w, bob, "bug")
			got := s.stats()
			expectRecent(w, "recent_errors", got.RecentErrors, "both were lately", "internal bob", "internal ana")
			expectRecent(w, "recent_events", got.RecentEvents, "both were lately", "connected bob", "connected ana")
			w.Sleep(d/2 + time.Second)
			got = s.stats()
			expectRecent(w, "recent_errors", got.RecentErrors, "ana's was too long ago", "internal bob")
			expectRecent(w, "recent_events", got.RecentEvents, "ana's was too long ago", "connected bob")
			w.Sleep(d)
			got = s.stats()
			expectRecent(w, "recent_errors", got.RecentErrors, "both were too long ago")
			expectRecent(w, "recent_events", got.RecentEvents, "both were too long ago")
		})
	}
	run(t, failing, func(w *testclient.World, s *server) {
		say(w, s.Join("ana", "den"), "bug")
		w.Sleep(1000 * time.Hour)
		expectRecent(w, "recent_errors", s.stats().RecentErrors, "RecentFor is zero: nothing is too long ago", "internal ana")
	})
}

// Task 12.8: Who came, who left and who was refused is told.
//
// Rules: 12.z.
func TestRecentEvents(t *testing.T) {
	cfg := failing
	cfg.RoomCapacity, cfg.ResumeWindow = 2, time.Minute
	run(t, cfg, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		s.ExpectFull("cleo", "den", "the room is full")
		ana.Vanish()
		s.Resume(ana, "")
		w.Sleep(time.Second)
		bob.Leave()
		got := s.stats().RecentEvents
		expectRecent(w, "recent_events", got, "this is what has happened",
			"disconnected bob 1000", "reconnected ana", "disconnected ana 1006", "refused cleo 503", "connected bob", "connected ana")
		if got[3].RoomID != "den" {
			w.Fatalf("recent_events in /stats has %+v, want room_id den", got[3])
		}
		s.Join("dora", "den").Close(4555, "")
		w.Sleep(time.Second)
		s.TryEvents("/events/fay?room_id=den", testclient.Header("Last-Event-ID", "stop")) // 204 is no refusal
		s.Refused("/ws/emil", []int{400}, testclient.Header("Sec-WebSocket-Version", "7"))
		got = s.stats().RecentEvents[:3]
		expectRecent(w, "recent_events", got, "dora closed with 4555, and emil's handshake was refused",
			"refused emil 400", "disconnected dora 4555", "connected dora")
		if got[0].RoomID != "" {
			w.Fatalf("recent_events in /stats has %+v, want no room_id: emil has named no room", got[0])
		}
	})
}

// Task 12.8: What a client calls itself takes no more memory than an id.
//
// Rules: 12.ba.
func TestRecentEventsAreCut(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		name := strings.Repeat("é", 5000)
		s.Refused("/ws/"+strings.Repeat("%C3%A9", 5000)+"?room_id="+strings.Repeat("x", 5000), []int{400})
		got := s.stats().RecentEvents
		if len(got) != 1 || got[0].Event != "refused" {
			w.Fatalf("recent_events in /stats has %d entries, want the one refusal", len(got))
		}
		s.Refused("/ws/x"+strings.Repeat("%C3%A9", 50), []int{400})
		got = append(got, s.stats().RecentEvents[0])
		if e := got[1]; len(e.ClientID) > 64 || !strings.HasPrefix("x"+name, e.ClientID) {
			w.Fatalf("recent_events in /stats has a client_id of %d bytes, %q, want at most 64, the beginning of what the client sent", len(e.ClientID), e.ClientID)
		}
		if e := got[0]; len(e.ClientID) > 64 || len(e.RoomID) > 64 || e.ClientID == "" || !strings.HasPrefix(name, e.ClientID) {
			w.Fatalf("recent_events in /stats has a client_id of %d bytes and a room_id of %d, want at most 64, the beginning of what the client sent", len(e.ClientID), len(e.RoomID))
		}
	})
}

// tracker is an error tracker.
type tracker struct {
	mu   sync.Mutex
	told []chat.Failure
}

func (t *tracker) onFailure(f chat.Failure) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.told = append(t.told, f)
}

// Task 12.8: The error tracker is told of each failure, once, with all that helps.
//
// Rules: 12.bb.
func TestErrorTracker(t *testing.T) {
	tracker := &tracker{}
	cfg := failing
	cfg.OnFailure = tracker.onFailure
	run(t, cfg, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "cellar")
		say(w, ana, "hello")
		ana.Send("{")
		ana.Tell("nobody", "hello")
		w.Sleep(time.Second)
		if told := tracker.failures(); len(told) > 0 {
			w.Fatalf("OnFailure was called %d times, the first time with %v: what is a client's fault is no failure", len(told), told[0].Err)
		}
		ana.SendJSON(map[string]string{"type": "message", "data": "bug", "message_id": "m-1"})
		say(w, bob, "away")
		w.Sleep(time.Second)
		if n := len(tracker.failures()); n != 2 {
			w.Fatalf("OnFailure was called %d times, want twice: ana's message found a bug, and bob's found the moderator away", n)
		}
		say(w, bob, "panic")
		told := tracker.failures()
		if n := len(told); n != 3 {
			w.Fatalf("OnFailure was called %d times, want three times: bob's second message found a panic", n)
		}
		expectPanic(w, told[2], "the disk is on fire", "total_test.go")
		f := told[0]
		if f.Kind != chat.KindInternal || f.ClientID != "ana" || f.RoomID != "den" || f.MessageID != "m-1" || f.Err == nil || !strings.Contains(f.Err.Error(), "the disk is full") {
			w.Fatalf("OnFailure was called with %+v, want ana, den, m-1, and an error that says %q", f, "the disk is full")
		}
	})
}

// failures returns what it was told so far.
func (t *tracker) failures() []chat.Failure {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.told)
}

// expectPanic fails unless a failure is a panic that says something, with its stack.
func expectPanic(w *testclient.World, f chat.Failure, says, file string) {
	w.Helper()
	if f.Kind != chat.KindInternal || f.Err == nil || !strings.Contains(f.Err.Error(), says) || !strings.Contains(f.Stack, file) {
		w.Fatalf("OnFailure was called with %+v, want an Err that says %q, and the Stack of the panic, which names %s", f, says, file)
	}
}

// Task 12.8: A panic that ends a connection is told with its stack.
//
// Rules: 12.bb.
func TestErrorTrackerHearsOfConnections(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		tracker := &tracker{}
		s := start(w, chat.Config{CloseTimeout: time.Second, OnFailure: tracker.onFailure, Logger: w.LoggerWith(func(r testclient.Record) {
			if r.Message == "client connected" && r.Attrs["client_id"] == "bob" {
				panic("a bug")
			}
		})})
		s.Join("ana", "den")
		s.Arrive("bob", "den", since).ExpectClose(1011)
		w.Sleep(time.Second)
		told := tracker.failures()
		if len(told) != 1 || told[0].ClientID != "bob" || told[0].RoomID != "den" {
			w.Fatalf("OnFailure was called with %+v, want once, about bob in the den: his connection ended with 1011", told)
		}
		expectPanic(w, told[0], "a bug", "recent_test.go")
	})
}

// Task 12.8: The error tracker may have bugs of its own, and is told when the log has been.
//
// Rules: 12.bb.
func TestErrorTrackerPanics(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		var calls, logged atomic.Int32
		cfg := failing
		cfg.Logger = w.LoggerWith(func(r testclient.Record) {
			if r.Message == "message failed" {
				logged.Add(1)
			}
		})
		cfg.OnFailure = func(chat.Failure) {
			if calls.Add(1) > logged.Load() {
				w.Errorf("OnFailure was called before the failure was in the log")
			}
			panic("the tracker has a bug")
		}
		s := start(w, cfg)
		ana := s.Join("ana", "den")
		say(w, ana, "bug")
		ana.Hear("error internal")
		say(w, ana, "hello")
		ana.Hear("message hello")
		say(w, ana, "bug")
		ana.Hear("error internal")
		if n := calls.Load(); n != 2 {
			w.Fatalf("OnFailure was called %d times, want twice", n)
		}
		s.metrics().expect(2, "what the tracker does is no failure of the server", "chat_errors_total", "kind=internal")
	})
}

// logKeys are what log records may have.
var logKeys = []string{"url", "client_id", "room_id", "remote", "connection", "session", "message_id", "kind", "code", "status",
	"reason", "closed_by", "duration", "cause", "stack", "task", "until", "file"}

// Task 12.8: Whoever searches the log knows its keys.
//
// Rules: 12.bp.
func TestLogKeys(t *testing.T) {
	cfg := failing
	cfg.Auth, cfg.RoomCapacity, cfg.MaxBadMessages, cfg.OnFailure = everybody{}, 2, 3, func(chat.Failure) { panic("the tracker has a bug") }
	run(t, cfg, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den", bearing("ana")), s.JoinEvents("bob", "den", bearing("bob"))
		s.Refused("/ws/cleo?room_id=den", []int{503}, bearing("cleo"))
		s.Refused("/ws/cleo?room_id=den", []int{401}, bearing("stolen"))
		s.Refused("/ws/cleo?room_id=den", []int{403}, testclient.Header("Origin", "http://evil.example"))
		s.Refused("/ws/cleo?room_id=cellar", []int{400, 426}, bearing("cleo"), testclient.Header("Sec-WebSocket-Version", "7"))
		say(w, ana, "bug")
		say(w, ana, "panic")
		say(w, bob, "away")
		ana.SendJSON(map[string]string{"type": "auth", "data": "ana"})
		ana.PassingOver(chattest.IsType("system", "error")).Expect("an answer to another token", chattest.IsType("auth"))
		for range 5 {
			ana.Send("{")
		}
		w.Sleep(time.Second)
		bob.Vanish()
		expectRecent(w, "recent_errors", s.stats().RecentErrors, "all have failed", "unavailable bob", "internal ana", "internal ana")
		for _, r := range w.Logs().Records() {
			for key := range r.Attrs {
				if !slices.Contains(logKeys, key) {
					w.Fatalf("the log has a record with the key %q, which is not among those of the Contract: %v", key, r)
				}
			}
		}
	})
}
