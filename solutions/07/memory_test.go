package chat_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/07"
)

// heap is how many bytes are in use.
func heap() int64 {
	runtime.GC()
	runtime.GC() // frees what has a finalizer
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// Task 7.3: Handshakes that fail leave no rooms behind in the server's memory.
//
// Rules: 7.l.
func TestFailedHandshakesTakeNoMemory(t *testing.T) {
	const failed, most = 4_000, 512 << 10 // a room for each would be four times as much
	testclient.Run(t, func(w *testclient.World) {
		s, err := chat.New(chat.Config{Logger: slog.New(slog.DiscardHandler)})
		require.NoError(w, err, "chat.New")
		shake := func(i int) {
			req := httptest.NewRequest(http.MethodGet, fmt.Sprint("/ws/bob?room_id=room", i, strings.Repeat("x", 40)), nil)
			req.Header.Set("Connection", "Upgrade")
			req.Header.Set("Upgrade", "websocket")
			req.Header.Set("Sec-WebSocket-Version", "7")
			s.ServeHTTP(httptest.NewRecorder(), req)
		}
		shake(0)
		before := heap()
		for i := range failed {
			shake(i)
		}
		w.Settle()
		if grown := heap() - before; grown > most {
			w.Fatalf("after %d handshakes that failed, each in a room of its own, the server holds %d KiB more than before, want at most %d: "+
				"does a room stay when its last seat is free?", failed, grown>>10, most>>10)
		}
		require.NoError(w, s.Close(), "Close")
	})
}

// Task 7.6: Sessions that have expired take no memory.
//
// Rules: 7.ae.
func TestExpiredSessionsTakeNoMemory(t *testing.T) {
	const clients, each, size = 20, 2, 30_000
	run(t, resuming, func(w *testclient.World, s *server) {
		for i := range clients {
			c := s.Join(fmt.Sprint("bob", i), fmt.Sprint("room", i))
			for range each {
				text := strings.Repeat("x", size)
				c.Say(text)
				c.Hear("message " + text)
			}
			c.Vanish()
		}
		waiting := heap()
		w.Sleep(2 * window)
		if freed := waiting - heap(); freed < clients*each*size/2 {
			w.Fatalf("%d sessions, which kept messages of %d KiB together, have expired, but only %d KiB became free: what still refers to these sessions?",
				clients, clients*each*size>>10, freed>>10)
		}
	})
}
