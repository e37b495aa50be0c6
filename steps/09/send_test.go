package chat_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/09"
)

// news is a message of the program's own.
func news(text string) chat.Message {
	data, _ := json.Marshal(text)
	return chat.Message{Type: chat.TypeSystem, Data: data}
}

// expectNotAccepted fails unless an error says that clients have not accepted a message, each for its reason.
func expectNotAccepted(w *testclient.World, err error, why error, ids ...string) {
	w.Helper()
	if err == nil {
		w.Fatalf("the error is nil, although %v cannot accept the message: %v", ids, why)
	}
	all := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		all = joined.Unwrap()
	}
	var got []string
	for _, e := range all {
		d, ok := errors.AsType[*chat.DeliveryError](e)
		if !ok {
			w.Fatalf("the error is %v (%T), want one that wraps a *chat.DeliveryError for each of %v", err, err, ids)
		}
		if !errors.Is(d, why) || !errors.Is(err, why) {
			w.Fatalf("the error for %s is %v, want one that wraps %q", d.ClientID, d, why)
		}
		got = append(got, d.ClientID)
	}
	slices.Sort(got)
	if !slices.Equal(got, ids) {
		w.Fatalf("the error is about %v, want %v", got, ids)
	}
}

// Task 9.4 (8 points, after 9.2): A send tells whether the message was accepted.
//
// Rules: 9.m, 9.n.
func TestSendTells(t *testing.T) {
	cfg := failing
	cfg.OutboxSize = 2
	run(t, cfg, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "hall", testclient.Buffer(1024))
		require.NoError(w, s.chat.Send("ana", news("hello")), "Send to ana, who is here")
		ana.Hear("system hello")
		expectNotAccepted(w, s.chat.Send("zed", news("hello")), chat.ErrNoSuchClient, "zed")

		bob.Stall()
		w.Note("one message is on its way to bob, who does not read, and two fill his outbox")
		for range 3 {
			require.NoError(w, s.chat.Send("bob", news(long(2000))), "Send to bob while his outbox has room")
			w.Settle()
		}
		expectNotAccepted(w, s.chat.Send("bob", news("one too many")), chat.ErrTooSlow, "bob")
		w.Settle()
		w.Note("bob is being disconnected now")
		expectNotAccepted(w, s.chat.Send("bob", news("later")), chat.ErrNoSuchClient, "bob")
		bob.Resume()
		bob.Hear("system "+long(2000), "system "+long(2000), "system "+long(2000))
		bob.ExpectClose(1013)
		w.Sleep(time.Second)
		expectNotAccepted(w, s.chat.Send("bob", news("later")), chat.ErrNoSuchClient, "bob")
		ana.Leave()
		expectNotAccepted(w, s.chat.Send("ana", news("later")), chat.ErrNoSuchClient, "ana")
	})
}

// Task 9.4: A message of the program's own says whom or which room it is for, like all others.
//
// Rules: 9.au.
func TestSendFillsIn(t *testing.T) {
	run(t, failing, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		for what, send := range map[string]func(chat.Message) error{
			`Send("ana", m)`:    func(m chat.Message) error { return s.chat.Send("ana", m) },
			`Publish("den", m)`: func(m chat.Message) error { return s.chat.Publish("den", m) },
		} {
			for _, kind := range []chat.Type{0, chat.TypeWelcome, chat.TypeError, chat.TypeHeartbeat} {
				if err := send(chat.Message{Type: kind}); err == nil {
					w.Fatalf("%s of a message of type %v returns nil, want an error: a program may not send it", what, kind)
				}
			}
			m := news("hello")
			m.To, m.RoomID = "bob", "hall" // of the message that the program passes on
			if err := send(m); err != nil {
				w.Fatalf("%s returns %v, want nil", what, err)
			}
		}
		var to, room int
		for range 2 {
			got := ana.Expect("a message of the program's own", chattest.IsType("system"))
			if chattest.Parse(got).ID == "" {
				w.Fatalf("ana got %s, which has no message_id", got)
			}
			if strings.Contains(string(got.Data), `"to":"ana"`) {
				to++
			}
			if strings.Contains(string(got.Data), `"room_id":"den"`) {
				room++
			}
		}
		if to != 1 || room != 1 {
			w.Fatalf("%d messages are for ana and %d for den, want one of each: Send fills in to, and Publish room_id", to, room)
		}
		s.HearNoMore(ana)
	})
}

