package testpage_test

import (
	"io"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// serve serves a script as /chat.js, a WebSocket that sends back what comes as /ws, and
// whatever else a test adds.
func serve(script string) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /chat.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		_, _ = io.WriteString(w, script)
	})
	mux.HandleFunc("GET /ws", session(func(c *websocket.Conn) {
		for {
			kind, data, err := c.ReadMessage()
			if err != nil {
				return
			}
			_ = c.WriteMessage(kind, data)
		}
	}))
	return mux
}

// session upgrades, and ends the connection when what it does is done.
func session(do func(c *websocket.Conn)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := (&websocket.Upgrader{Subprotocols: []string{"chat.v2"}}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = c.Close() }()
		do(c)
	}
}

// open opens a page with a script of its own.
func open(w *testclient.World, script string) *testpage.Page {
	w.Helper()
	return testpage.Open(w, w.Serve(serve(script)), "/chat.js")
}

// sessions opens a page whose server does this in each session.
func sessions(w *testclient.World, do func(c *websocket.Conn)) *testpage.Page {
	w.Helper()
	mux := serve("")
	mux.HandleFunc("GET /own", session(do))
	return testpage.Open(w, w.Serve(mux), "/chat.js")
}

// get returns the value of an expression.
func get[T any](p *testpage.Page, js string) T {
	var v T
	p.Get(js, &v)
	return v
}

// closeFrame ends a session as it should be ended.
func closeFrame(c *websocket.Conn, code int, reason string) {
	_ = c.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(time.Second))
	_, _, _ = c.ReadMessage() // until the client's own close frame
}
