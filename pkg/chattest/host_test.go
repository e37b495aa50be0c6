package chattest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
)

// withHost is a test of a host, and of the way on which bob connects to it.
func withHost(t *testing.T, fn func(w *testclient.World, h *chattest.Host, link *testclient.Link)) {
	t.Helper()
	testclient.Run(t, func(w *testclient.World) {
		h := chattest.NewHost(w)
		h.Pages = http.NotFoundHandler()
		fn(w, h, w.Serve(h).Link(testclient.As("bob")))
	})
}

func TestHostTalks(t *testing.T) {
	withHost(t, func(w *testclient.World, h *chattest.Host, link *testclient.Link) {
		c, err := link.WebSocket(w.Context(), "/ws/bob?room_id=den")
		require.NoError(w, err)
		call := h.Call("bob", time.Second)
		require.Equal(w, "den", call.Query.Get("room_id"))
		call.Welcomes("s1", true, "")
		call.Says("message", "m1")
		call.Write(websocket.TextMessage, "no JSON")
		for _, want := range []string{"welcome", "message", ""} {
			m, err := c.Read()
			require.NoError(w, err)
			require.Equal(w, want, chattest.Parse(m).Type)
		}
	})
}

func TestHostHears(t *testing.T) {
	withHost(t, func(w *testclient.World, h *chattest.Host, link *testclient.Link) {
		h.AnswerAfter(3 * time.Second)
		began := w.Elapsed()
		c, err := link.WebSocket(w.Context(), "/ws/bob", testclient.Header("X-Who", "bob"))
		require.NoError(w, err)
		require.Equal(w, 3*time.Second, w.Elapsed()-began)
		call := h.Call("bob", time.Second)
		require.Equal(w, "bob", call.Header.Get("X-Who"))
		call.Ping()
		c.Post(testclient.TextFrame("hello"))
		text, ok := call.Heard()
		require.True(w, ok)
		require.Equal(w, "hello", text)
		_, ok = call.Heard()
		require.False(w, ok, "nothing more was sent")
		call.HangUpWith(4001, "taken over")
		require.Equal(w, "taken over", c.ExpectClose(4001).Reason)
	})
}

func TestHostHangsUp(t *testing.T) {
	for code, end := range map[int]string{4001: "close 4001", 1005: "close 1005 (no code)", 1006: "EOF"} {
		withHost(t, func(w *testclient.World, h *chattest.Host, link *testclient.Link) {
			c, err := link.WebSocket(w.Context(), "/ws/bob")
			require.NoError(w, err)
			call := h.Call("bob", time.Second)
			call.HangUp(code)
			<-call.Ended
			require.Error(w, call.End)
			_, err = c.Read()
			require.EqualError(w, err, end)
		})
	}
}

func TestHostAnswers(t *testing.T) {
	withHost(t, func(w *testclient.World, h *chattest.Host, link *testclient.Link) {
		h.Answer(http.StatusFound)
		_, err := link.WebSocket(w.Context(), "/ws/bob")
		var refused *testclient.RefusedError
		require.ErrorAs(w, err, &refused)
		require.Equal(w, chattest.Elsewhere, refused.Response.Header.Get("Location"))
		h.Answer(chattest.Hangs)
		go func() { _, _ = link.WebSocket(w.Context(), "/ws/bob") }()
		w.Sleep(time.Hour)
		page, err := http.NewRequestWithContext(w.Context(), http.MethodGet, "http://chat.example/page", nil)
		require.NoError(w, err)
		resp, err := link.Fetch(w.Context(), page)
		require.NoError(w, err)
		require.Equal(w, http.StatusNotFound, resp.Status)
	})
}

func TestHostIsNotCalled(t *testing.T) {
	f := testclient.Try(t, func(w *testclient.World) {
		h := chattest.NewHost(w)
		h.Tells = func() string { return "it sleeps" }
		h.Call("bob", time.Minute)
	})
	require.Contains(t, f.Message, "bob should have connected within 1m0s; it has not: it sleeps")
}
