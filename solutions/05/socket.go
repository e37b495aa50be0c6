package chat

import (
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// socket is one WebSocket connection. This file alone knows gorilla's Conn; everything else
// knows these methods. One goroutine at a time may read and one may write; any may close.
type socket struct {
	conn         *websocket.Conn
	writeTimeout time.Duration
}

// upgrade finishes the handshake. When it fails, it has answered the request already, and
// logged why.
func (s *Server) upgrade(w http.ResponseWriter, r *http.Request) (*socket, error) {
	conn, err := s.upgrader.Upgrade(w, r, nil)
	if err != nil {
		s.log.Info("handshake refused", "remote", r.RemoteAddr, "reason", err.Error())
		return nil, err
	}
	conn.SetReadLimit(s.cfg.MaxMessageSize)
	return &socket{conn: conn, writeTimeout: s.cfg.WriteTimeout}, nil
}

func (ws *socket) remoteAddr() string { return ws.conn.RemoteAddr().String() }

// read returns the next message, and whether it is a text.
func (ws *socket) read() (data []byte, isText bool, err error) {
	kind, data, err := ws.conn.ReadMessage()
	return data, kind == websocket.TextMessage, err
}

// write writes one text message.
func (ws *socket) write(text []byte) error {
	// task 2.6: Give this write ws.writeTimeout from now; zero means no deadline.
	if ws.writeTimeout > 0 {
		ws.conn.SetWriteDeadline(time.Now().Add(ws.writeTimeout))
	}
	// end task 2.6
	return ws.conn.WriteMessage(websocket.TextMessage, text)
}

// ping writes a ping without a payload. The deadline of the write before it holds.
func (ws *socket) ping() error {
	// task 5.4: Write it.
	//- return nil
	return ws.conn.WriteMessage(websocket.PingMessage, nil)
	// end task 5.4
}

// onPong has the goroutine that reads call f at each pong.
func (ws *socket) onPong(f func()) {
	// task 5.2: Give ws.conn a pong handler that calls f. It runs inside ReadMessage: who does
	// not read never hears of a pong.
	ws.conn.SetPongHandler(func(string) error {
		f()
		return nil
	})
	// end task 5.2
}

// writeClose writes a close frame, unless that takes too long. Any goroutine may call it: it
// waits for its turn, and nothing is written after it.
func (ws *socket) writeClose(code int, text string, timeout time.Duration) {
	ws.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, text), time.Now().Add(timeout))
}

// Close ends the connection at once, and with it a read or a write that waits. Over TLS it
// may wait for the network itself, so nobody calls it under the hub's lock.
func (ws *socket) Close() error { return ws.conn.Close() }
