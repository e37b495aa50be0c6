package chat_test

import (
	"slices"
	"testing"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/07"
)

// Task 7.2: A refused request changes nothing, and the refusal is its only answer.
//
// Rules: 7.l.
func TestRefusalIsTheOnlyAnswer(t *testing.T) {
	run(t, chat.Config{RoomCapacity: 2}, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		ana.Hear("system bob joined")
		for _, refused := range []struct {
			what, path string
			handshake  bool
			statuses   []int
		}{
			{"a malformed client id", "/ws/b+b?room_id=den", true, []int{400}},
			{"a malformed room id", "/ws/bob?room_id=d+n", true, []int{400}},
			{"a full room", "/ws/carl?room_id=den", true, []int{503}},
			{"a request that is no handshake", "/ws/bob?room_id=den", false, []int{400, 426}},
			{"a room that nobody is in", "/rooms/attic", false, []int{404}},
		} {
			w.Note("the server must refuse %s", refused.what)
			if refused.handshake {
				s.Refused(refused.path, refused.statuses)
			} else if resp := s.Get(refused.path); !slices.Contains(refused.statuses, resp.Status) {
				w.Fatalf("GET %s got status %d, want one of %v: %s", refused.path, resp.Status, refused.statuses, refused.what)
			}
			s.HearNoMore(ana, bob)
			s.expectWho("den", "ana bob", refused.what+" was refused, and that changes nothing")
		}
		s.expectWho("attic", "", "nobody is in it")
		ana.Say("hello")
		bob.Hear("message hello")
	})
}
