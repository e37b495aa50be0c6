// Package chat is a small server with a page and a client, for the workshop program's tests.
package chat

import (
	"embed"
	"io/fs"
	"net/http"

	"github.com/gorilla/websocket"
)

//go:embed web
var web embed.FS

// Path is where the WebSocket is.
const Path = "/ws"

// New returns a server that sends back what it gets.
func New() (http.Handler, error) {
	page, err := fs.Sub(web, "web")
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(page))
	mux.HandleFunc("GET "+Path, echo)
	return mux, nil
}

func echo(w http.ResponseWriter, r *http.Request) {
	conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
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
}
