package echoservers

import (
	"errors"
	"io"
	"net/http"
	"time"
	"unicode/utf8"

	coder "github.com/coder/websocket"
	"github.com/gorilla/websocket"
	"github.com/lxzan/gws"
)

// MaxMessage is the limit of all these servers, in bytes.
const MaxMessage = 128 << 10

// Gorilla echoes as gorilla/websocket's example does: what ReadMessage returns goes back. The
// library leaves it to its user to check UTF-8.
func Gorilla() http.Handler { return echo((*websocket.Conn).ReadMessage) }

// Strict echoes with gorilla/websocket and checks UTF-8 as it comes, in parts of messages.
func Strict() http.Handler { return echo(readStrictly) }

// echo is a server on gorilla/websocket that reads messages in its own way.
func echo(read func(*websocket.Conn) (kind int, message []byte, err error)) http.Handler {
	var upgrader websocket.Upgrader
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }() // may be closed already
		conn.SetReadLimit(MaxMessage)
		for {
			kind, message, err := read(conn)
			if err != nil {
				return
			}
			if err := conn.WriteMessage(kind, message); err != nil {
				return
			}
		}
	})
}

// readStrictly reads a message, and closes with 1007 at the first byte that is not UTF-8.
func readStrictly(conn *websocket.Conn) (kind int, message []byte, err error) {
	kind, reader, err := conn.NextReader()
	if err != nil {
		return kind, nil, err
	}
	if kind == websocket.TextMessage {
		reader = &textReader{r: reader}
	}
	message, err = io.ReadAll(reader)
	if errors.Is(err, errNotUTF8) {
		frame := websocket.FormatCloseMessage(websocket.CloseInvalidFramePayloadData, "")
		_ = conn.WriteControl(websocket.CloseMessage, frame, time.Now().Add(time.Second)) // the end anyway
	}
	return kind, message, err
}

var errNotUTF8 = errors.New("not UTF-8")

// textReader fails at the first byte that makes a text bad.
type textReader struct {
	r       io.Reader
	pending []byte // the beginning of a character
}

func (t *textReader) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	rest := append(t.pending, p[:n]...)
	for utf8.FullRune(rest) {
		r, size := utf8.DecodeRune(rest)
		if r == utf8.RuneError && size == 1 {
			return 0, errNotUTF8
		}
		rest = rest[size:]
	}
	if t.pending = rest; err == io.EOF && len(rest) > 0 {
		return 0, errNotUTF8
	}
	return n, err
}

// Coder echoes as coder/websocket's example does: a reader is copied to a writer.
func Coder() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := coder.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = conn.CloseNow() }() // may be closed already
		conn.SetReadLimit(MaxMessage)
		for {
			kind, reader, err := conn.Reader(r.Context())
			if err != nil {
				return
			}
			writer, err := conn.Writer(r.Context(), kind)
			if err != nil {
				return
			}
			if _, err := io.Copy(writer, reader); err != nil {
				return
			}
			if err := writer.Close(); err != nil {
				return
			}
		}
	})
}

// GWS echoes as lxzan/gws's example does. The library checks UTF-8 if it is asked to. Messages are
// read in the handler, so that a panic of the library does not end the process.
func GWS(checkUTF8 bool) http.Handler {
	upgrader := gws.NewUpgrader(gwsEcho{}, &gws.ServerOption{ReadMaxPayloadSize: MaxMessage, CheckUtf8Enabled: checkUTF8})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r)
		if err != nil {
			return
		}
		conn.ReadLoop()
	})
}

type gwsEcho struct{ gws.BuiltinEventHandler }

func (gwsEcho) OnPing(conn *gws.Conn, payload []byte) { _ = conn.WritePong(payload) } // OnClose hears of it

func (gwsEcho) OnMessage(conn *gws.Conn, message *gws.Message) {
	defer func() { _ = message.Close() }() // gives a buffer back
	_ = conn.WriteMessage(message.Opcode, message.Bytes())
}
