package chat

import (
	"errors"
	"fmt"
	"time"
)

// farewellTimeout bounds how long a client may keep the server from hanging up on it.
const farewellTimeout = time.Second

// farewell is a reason to hang up that the client is told, with a close code.
type farewell struct {
	code int
	text string // at most 123 bytes (RFC 6455, section 5.5)
}

func (f *farewell) Error() string { return fmt.Sprintf("%s, closed with %d", f.text, f.code) }

// sayFarewell tells the client why it is hung up on, if the reason is a farewell.
func (c *client) sayFarewell(reason error) {
	if f, ok := errors.AsType[*farewell](reason); ok {
		c.conn.writeClose(f.code, f.text, farewellTimeout)
	}
}
