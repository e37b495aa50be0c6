package chat

import (
	"io"
	"net"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/steps/08/wire"
)

// socket is one WebSocket connection. This file alone knows gorilla's Conn; everything else
// knows these methods. One goroutine at a time may read and one may write; any may close.
type socket struct {
	conn         *websocket.Conn
	raw          net.Conn // below the frameReader
	writeTimeout time.Duration
	maxMessage   int64
}

// upgrade finishes the handshake. When it fails, it has answered the request already, and
// logged why.
func (s *Server) upgrade(w http.ResponseWriter, r *http.Request) (*socket, error) {
	conn, err := s.upgrader.Upgrade(below{w}, r, nil)
	if err != nil {
		s.log.Info("handshake refused", "remote", r.RemoteAddr, "reason", err.Error())
		return nil, err
	}
	return &socket{
		conn:         conn,
		raw:          conn.NetConn().(*frameReader).Conn,
		writeTimeout: s.cfg.WriteTimeout,
		maxMessage:   s.cfg.MaxMessageSize,
	}, nil
}

func (ws *socket) remoteAddr() string { return ws.conn.RemoteAddr().String() }

// read returns the next message, and whether it is a text. Of a message over maxMessage it
// returns one byte more than that; the rest is passed over. The error is an *ending, and then
// nothing more can be read.
func (ws *socket) read() (data []byte, isText bool, err error) {
	kind, r, err := ws.conn.NextReader()
	if err == nil {
		if ws.maxMessage > 0 {
			r = io.LimitReader(r, ws.maxMessage+1)
		}
		data, err = io.ReadAll(r)
	}
	if err != nil {
		return nil, false, readEnding(err)
	}
	return data, kind == websocket.TextMessage, nil
}

// judge returns the ending of a connection on which such a message came, or nil if the message may
// go on.
func (ws *socket) judge(data []byte, isText bool) error {
	// TODO(8.3): A message may be of the wrong kind, too long, or no text at all.
	if ws.maxMessage > 0 && int64(len(data)) > ws.maxMessage {
		return &ending{code: wire.CloseAbnormal} // placeholder: the client should know why
	}
	return nil // placeholder: a message that is not acceptable gets through
}

// readEnding tells what an error of gorilla's means.
func readEnding(err error) *ending {
	// TODO(8.3): Find out what has ended the connection.
	return &ending{code: wire.CloseAbnormal, cause: err} // placeholder: it may have been the client
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

// writeClose writes a close frame. A code that must not be sent becomes a frame without a code.
// Nothing can be written after it.
func (ws *socket) writeClose(code wire.CloseCode, reason string) {
	frame := websocket.FormatCloseMessage(int(code), wire.CutReason(reason))
	if !code.MaySend() {
		frame = nil
	}
	ws.conn.WriteControl(websocket.CloseMessage, frame, time.Time{})
}

// dropIn drops the connection when d has passed. By then it may have ended already.
func (ws *socket) dropIn(d time.Duration) { time.AfterFunc(d, ws.drop) }

// discard reads what still comes, without looking at it, until the connection is taken away.
func (ws *socket) discard() {
	io.Copy(io.Discard, ws.raw)
}

// drop ends the connection at once, and with it a read or a write that waits. Over TLS it may
// wait for the network itself, so nobody calls it under the hub's lock.
func (ws *socket) drop() { ws.conn.Close() }
