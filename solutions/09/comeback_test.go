package chat_test

import (
	"cmp"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/09"
)

// resuming is failing with sessions that are kept for a minute.
func resuming() chat.Config {
	cfg := failing
	cfg.ResumeWindow = time.Minute
	return cfg
}

// expectID fails unless the next event a client gets is a message with an event id. It returns the message.
func expectID(w *testclient.World, c *chattest.Client, line string, id func(m chattest.Message) string) chattest.Message {
	w.Helper()
	m := c.Expect(line, func(m testclient.Message) bool { return chattest.Parse(m).String() == line })
	got := chattest.Parse(m)
	if want := id(got); m.EventID != want {
		w.Fatalf("after %q the last event id of %s is %q, want %q: that is where a stream that breaks now goes on", line, c.Name(), m.EventID, want)
	}
	return got
}

// Task 9.9 (8 points, after 9.5, 9.8): The ids of events say where to go on.
//
// Rules: 9.ag.
func TestEventIDs(t *testing.T) {
	run(t, resuming(), func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		c := s.Events("/events/bob?room_id=den", testclient.As("bob"))
		welcome := c.Next()
		session := chattest.Parse(welcome).SessionID
		if welcome.EventID != session {
			w.Fatalf("the id of the welcome's event is %q, want the session id, %q", welcome.EventID, session)
		}
		c.Cut()
		w.Sleep(time.Second)
		ana.Hear("system bob joined", "system bob left")

		bob := s.JoinEvents("bob", "den")
		ana.Hear("system bob joined")
		its := func(m chattest.Message) string { return bob.Session + "/" + m.ID }
		ana.Say("one")
		expectID(w, bob, "message one", its)
		ana.Shout("two")
		expectID(w, bob, "broadcast two", its)
		ana.Tell("bob", "three")
		expectID(w, bob, "direct three", its)
		s.Join("carl", "den")
		last := expectID(w, bob, "system carl joined", its)
		bob.PostMessage(`{"type":"nonsense"}`)
		expectID(w, bob, "error unknown_type", func(chattest.Message) string { return its(last) })
		bob.PostMessage(`{"type":"heartbeat"}`)
		expectID(w, bob, "heartbeat_ack", func(chattest.Message) string { return its(last) })
		ana.Say("four")
		expectID(w, bob, "message four", its)
	})
}

// Task 9.9: Last-Event-ID resumes the session, after the message that it names.
//
// Rules: 9.ag, 9.ah.
func TestLastEventID(t *testing.T) {
	run(t, resuming(), func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den")
		ana.Hear("system bob joined")
		say := func(text string) string {
			ana.Say(text)
			return ana.Hear("message " + text)
		}
		one, two := say("one"), say("two")
		bob.Hear("message one", "message two")
		bob.Vanish()
		ana.Hear("system bob left")
		say("three")

		comeBack := func(path, last, wantID string, lines ...string) {
			w.Helper()
			c, resp := s.TryEvents(path, testclient.As("bob again"), testclient.Header("Last-Event-ID", last))
			if c == nil {
				w.Fatalf("GET %s with Last-Event-ID %q was answered %d, want a stream", path, last, resp.Status)
			}
			again := &chattest.Client{Client: c}
			welcome := again.Expect("a welcome", chattest.IsType("welcome"))
			if got := chattest.Parse(welcome); got.SessionID != bob.Session {
				w.Fatalf("with Last-Event-ID %q the session is another one, want bob's to go on", last)
			}
			if welcome.EventID != wantID {
				w.Fatalf("the id of the welcome's event is %q, want %q: a stream that breaks now goes on from there", welcome.EventID, wantID)
			}
			again.Hear(lines...)
			again.Silence(500 * time.Millisecond)
			c.Cut()
			w.Sleep(time.Second)
			ana.Hear("system bob joined", "system bob left")
		}
		comeBack("/events/bob?room_id=den", bob.Session+"/"+two, bob.Session+"/"+two, "message three")
		comeBack("/events/bob?room_id=den", bob.Session+"/"+one, bob.Session+"/"+one, "message two", "message three")
		comeBack("/events/bob?room_id=den", bob.Session, bob.Session, "message one", "message two", "message three")
		comeBack("/events/bob?room_id=den&session_id="+bob.Session+"&last_message_id="+one, bob.Session+"/"+two, bob.Session+"/"+two, "message three")
		comeBack("/events/bob?room_id=den&session_id="+bob.Session+"&last_message_id="+two, bob.Session, bob.Session,
			"message one", "message two", "message three")
		comeBack("/events/bob?room_id=den&session_id=XYZ&last_message_id="+one, bob.Session+"/"+two, bob.Session+"/"+two, "message three")
	})
}

// Task 9.9: The query resumes a session as it does for a WebSocket, from one kind of connection to the other.
//
// Rules: 9.y, 9.ag.
func TestSessionChangesItsTransport(t *testing.T) {
	run(t, resuming(), func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		ana.Hear("system bob joined")
		ana.Say("one")
		one := bob.Hear("message one")
		bob.Vanish()
		ana.Say("two")
		over := s.ResumeEvents(bob, one)
		if !over.Resumed || over.Session != bob.Session {
			w.Fatalf("bob's session, which had a WebSocket, does not go on over an event stream: resumed is %v", over.Resumed)
		}
		two := over.Hear("message two")
		over.Vanish()
		ana.Say("three")
		back := s.Resume(over, two)
		back.Hear("message three")
	})
}