// Task 9.4: A message that is kept for a client that may come back is accepted.
//
// Rules: 9.m.
func TestKeptIsAccepted(t *testing.T) {
	cfg := failing
	cfg.OutboxSize, cfg.ResumeWindow = 1, time.Minute
	run(t, cfg, func(w *testclient.World, s *server) {
		bob := s.Join("bob", "den", testclient.Buffer(1024))
		bob.Stall()
		for range 4 {
			require.NoError(w, s.chat.Send("bob", news(long(2000))), "Send to bob, whose outbox may be full, and for whom it is kept")
			w.Settle()
		}
		bob.Cut()
		w.Sleep(time.Second)
		require.NoError(w, s.chat.Send("bob", news("while you were away")), "Send to bob, who may come back")
		require.NoError(w, s.chat.Publish("den", news("to all")), "Publish to den, whose only client may come back")
		again := s.Resume(bob, "")
		again.Hear("system "+long(2000), "system "+long(2000), "system "+long(2000), "system "+long(2000), "system while you were away", "system to all")
		again.Vanish()
		w.Sleep(time.Minute)
		w.Note("bob's session has expired")
		expectNotAccepted(w, s.chat.Send("bob", news("too late")), chat.ErrNoSuchClient, "bob")
	})
}

// Task 9.4: One client that does not accept a message is no reason to leave out the others.
//
// Rules: 9.o.
func TestPublishGoesOn(t *testing.T) {
	cfg := failing
	cfg.OutboxSize = 1
	run(t, cfg, func(w *testclient.World, s *server) {
		require.NoError(w, s.chat.Publish("den", news("nobody")), "Publish to a room without anybody in it")
		ana, carl := s.Join("ana", "den"), s.Join("carl", "den")
		bob, dora := s.Join("bob", "den", testclient.Buffer(1024)), s.Join("dora", "den", testclient.Buffer(1024))
		hall := s.Join("hal", "hall")
		ana.Hear("system carl joined", "system bob joined", "system dora joined")
		carl.Hear("system bob joined", "system dora joined")
		require.NoError(w, s.chat.Publish("den", news("all well")), "Publish to clients who all have room")
		ana.Hear("system all well")
		carl.Hear("system all well")
		bob.Stall()
		dora.Stall()
		for range 2 {
			for _, id := range []string{"bob", "dora"} {
				require.NoError(w, s.chat.Send(id, news(long(2000))), "Send to %s while there is room", id)
			}
			w.Settle()
		}
		w.Note("the outboxes of bob and dora are full")
		expectNotAccepted(w, s.chat.Publish("den", news("news")), chat.ErrTooSlow, "bob", "dora")
		ana.Hear("system news")
		carl.Hear("system news")
		s.HearNoMore(hall)
	})
}

// Task 9.4: A direct message that is not accepted is answered.
//
// Rules: 9.p.
func TestDirectTells(t *testing.T) {
	cfg := failing
	cfg.OutboxSize = 1
	run(t, cfg, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "hall", testclient.Buffer(1024))
		bob.Stall()
		for range 2 {
			require.NoError(w, s.chat.Send("bob", news(long(2000))), "Send to bob while there is room")
			w.Settle()
		}
		w.Note("bob's outbox is full")
		ana.Send(`{"type":"direct","to":"bob","message_id":"a1","data":"hi"}`)
		expectRefused(w, ana, "no_such_client", "a1")
		s.HearNoMore(ana)
	})
}

// Task 9.4: A message of the program's own breaks into no stream.
//
// Rules: 9.au.
func TestIDOfAProgram(t *testing.T) {
	run(t, failing, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		for _, id := range []string{"a\nb", "a\rb", "a\x00b", "a ", "ä", "a\x7f", long(65)} {
			m := news("hi")
			m.ID = id
			if s.chat.Send("ana", m) == nil || s.chat.Publish("den", m) == nil {
				w.Fatalf("a message with the id %q was accepted", id)
			}
		}
		m := news("hi")
		if m.Data = json.RawMessage("hi"); s.chat.Send("ana", m) == nil {
			w.Fatalf("a message was accepted whose data, hi without quotes, is no JSON")
		}
		m = news("hi")
		m.ID = long(64)
		require.NoError(w, s.chat.Send("ana", m), "Send of a message with an id of 64 bytes")
		if id := ana.Hear("system hi"); id != m.ID {
			w.Fatalf("the message has the id %q, want that which the program gave it, %q", id, m.ID)
		}
		s.HearNoMore(ana)
	})
}
