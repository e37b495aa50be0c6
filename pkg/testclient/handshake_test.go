package testclient_test

import (
	"net/http"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	. "wsworkshop/pkg/testclient"
)

// TestWhatHeadersOfferIsOffered guards that an answer is compared with the request that was
// sent, in whatever way the test said what to send.
func TestWhatHeadersOfferIsOffered(t *testing.T) {
	for name, opts := range map[string][]DialOption{
		"header":        {Header("Sec-WebSocket-Protocol", "chat.v9, chat.v1")},
		"small letters": {Header("sec-websocket-protocol", "chat.v1")},
		"both":          {Header("Sec-WebSocket-Protocol", "chat.v9"), Subprotocol("chat.v1")},
		"two options":   {Subprotocol("chat.v9"), Subprotocol("chat.v1")},
		"key":           {Subprotocol("chat.v1"), Header("Sec-WebSocket-Key", " dGhlIHNhbXBsZSBub25jZQ== ")},
	} {
		t.Run(name, func(t *testing.T) {
			Run(t, func(w *World) {
				s := w.Serve(greet(func(*http.Request) string { return "hi" }))
				c := s.Dial("/ws", opts...)
				c.ExpectText("hi")
				require.Equal(w, "chat.v1", c.Response().Header.Get("Sec-WebSocket-Protocol"))
				_, err := s.Link(opts...).WebSocket(w.Context(), "/ws")
				require.NoError(w, err)
			})
		})
	}
}

// TestAgreedExtensionIsNoViolation guards that messages of an extension that the test has
// offered arrive as they are on the wire.
func TestAgreedExtensionIsNoViolation(t *testing.T) {
	Run(t, func(w *World) {
		upgrader := websocket.Upgrader{EnableCompression: true}
		c := w.Serve(serve(upgrader, func(conn *websocket.Conn, _ *http.Request) {
			_ = conn.WriteMessage(websocket.TextMessage, []byte("hello, hello, hello"))
			conn.EnableWriteCompression(false)
			_ = conn.WriteMessage(websocket.TextMessage, []byte("plain"))
			_, _, _ = conn.ReadMessage()
		})).Dial("/ws", Header("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits, x-other"))
		require.Equal(w, Text, c.Next().Kind)
		c.ExpectText("plain")
	})
}

// TestLinkOptionsStayApart guards that the options of one connection do not reach another.
func TestLinkOptionsStayApart(t *testing.T) {
	Run(t, func(w *World) {
		s := w.Serve(greet(func(r *http.Request) string { return r.Header.Get("Cookie") }))
		link := s.Link(Cookie("a", "1"), Cookie("b", "2"), Cookie("c", "3"))
		for _, mine := range []string{"x", "y"} {
			c, err := link.WebSocket(w.Context(), "/ws", Cookie("mine", mine))
			require.NoError(w, err)
			m, err := c.Read()
			require.NoError(w, err)
			require.Equal(w, "a=1; b=2; c=3; mine="+mine, m.Text())
		}
	})
}

func TestHeaderThatWouldNotBeSentPanics(t *testing.T) {
	require.PanicsWithValue(t, `testclient.Header("content-length"): net/http would not send it`,
		func() { Header("content-length", "5") })
}
