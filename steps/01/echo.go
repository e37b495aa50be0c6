package chat

import (
	"fmt"

	"github.com/gorilla/websocket"
)

// echo answers conn's messages one after the other until reading or writing fails,
// and returns that error. It never returns nil: every connection ends by an error,
// a client's farewell too (*websocket.CloseError).
func echo(conn *websocket.Conn) error {
	// TODO(1.2): Read a message, write its reply, and so on; return the first error.
	return fmt.Errorf("echo is not written yet")
}

// reply is what goes back for one message: its kind (websocket.TextMessage or
// websocket.BinaryMessage) and its bytes.
func reply(kind int, data []byte) (int, []byte) {
	// TODO(1.3): A binary message goes back as it came; only a text gets the prefix.
	return websocket.TextMessage, append([]byte("Echo: "), data...)
}
