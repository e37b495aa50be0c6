package chat_test

import (
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/07"
)

// Task 7.4: Close ends connections and waiting sessions and refuses later handshakes, also the second time.
//
// Rules: 7.aj.
func TestCloseWithSessionsThatWait(t *testing.T) {
	cfg := chat.Config{ResumeWindow: window, HeartbeatInterval: 20 * time.Second, StaleAfter: 50 * time.Second}
	run(t, cfg, func(w *testclient.World, s *server) {
		ana, bob, carl := s.Join("ana", "den"), s.Join("bob", "den"), s.Join("carl", "lobby")
		bob.Vanish()
		expectCounted(w, s.Resume(carl, ""), carl, 1)
		for range 2 {
			w.Returns("Close()", time.Minute, func() {
				if err := s.chat.Close(); err != nil {
					w.Fatalf("Close() = %v, want nil", err)
				}
			})
			ana.ServerHungUp(time.Second)
			s.expectWho("den", "", "the server is closed")
			s.Refused(chattest.Path("bob", "den"), []int{503}, testclient.As("bob after Close"))
			w.Sleep(2 * window)
		}
	})
}
