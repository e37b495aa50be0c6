package chat_test

import (
	"testing"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/04"
)

// Task 4.4 (10 points, after 4.2): The connection says who sent it, and where.
func TestConnectionSaysWhoSentIt(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		zoe := s.join("zoe", "")
		say(ana, "message", "hello")
		all(w, fields{"type": "message", "data": "hello", "from": "ana", "room_id": "den"}, ana, bob)
		say(bob, "message", "hello")
		all(w, fields{"type": "message", "data": "hello", "from": "bob", "room_id": "den"}, ana, bob)
		say(zoe, "message", "hello")
		all(w, fields{"type": "message", "data": "hello", "from": "zoe", "room_id": "lobby"}, zoe)
		hearNoMore(w, ana, bob, zoe)
	})
}

// Task 4.4: What a client claims to be, and where, is passed over, whatever it looks like.
func TestClaimedSenderIsPassedOver(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		zoe := s.join("zoe", "lobby")
		for _, claim := range []string{
			`"from":"bob"`, `"from":""`, `"from":null`, `"from":7`, `"from":["bob"]`, `"from":{"id":"bob"}`,
			`"room_id":"lobby"`, `"room_id":""`, `"room_id":null`, `"room_id":7`, `"room_id":["lobby"]`,
			`"to":"zoe"`, `"to":"bob"`, `"to":7`, `"to":""`,
			`"session_id":"s"`, `"session_id":7`, `"code":"forbidden"`, `"code":[1]`,
			`"from":"bob","room_id":"lobby","to":"zoe","session_id":"s","code":"x"`,
		} {
			ana.Send(`{"type":"message","data":"it is me",` + claim + `}`)
			all(w, fields{
				"type": "message", "data": "it is me", "from": "ana", "room_id": "den",
				"to": "", "session_id": "", "code": "",
			}, bob, ana)
		}
		hearNoMore(w, ana, bob, zoe)
	})
}
