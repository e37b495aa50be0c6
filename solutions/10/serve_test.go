package chat_test

import (
	"testing"

	"wsworkshop/pkg/testclient"
)

// Task 10.1 (12 points): Serve returns when everything that it has begun has ended.
//
// Rules: 10.a, 10.b.
func TestServeStops(t *testing.T) {
	run(t, lasting, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den")
		ana.Hear("system bob joined")
		bob.Say("hello")
		ana.Hear("message hello")
		s.expectServing("nothing has ended it")
		s.beginStop()
		s.expectEnd("its ctx has ended, and the clients answer at once")
	})
}