// Task 9.9: An unknown Last-Event-ID begins a new session.
//
// Rules: 9.ah.
func TestUnknownLastEventID(t *testing.T) {
	run(t, resuming(), func(w *testclient.World, s *server) {
		for _, last := range []string{"XYZ", "XYZ/m1", "/", "a/b/c"} {
			c, resp := s.TryEvents("/events/bob?room_id=den", testclient.As("bob"), testclient.Header("Last-Event-ID", last))
			if c == nil {
				w.Fatalf("a stream with Last-Event-ID %q was answered %d, want a new session", last, resp.Status)
			}
			welcome := chattest.Parse(c.Next())
			if welcome.Type != "welcome" || welcome.SessionID == "" {
				w.Fatalf("with Last-Event-ID %q bob got %v, want a welcome", last, welcome)
			}
			c.Cut()
			w.Sleep(time.Second)
		}
	})
}

// Task 9.9: A browser that should stop is told so in its own way.
//
// Rules: 9.ai, 9.j.
func TestStreamStops(t *testing.T) {
	run(t, resuming(), func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		bob := s.JoinEvents("bob", "den")
		ana.Hear("system bob joined")
		newer := s.JoinEvents("bob", "den")
		end := bob.Await("event close", func(m testclient.Message) bool { return m.Event == "close" })
		if end.EventID != "stop" {
			w.Fatalf("bob was taken over, and the event close has the id %q, want \"stop\": the advice of 4001 is to stop", end.EventID)
		}
		s.HearNoMore(ana)
		w.Note("bob's browser asks for the stream again, as browsers do")
		got := streamStatus(s, "/events/bob?room_id=den", testclient.As("bob's browser"), testclient.Header("Last-Event-ID", "stop"))
		if got != 204 {
			w.Fatalf("a request with Last-Event-ID stop was answered %d, want 204: that tells a browser to stop, and is no error", got)
		}
		s.expectRecords(1, "handshake refused", "bob", "his browser was not let in")
		ana.Say("still one bob")
		newer.Hear("message still one bob")
		last := ana.Hear("message still one bob")
		s.HearNoMore(ana)

		w.Note("the server is closed: that is no reason to stop")
		s.chat.Close()
		end = newer.Await("event close", func(m testclient.Message) bool { return m.Event == "close" })
		if want := newer.Session + "/" + last; end.EventID != want {
			w.Fatalf("the server is closed, and the last event id is %q, want %q still: the advice of 1001 is to resume", end.EventID, want)
		}
	})
}

// Task 9.9: The advice decides, and not one code.
//
// Rules: 9.ai.
func TestAdviceDecidesAboutStop(t *testing.T) {
	cfg := resuming()
	cfg.MaxBadMessages, cfg.MaxMessageSize = 1, 200
	for _, c := range []struct {
		what, body, last string
		times            int
	}{
		{"the advice of 1008 is to stop", `{"type":"nonsense"}`, "stop", 2},
		{"the advice of 1009 is to resume", talk("", long(300)), "", 1},
	} {
		run(t, cfg, func(w *testclient.World, s *server) {
			bob := s.JoinEvents("bob", "den")
			for range c.times {
				bob.PostMessage(c.body)
			}
			end := bob.Await("event close", func(m testclient.Message) bool { return m.Event == "close" })
			if want := cmp.Or(c.last, bob.Session); end.EventID != want {
				w.Fatalf("the last event id of bob is %q, want %q: %s", end.EventID, want, c.what)
			}
		})
	}
}

// Task 9.9: A session that is not resumed begins anew, and so does the id of its welcome.
//
// Rules: 9.ag.
func TestNewSessionHasANewPlace(t *testing.T) {
	run(t, resuming(), func(w *testclient.World, s *server) {
		last := "a-session-that-nobody-knows/m1"
		w.Note("bob comes with the Last-Event-ID %q", last)
		c, resp := s.TryEvents("/events/bob?room_id=den", testclient.As("bob"), testclient.Header("Last-Event-ID", last))
		if c == nil {
			w.Fatalf("a stream with an unknown Last-Event-ID was answered %d, want a stream with a new session", resp.Status)
		}
		welcome := c.Next()
		if session := chattest.Parse(welcome).SessionID; welcome.EventID != session {
			w.Fatalf("the id of the welcome's event is %q, want the id of the new session alone, %q: no message of it has come yet", welcome.EventID, session)
		}
	})
}

// Task 9.9: An unknown message id in the request does not get into the stream.
//
// Rules: 9.ag.
func TestForeignIDIsNotRepeated(t *testing.T) {
	run(t, resuming(), func(w *testclient.World, s *server) {
		bob := s.JoinEvents("bob", "den")
		bob.Vanish()
		w.Note("bob comes back, and names a message with a line break in its id")
		c := s.Events("/events/bob?room_id=den&session_id="+bob.Session+"&last_message_id=x%0Adata:%20forged", testclient.As("bob again"))
		welcome := c.Next()
		if got := chattest.Parse(welcome); got.SessionID != bob.Session {
			w.Fatalf("bob's session does not go on; he got %s", welcome)
		}
		if welcome.EventID != bob.Session {
			w.Fatalf("the id of the welcome's event is %q, want the session id alone, %q: the server knows no such message", welcome.EventID, bob.Session)
		}
		c.Silence(time.Second)
	})
}
