package chat_test

import (
	"net/http"
	"testing"

	"wsworkshop/pkg/testclient"
)

// refusals are the statuses of a request at /ws that is no handshake, or a broken one.
var refusals = []int{http.StatusUpgradeRequired, http.StatusBadRequest}

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
		s.Refused("/ws", refusals, testclient.As("no-key"), testclient.Header("Sec-WebSocket-Key", ""))
		s.Refused("/ws", refusals, testclient.As("no-upgrade"), testclient.Header("Connection", "keep-alive"))
		s.Refused("/ws", refusals, testclient.As("other-upgrade"), testclient.Header("Upgrade", "h2c"))
		ana.Close(1000, "")
	})
}

// Task 1.1: A client of another version learns which one the server speaks (RFC 6455, section 4.4).
func TestOtherVersionIsRefused(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		s.Dial("/ws", testclient.As("ana"))
		resp := s.Refused("/ws", refusals, testclient.As("version-7"), testclient.Header("Sec-WebSocket-Version", "7"))
		if got := resp.Header.Get("Sec-WebSocket-Version"); got != "13" {
			w.Fatalf("a handshake with Sec-WebSocket-Version: 7 was refused with Sec-WebSocket-Version: %q, want \"13\"", got)
		}
	})
}

// Task 1.1: HTTP/1.0 has no upgrade (RFC 9110, section 7.8).
func TestHTTP10IsNotUpgraded(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		s.Dial("/ws", testclient.As("ana"))
		s.Refused("/ws", refusals, testclient.As("old-proxy"), testclient.HTTP10())
	})
}

// Task 1.1: A handshake with a body gets an answer.
func TestHandshakeWithBodyIsRefused(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		s.Dial("/ws", testclient.As("ana"))
		s.Refused("/ws", refusals, testclient.As("with-body"), testclient.Body("hello"))
	})
}
