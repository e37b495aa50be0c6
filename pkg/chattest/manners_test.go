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

// says is a server that sends texts to each client, and hands on what it gets.
func says(got chan<- string, texts ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = c.Close() }()
		for _, text := range texts {
			_ = c.WriteMessage(websocket.TextMessage, []byte(text))
		}
		for {
			_, data, err := c.ReadMessage()
			if err != nil {
				return
			}
			got <- string(data)
		}
	})
}

func TestVocabularyPassesOverOtherTypes(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		chattest.Vocabulary(w, "chat")
		c := w.Serve(says(nil, `{"type":"later"}`, "no JSON", `{"no":"type"}`, `{"type":7}`, `{"type":"chat"}`)).Dial("/ws")
		for _, text := range []string{"no JSON", `{"no":"type"}`, `{"type":7}`, `{"type":"chat"}`} {
			c.ExpectText(text)
		}
		c.Silence(time.Second)
	})
}

func TestHeartbeatsAreAnswered(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		acks := make(chan string, 3)
		s := w.Serve(says(acks, `{"type":"heartbeat","message_id":"7"}`, "hi", `{"type":"heartbeat"}`, "ho"))
		chattest.AnswerHeartbeats(w)
		c := s.Dial("/ws", testclient.As("ana"))
		c.ExpectText("hi")
		c.ExpectText("ho")
		c.Silence(time.Second)
		require.Equal(w, `{"type":"heartbeat_ack","message_id":"7"}`, <-acks)
		require.Equal(w, `{"type":"heartbeat_ack"}`, <-acks)
	})
}
