package chat

import (
	"github.com/gorilla/websocket"
)

// echo answers conn's messages one after the other until reading or writing fails, and
// returns that error. Every connection ends by one: a client's farewell is an error too,
// a *websocket.CloseError.
func echo(conn *websocket.Conn) error {
	// TODO(1.2): Read a message, write its reply, and so on; return the first error.
	return conn.Close()
}

// reply is what goes back for one message: its kind (websocket.TextMessage or
// websocket.BinaryMessage) and its bytes.
func reply(kind int, data []byte) (int, []byte) {
	// TODO(1.3): A binary message goes back as it came; only a text gets the prefix.
	return websocket.TextMessage, append([]byte("Echo: "), data...)
}
