package chat_test

import (
	"testing"

	"wsworkshop/pkg/testclient"
)

// Task 1.1 (20 points): A handshake is answered, a plain request refused.
func TestHandshakeIsAnswered(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		s.Dial("/ws", testclient.As("ana"))
	})
}

// Task 1.1: A request that is no handshake is refused at once.
func TestPlainRequestIsRefused(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		s.Dial("/ws", testclient.As("ana"))
		resp := s.Get("/ws")
		if resp.Status != 426 && resp.Status != 400 {
			w.Fatalf("GET /ws without a handshake got status %d, want 426 or 400: it must not look like a success, nor hang", resp.Status)
		}
	})
}
