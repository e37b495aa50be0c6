package chat_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

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

// Task 1.1: A broken handshake is refused and hurts nobody (RFC 6455, section 4.2.1).
func TestBrokenHandshakeIsRefused(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		ana := s.Dial("/ws", testclient.As("ana"))
		req, err := http.NewRequest(http.MethodGet, "/ws", nil)
		require.NoError(w, err)
		req.Header.Set("Connection", "Upgrade")
		req.Header.Set("Upgrade", "websocket")
		req.Header.Set("Sec-WebSocket-Version", "7") // 13 is the only one there is
		req.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
		if resp := s.Do(req); resp.Status != 426 && resp.Status != 400 {
			w.Fatalf("a handshake with Sec-WebSocket-Version: 7 got status %d, want 426 or 400", resp.Status)
		}
		ana.Close(1000, "")
	})
}
