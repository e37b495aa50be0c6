package chat_test

import (
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/04"
)

// stamps collects the ids of all messages that a test has seen.
type stamps map[string]string

// check expects a message to have an id that no message had before, and the time at which it was sent.
func (s stamps) check(w *testclient.World, c *testclient.Client, got message, sent time.Time) {
	w.Helper()
	wantTime(w, c, got, sent)
	switch id, ok := got.text("message_id"); {
	case !ok || id == "":
		w.Fatalf("%s got %s: its message_id is missing", c.Name(), got)
	case s[id] != "":
		w.Fatalf("%s got %s: another message had this message_id already, %s", c.Name(), got, s[id])
	default:
		s[id] = got.String()
	}
}

// wantTime expects the server's time: not before the message was sent, not after it came.
func wantTime(w *testclient.World, c *testclient.Client, got message, sent time.Time) {
	w.Helper()
	text, ok := got.text("timestamp")
	at, err := time.Parse(time.RFC3339Nano, text)
	now := time.Now()
	switch {
	case !ok:
		w.Fatalf("%s got %s: its timestamp is missing", c.Name(), got)
	case err != nil:
		w.Fatalf("%s got %s: its timestamp is not in the format of RFC 3339, such as 2026-01-31T09:30:00.125Z", c.Name(), got)
	case text[len(text)-1] != 'Z':
		w.Fatalf("%s got %s: its timestamp must be in UTC, and say so by a Z at its end; this one is where the server happens to be", c.Name(), got)
	case at.Before(sent) || at.After(now):
		w.Fatalf("%s got %s: its timestamp is %s;\nwant the server's own time, not before the message was sent, %s, and not after it came, %s",
			c.Name(), got, clock(at), clock(sent), clock(now))
	}
}

func clock(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999Z") }

// Task 4.3 (10 points, after 4.2): The server gives each message an id and a time.
func TestEveryMessageHasIDAndTime(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		seen := stamps{}
		for i := range 20 {
			w.Sleep(time.Duration(i) * 3141 * time.Millisecond)
			sent := time.Now()
			say(ana, "message", "hi")
			got := hear(w, ana, fields{"type": "message", "data": "hi"})
			seen.check(w, ana, got, sent)
			wantSame(w, ana, got, bob, hear(w, bob, fields{"type": "message", "data": "hi"}))
			say(bob, "message", "hi")
			seen.check(w, bob, hear(w, bob, fields{"type": "message", "data": "hi"}), sent)
			ana.Next()
		}
	})
}

// wantSame expects what two clients got of one message to have the same id and time.
func wantSame(w *testclient.World, a *testclient.Client, gotA message, b *testclient.Client, gotB message) {
	w.Helper()
	for _, key := range []string{"message_id", "timestamp"} {
		if x, y := string(gotA.fields[key]), string(gotB.fields[key]); x != y {
			w.Fatalf("%s got %s,\n%s got %s:\none message has one %s, whoever gets it", a.Name(), gotA, b.Name(), gotB, key)
		}
	}
}

// Task 4.3: No two messages have the same id, also those of one instant, of two rooms and after a restart.
func TestIDsAreUniqueInARush(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		seen := stamps{}
		began := time.Now()
		for range 2 { // two servers, as before and after a restart
			s := start(w, roomy)
			var clients []*testclient.Client
			for _, id := range []string{"a", "b", "c", "d", "e", "f"} {
				clients = append(clients, s.join(id, "room-"+id))
			}
			w.Rush(len(clients), func(i int) { burst(clients[i], 20) })
			w.Sleep(time.Second)
			for _, c := range clients {
				list := messages(w, c, "message")
				if len(list) != 20 {
					w.Fatalf("%s said 20 things and got %d messages", c.Name(), len(list))
				}
				for _, m := range list {
					seen.check(w, c, m, began)
				}
			}
		}
	})
}

// Task 4.3: What a client claims about id and time is passed over, and nobody else sees it.
func TestClaimedIDAndTimeArePassedOver(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		seen := stamps{}
		for _, claim := range []string{
			`"message_id":"mine"`, `"message_id":"mine"`, `"message_id":null`,
			`"timestamp":"1999-12-31T23:59:59Z"`, `"timestamp":"2999-12-31T23:59:59Z"`, `"timestamp":"yesterday"`, `"timestamp":""`,
			`"timestamp":null`, `"timestamp":0`, `"timestamp":{"seconds":1}`, `"message_id":"mine","timestamp":[]`,
		} {
			w.Sleep(1234 * time.Millisecond)
			sent := time.Now()
			ana.Send(`{"type":"message","data":"hi",` + claim + `}`)
			got := hear(w, bob, fields{"type": "message", "data": "hi"})
			if got.id() == "mine" {
				w.Fatalf("bob got %s: \"mine\" is what ana calls her message, and the id of every message is the server's", got)
			}
			seen.check(w, bob, got, sent)
			wantSame(w, bob, got, ana, hear(w, ana, fields{"type": "message", "data": "hi"}))
		}
	})
}
