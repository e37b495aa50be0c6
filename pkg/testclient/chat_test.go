package testclient

import (
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// echo is a sound server to try clients on: it answers with what it gets.
func echo() http.Handler {
	mux := http.NewServeMux()
	var upgrader websocket.Upgrader
	mux.HandleFunc("GET /ws", func(rw http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(rw, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		for {
			kind, data, err := conn.ReadMessage()
			if err != nil {
				return
			}
			if err := conn.WriteMessage(kind, data); err != nil {
				return
			}
		}
	})
	return mux
}

func TestEcho(t *testing.T) {
	for _, opts := range [][]ServeOption{nil, {TLS()}} {
		Run(t, func(w *World) {
			s := w.Serve(echo(), opts...)
			ana := s.Dial("/ws", As("ana"))
			ana.Send("hello")
			ana.ExpectText("hello")
			ana.SendBinary([]byte{1, 2})
			ana.ExpectBinary([]byte{1, 2})
			ana.Ping("x")
			ana.Await("a pong", func(m Message) bool { return m.Kind == Pong })
			ana.Silence(time.Hour)
			require.Equal(w, time.Hour, w.Elapsed())
			s.Refused("/nowhere", []int{404})
			require.Equal(w, 400, s.Get("/ws").Status)
			ana.Close(1000, "bye")
			ana.ExpectClose(1000)
			ana.ServerHungUp(time.Second)
		})
	}
}
