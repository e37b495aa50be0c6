package chat

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/steps/13/wire"
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
	return s.upgradeBy(s.upgrader, w, r)
}

func (s *Server) upgradeBy(upgrader websocket.Upgrader, w http.ResponseWriter, r *http.Request) (*socket, error) {
	var why []slog.Attr
	answer := upgrader.Error
	upgrader.Error = func(w http.ResponseWriter, r *http.Request, status int, reason error) {
		answer(w, r, status, reason)
		why = append(why, slog.Int("status", status))
	}
	conn, err := upgrader.Upgrade(below{w}, r, s.protocolOf(r))
	if err != nil {
		s.logRefusal(r, append(why, slog.String("reason", err.Error()))...)
		return nil, err
	}
	return &socket{
		conn:         conn,
		raw:          conn.NetConn().(*frameReader).Conn,
		writeTimeout: s.cfg.WriteTimeout,
		maxMessage:   s.cfg.MaxMessageSize,
	}, nil
}

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

// readEnding tells what an error of gorilla's means.
func readEnding(err error) *ending {
	// task 8.3: Find out what has ended the connection.
	if e, ok := errors.AsType[*ending](err); ok {
		return e
	}
	_, closed := errors.AsType[*websocket.CloseError](err) // with 1006, which gorilla makes up
	_, network := errors.AsType[net.Error](err)
	if closed || network || errors.Is(err, io.ErrUnexpectedEOF) {
		return &ending{code: wire.CloseAbnormal, cause: err}
	}
	return broken(strings.TrimPrefix(err.Error(), "websocket: "))
	// end task 8.3
}

// write writes one text message, and perhaps a ping.
func (ws *socket) write(e *envelope) error {
	// task 2.6: Give this write ws.writeTimeout from now; zero means no deadline.
	if ws.writeTimeout > 0 {
		ws.conn.SetWriteDeadline(time.Now().Add(ws.writeTimeout))
	}
	// end task 2.6
	err := ws.conn.WriteMessage(websocket.TextMessage, e.data)
	// task 5.4: If e.ping is set, write a ping too.
	if err == nil && e.ping {
		return ws.ping()
	}
	// end task 5.4
	return err
}

// ping writes a ping without a payload. The deadline of the write before it holds.
func (ws *socket) ping() error {
	// task 5.4: Write it.
	return ws.conn.WriteMessage(websocket.PingMessage, nil)
	// end task 5.4
}

// onPing has the goroutine that reads call f at each ping, which is answered.
func (ws *socket) onPing(f func()) {
	answer := ws.conn.PingHandler()
	ws.conn.SetPingHandler(func(payload string) error {
		f()
		return answer(payload)
	})
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

// drop ends the connection at once, and with it a read or a write that waits.
func (ws *socket) drop() { cut(ws.raw) }
