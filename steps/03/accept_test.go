package chat_test

import (
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/03"
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
