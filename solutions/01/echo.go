package chat

import (
	"fmt"

	"github.com/gorilla/websocket"
)

// echo answers conn's messages one after the other until reading or writing fails, and
// returns that error. Every connection ends by one: a client's farewell is an error too,
// a *websocket.CloseError.
func echo(conn *websocket.Conn) error {
	// task 1.2: Read a message, write its reply, and so on; return the first error.
	//- return conn.Close()
	for {
		kind, data, err := conn.ReadMessage()
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
		kind, data = reply(kind, data)
		if err := conn.WriteMessage(kind, data); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	// end task 1.2
}

// reply is what goes back for one message: its kind (websocket.TextMessage or
// websocket.BinaryMessage) and its bytes.
func reply(kind int, data []byte) (int, []byte) {
	// task 1.3: A binary message goes back as it came; only a text gets the prefix.
	//- return websocket.TextMessage, append([]byte("Echo: "), data...)
	if kind == websocket.BinaryMessage {
		return kind, data
	}
	return kind, append([]byte("Echo: "), data...)
	// end task 1.3
}
