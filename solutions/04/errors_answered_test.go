package chat_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/04"
)

// Task 4.7: An error has an id and a time of the server's, like every message.
func TestErrorIsAMessage(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, seen := s.join("ana", "den"), stamps{}
		tooLong := strings.Repeat("m", 65)
		for _, bad := range []struct{ codes, text, id string }{
			{"invalid_json", `hello`, ""},
			{"unknown_type", `{"type":"shout","data":"hi"}`, ""},
			{"invalid_field", `{"type":"message","data":7,"timestamp":"1999-12-31T23:59:59Z","code":"mine"}`, ""},
			{"no_such_client", `{"type":"direct","to":"dora","data":"hi"}`, ""},
			{"missing_field", `{"type":"message","message_id":null}`, ""},
			{"invalid_field", `{"type":"message","data":"hi","message_id":7}`, "7"},
			{"invalid_field", `{"type":"message","data":"hi","message_id":""}`, ""},
			{"invalid_field", `{"type":"message","data":"hi","message_id":"` + tooLong + `"}`, tooLong},
			{"unknown_field invalid_field", `{"type":"message","data":"hi","colour":"red","message_id":"` + tooLong + `"}`, tooLong},
		} {
			w.Sleep(1234 * time.Millisecond)
			sent := time.Now()
			ana.Send(bad.text)
			got := wantError(w, ana, bad.text, bad.codes)
			if bad.id != "" && got.id() != "" && strings.HasPrefix(bad.id, got.id()) {
				w.Fatalf("ana got %s, whose message_id is what ana gave:\nit must be one of the server's, since no text of 1 to 64 bytes was given", got)
			}
			seen.check(w, ana, got, sent)
		}
	})
}

// Task 4.7: An error names the message by the id that its client gave it, and nobody else sees that id.
func TestErrorCarriesTheClientsID(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		for i, bad := range []struct{ code, text string }{
			{"unknown_type", `{"message_id":ID,"type":"shout","data":"hi"}`},
			{"unknown_field", `{"type":"message","data":"hi","colour":"red","message_id":ID}`},
			{"missing_field", `{"message_id":ID,"type":"message"}`},
			{"invalid_field", `{"type":"message","data":7,"message_id":ID}`},
			{"no_such_client", `{"type":"direct","to":"dora","data":"hi","message_id":ID}`},
		} {
			for _, written := range []string{
				strconv.Quote(fmt.Sprint(i + 1)), strconv.Quote("my " + bad.code), strconv.Quote(strings.Repeat("m", 64)),
				strconv.Quote(strings.Repeat("é", 32)), `"\"quoted\" \\ and \/"`, `"` + strings.Repeat(`\u006d`, 20) + `"`,
			} {
				var id string
				json.Unmarshal([]byte(written), &id)
				sent := strings.Replace(bad.text, "ID", written, 1)
				ana.Send(sent)
				got := wantError(w, ana, sent, bad.code)
				if got.id() != id {
					w.Fatalf("ana got %s, whose message_id is %q: it must be %q, which is what ana calls the message that is refused:\n%s",
						got, got.id(), id, whole(sent))
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
			bad := `{"type":"message","data":}`
			ana.Send(bad)
			wantError(w, ana, bad, "invalid_json")
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
		bad := func(id string) string { return fmt.Sprintf(`{"type":"shout","data":"hi","message_id":%q}`, id) }
		w.Rush(len(clients), func(i int) {
			for n := range 20 {
				clients[i].Send(bad(nth(clients[i], n)))
			}
		})
		w.Sleep(time.Second)
		for _, c := range clients {
			for n := range 20 {
				want := nth(c, n)
				if got := wantError(w, c, bad(want), "unknown_type"); got.id() != want {
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
		wantError(w, carl, "oops", "invalid_json")
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
