package chat

import (
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/websocket"
)

// logConnection writes down that a connection begins, and returns the function that writes down
// its end: how long it lasted and why it ended.
func (s *Server) logConnection(c *client) (gone func(err error)) {
	// task 1.4: Log "client connected" with the attribute remote; return a function that
	// logs "client disconnected" with remote, duration and reason.
	log := s.log.With("name", c.name, "remote", c.conn.remoteAddr())
	since := time.Now()
	log.Info("client connected")
	return func(err error) {
		log.Info("client disconnected", "duration", time.Since(since), "reason", reason(err))
	}
	// end task 1.4
}

// reason says in words why a connection ended.
func reason(err error) string {
	// A client that drops TCP without a word is a *CloseError too: gorilla makes up
	// code 1006 for it, which is never on the wire (RFC 6455, section 7.1.5).
	if closed, ok := errors.AsType[*websocket.CloseError](err); ok && closed.Code != websocket.CloseAbnormalClosure {
		return fmt.Sprintf("client closed with %d", closed.Code)
	}
	return fmt.Sprintf("connection lost: %v", err)
}
