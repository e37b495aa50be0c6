package chat

import (
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/websocket"
)

// farewellTimeout bounds how long a client may keep the server from hanging up on it.
const farewellTimeout = time.Second

// farewell is a reason to hang up that the client is told, with a close code.
type farewell struct {
	code int
	text string // at most 123 bytes (RFC 6455, section 5.5)
}

func (f *farewell) Error() string { return fmt.Sprintf("%s, closed with %d", f.text, f.code) }

// sayFarewell sends the close frame, if hangUp was given a farewell. It is the writePump's,
// so that nothing is written at the same time and nothing after it.
func (c *client) sayFarewell() {
	if f, ok := errors.AsType[*farewell](c.reason); ok {
		c.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(f.code, f.text), time.Now().Add(farewellTimeout))
		c.conn.Close()
	}
}
