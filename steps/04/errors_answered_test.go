package chat_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/04"
)

// Task 4.7: An error has an id and a time of the server's, like every message.
func TestErrorIsAMessage(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, seen := s.join("ana", "den"), stamps{}
		for _, text := range []string{`hello`, `{"type":"shout","data":"hi"}`, `{"type":"message","data":7,"timestamp":"1999-12-31T23:59:59Z","code":"mine"}`,
			`{"type":"direct","to":"dora","data":"hi"}`, `{"type":"message","data":"hi","message_id":7}`, `{"type":"message","message_id":null}`,
			`{"type":"message","data":"hi","message_id":"` + strings.Repeat("m", 65) + `"}`} {
			w.Sleep(1234 * time.Millisecond)
			sent := time.Now()
			ana.Send(text)
			got := wantError(w, ana, "invalid_json unknown_type invalid_field missing_field no_such_client")
			seen.check(w, ana, got, sent)
			if len(got.id()) > 64 {
				w.Fatalf("ana got %s: its message_id must be one of the server's, since the one that ana gave is too long to be any", got)
			}
		}
	})
}

// Task 4.7: An error names the message by the id that its client gave it, and nobody else sees that id.
func TestErrorCarriesTheClientsID(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		for _, bad := range []struct{ code, text string }{
			{"unknown_type", `{"message_id":ID,"type":"shout","data":"hi"}`},
			{"unknown_field", `{"type":"message","data":"hi","colour":"red","message_id":ID}`},
			{"missing_field", `{"message_id":ID,"type":"message"}`},
			{"invalid_field", `{"type":"message","data":7,"message_id":ID}`},
			{"no_such_client", `{"type":"direct","to":"dora","data":"hi","message_id":ID}`},
		} {
			for _, written := range []string{
				`"1"`, `"my message"`, strconv.Quote(strings.Repeat("m", 64)), strconv.Quote("ana-" + bad.code),
				strconv.Quote(strings.Repeat("é", 32)), `"\"quoted\" \\ and \/"`, `"` + strings.Repeat(`\u006d`, 20) + `"`,
			} {
				var id string
				json.Unmarshal([]byte(written), &id)
				ana.Send(strings.Replace(bad.text, "ID", written, 1))
				got := wantError(w, ana, bad.code)
				if got.id() != id {
					w.Fatalf("ana got %s, whose message_id is %q: it must be %q, which is what ana calls the message that is refused", got, got.id(), id)
				}
			}
		}
		hearNoMore(w, bob)
		ana.Send(`{"type":"message","data":"hi","message_id":"1"}`)
		if got := hear(w, bob, fields{"type": "message", "data": "hi"}); got.id() == "1" {
			w.Fatalf("bob got %s: nobody but ana sees what she calls her message", got)
		}
	})
}

// Task 4.7: However many bad messages a client sends, it is answered each time and may stay.
func TestConnectionLivesOn(t *testing.T) {
	run(t, roomy, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		for range 150 {
			ana.Send(`{"type":"message","data":}`)
			wantError(w, ana, "invalid_json")
		}
		say(ana, "message", "still here")
		all(w, fields{"type": "message", "data": "still here"}, ana, bob)
		hearNoMore(w, ana, bob)
	})
}

// Task 4.7: Many make mistakes at once, and each is answered for its own.
func TestEachIsAnsweredInARush(t *testing.T) {
	run(t, roomy, func(w *testclient.World, s *server) {
		clients := s.crowd(10, "den")
		w.Rush(len(clients), func(i int) {
			for n := range 20 {
				clients[i].Send(fmt.Sprintf(`{"type":"shout","data":"hi","message_id":"%d of %s"}`, n, clients[i].Name()))
			}
		})
		w.Sleep(time.Second)
		for _, c := range clients {
			for n := range 20 {
				want := fmt.Sprint(n, " of ", c.Name())
				if got := wantError(w, c, "unknown_type"); got.id() != want {
					w.Fatalf("%s got %s: its message_id must be %q; each client is answered for its own, in order", c.Name(), got, want)
				}
			}
		}
		hearNoMore(w, clients...)
	})
}

// Task 4.7: Errors wait in the outbox like all else: who does not read them is dropped, and holds up nobody.
func TestErrorsFillAnOutbox(t *testing.T) {
	run(t, chat.Config{OutboxSize: outboxSize}, func(w *testclient.World, s *server) {
		ana := s.join("ana", "den")
		carl := s.join("carl", "lobby", narrow)
		carl.Send("oops")
		wantError(w, carl, "invalid_json")
		stall(carl)
		tell(ana, "carl", long)
		w.Settle()
		for range tooMany {
			carl.Send("oops")
			w.Settle()
		}
		sayLong(w, 1, ana)
		wantDropped(w, carl)
	})
}
