package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/03"
)

// Task 3.1 (15 points): The URL says who and where, malformed ids get 400.
func TestClientsAreKnownByTheirIDs(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		for _, id := range []string{"a", "7", "Ana.B_c-9", "x-", strings.Repeat("y", 64)} {
			c := s.Dial(path(id, id), testclient.As("client"))
			c.Send("hello")
			c.ExpectText(id + ": hello")
		}
	})
}

// Task 3.1: Without a room_id, or with an empty one, a client is let in too.
func TestRoomMayBeLeftOut(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		s.leave(s.Dial("/ws/Ana.B_c-9", testclient.As("ana")), true)
		s.leave(s.Dial("/ws/Bob.B_c-9?room_id=", testclient.As("bob")), true)
	})
}

// Task 3.1: What is no id is refused before the upgrade, for clients and for rooms alike.
func TestMalformedIDsAreRefused(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana := s.join("ana", strings.Repeat("r", 64))
		for _, bad := range []struct{ id, what string }{
			{strings.Repeat("z", 65), "65 characters, one too many"},
			{strings.Repeat("z", 1000), "1000 characters"},
			{"two words", "a space"},
			{"ana\n", "a newline at the end"},
			{"a\x00b", "a zero byte"},
			{"a/b", "a slash"},
			{"<b>", "a tag"},
			{"ana,bob", "a comma"},
			{"zoë", "a letter that is not ASCII"},
			{"世界", "letters that are not ASCII"},
			{"\xff", "no UTF-8"},
			{".hidden", "begins with a dot"},
			{"-x", "begins with a hyphen"},
			{"_x", "begins with an underscore"},
		} {
			w.Note("malformed: %s", bad.what)
			s.Refused(path(bad.id, "lobby"), []int{400}, testclient.As("client"))
			s.Refused(path("bob", bad.id), []int{400}, testclient.As("bob"))
		}
		w.Note("malformed: two dots, which a path takes for something else")
		s.Refused(path("bob", ".."), []int{400}, testclient.As("bob"))
		ana.Silence(time.Second)
	})
}

// Task 3.1: A refusal leaves one record in the log, and the refused client never joins.
func TestRefusalIsLogged(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		s.Refused(path("two words", "lobby"), []int{400}, testclient.As("client"), testclient.From("192.0.2.8"))
		s.Refused(path("bob", "two words"), []int{400}, testclient.As("bob"), testclient.From("192.0.2.9"))
		w.Sleep(time.Second)
		wantRefusal(w, "192.0.2.8", 400)
		wantRefusal(w, "192.0.2.9", 400)
	})
}

// wantRefusal expects one record that the client at ip was refused, and none that it has
// connected.
func wantRefusal(w *testclient.World, ip string, status int) {
	w.Helper()
	of := func(message string) func(testclient.Record) bool {
		return func(r testclient.Record) bool {
			return r.Message == message && strings.HasPrefix(fmt.Sprint(r.Attrs["remote"]), ip+":")
		}
	}
	refused, connected := of("handshake refused"), of("client connected")
	record := w.Logs().ExpectRecord(fmt.Sprintf("\"handshake refused\" with remote=%s:…", ip), refused)
	if reason, ok := record.Attrs["reason"].(string); !ok || reason == "" || fmt.Sprint(record.Attrs["status"]) != fmt.Sprint(status) {
		w.Fatalf("the record of the refusal is %v, want status=%d and a reason in words", record, status)
	}
	n := 0
	for _, r := range w.Logs().Records() {
		if connected(r) {
			w.Fatalf("the client at %s was refused with %d and joined all the same: the log has \"client connected\".\n"+
				"Return from the handler after a refusal.", ip, status)
		}
		if refused(r) {
			n++
		}
	}
	if n != 1 {
		w.Fatalf("one refused request left %d records \"handshake refused\", want 1. Return from the handler after a refusal.", n)
	}
}
