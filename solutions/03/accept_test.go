package chat_test

import (
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/03"
)

// Task 3.1 (15 points): A client says in the URL who it is and which room it wants, and malformed ids are refused with 400.
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
		s.Dial("/ws/Ana.B_c-9", testclient.As("ana"))
		s.Dial("/ws/Bob.B_c-9?room_id=", testclient.As("bob"))
	})
}

// Task 3.1: What is no id is refused before the upgrade, for clients and for rooms alike.
func TestMalformedIDsAreRefused(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana := s.join("ana", strings.Repeat("r", 64))
		for _, id := range []string{
			strings.Repeat("z", 65), strings.Repeat("z", 1000),
			"two words", "ana ", "ana\n", "a\x00b", "a/b", "<b>", "ana,bob", "*",
			"zoë", "世界", "\xff", ".hidden", "-x", "_x",
		} {
			s.Refused(path(id, "lobby"), []int{400})
			s.Refused(path("bob", id), []int{400})
		}
		s.Refused(path("bob", ".."), []int{400})
		ana.Silence(time.Second)
	})
}
