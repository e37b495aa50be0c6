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

// Close ends the connection at once, and with it a read or a write that waits. Over TLS it
// may wait for the network itself, so nobody calls it under the hub's lock.
func (ws *socket) Close() error { return ws.conn.Close() }
