package chat_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/steps/07/client"
)

// Task 7.7: A Config needs only a URL.
//
// Rules: 7.gi.
func TestClientNeedsOnlyAURL(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h := chattest.NewHost(w)
		s := w.Serve(h)
		link := s.Link(testclient.As("bob"))
		c, err := client.New(client.Config{
			URL:    strings.Replace(s.URL(), "http", "ws", 1) + "/ws/bob",
			Dialer: &websocket.Dialer{NetDialContext: link.DialContext},
		})
		if err != nil {
			w.Fatalf("client.New: %v", err)
		}
		ctx, stop := context.WithCancel(context.Background())
		w.Cleanup(stop)
		go c.Run(ctx)
		call := h.Call("bob", time.Second)
		call.Says("message", "m1")
		call.HangUp(1006)
		h.Call("bob", 3*time.Second)
	})
}
