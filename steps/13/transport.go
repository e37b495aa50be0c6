package chat

import (
	"time"

	"wsworkshop/steps/13/wire"
)

// transport is the way to one client: a WebSocket (socket) or an event stream (stream). One
// goroutine at a time writes. Any may call drop, also while another one writes.
type transport interface {
	// write writes one message, within Config.WriteTimeout.
	write(e *envelope) error

	// writeClose tells the client the code and the reason of the end. Nothing is written after it.
	writeClose(code wire.CloseCode, reason string)

	// dropIn calls drop when d has passed. By then the connection may have ended already.
	dropIn(d time.Duration)

	// drop ends the connection at once, and with it a write that waits.
	drop()
}
