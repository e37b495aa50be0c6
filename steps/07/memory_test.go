package chat_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/07"
)

// profileAll has the runtime write down each allocation from now on, for held. It costs time: only
// what is looked at with held should run so.
func profileAll(t *testing.T) {
	rate := runtime.MemProfileRate
	runtime.MemProfileRate = 1
	t.Cleanup(func() { runtime.MemProfileRate = rate })
}

// held is how much of what this test has allocated, and what it has called, is still in use, in
// bytes. The size of the whole heap would not do: others are at work in this process too.
func held(t *testing.T) int64 {
	for range 3 { // what the profile knows lags behind
		runtime.GC()
	}
	n, ok := runtime.MemProfile(nil, false)
	var records []runtime.MemProfileRecord
	for !ok {
		records = make([]runtime.MemProfileRecord, n+100)
		n, ok = runtime.MemProfile(records, false)
	}
	var sum int64
	for _, r := range records[:n] {
		if calledBy(t.Name(), r.Stack()) {
			sum += r.InUseBytes()
		}
	}
	return sum
}

// calledBy tells whether a test is somewhere on a stack.
func calledBy(test string, stack []uintptr) bool {
	for frames := runtime.CallersFrames(stack); ; {
		frame, more := frames.Next()
		if strings.Contains(frame.Function, "."+test) {
			return true
		}
		if !more {
			return false
		}
	}
}

// Task 7.3: Handshakes that fail leave no rooms behind in the server's memory.
//
// Rules: 7.l.
func TestFailedHandshakesTakeNoMemory(t *testing.T) {
	profileAll(t)
	const failed, most = 500, 50 << 10 // a room for each would be four times as much
	testclient.Run(t, func(w *testclient.World) {
		s, err := chat.New(chat.Config{Logger: slog.New(slog.DiscardHandler)})
		require.NoError(w, err, "chat.New")
		shake := func(i int) {
			req := httptest.NewRequest(http.MethodGet, fmt.Sprint("/ws/bob?room_id=room", i), nil)
			req.Header.Set("Connection", "Upgrade")
			req.Header.Set("Upgrade", "websocket")
			req.Header.Set("Sec-WebSocket-Version", "7")
			s.ServeHTTP(httptest.NewRecorder(), req)
		}
		shake(0)
		before := held(t)
		for i := range failed {
			shake(i)
		}
		w.Sleep(6 * time.Second) // a seat may be free five seconds late
		if grown := held(t) - before; grown > most {
			w.Fatalf("after %d handshakes that failed, each in a room of its own, the server holds %d KiB more than before, want at most %d: "+
				"does a room stay when its last seat is free?", failed, grown>>10, most>>10)
		}
		require.NoError(w, s.Close(), "Close")
	})
}
