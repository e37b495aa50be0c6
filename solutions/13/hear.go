package chat

import (
	"context"
	"fmt"
	"unicode/utf8"

	"wsworkshop/solutions/13/wire"
)

// readPump hears a client of a WebSocket out until nothing more can be read, and returns why. ctx
// ends when c is hung up on; then only the client's close frame matters.
func (s *Server) readPump(ctx context.Context, c *client, conn *socket) error {
	why := s.readUntil(ctx, c, conn)
	c.hangUp(why)
	s.linger(conn, endingOf(why))
	return why
}

// readUntil is readPump up to the end.
func (s *Server) readUntil(ctx context.Context, c *client, conn *socket) error {
	// task 5.2: Have conn call c.health.seen at each pong.
	// task 9.5: A pong that nobody has asked for is no sign of good manners.
	conn.onPong(func() {
		c.health.seen()
		if !c.health.pongDue() {
			s.control(c)
		}
	})
	// end task 9.5
	// end task 5.2
	// task 9.5: Each ping is answered, and counts.
	conn.onPing(func() { s.control(c) })
	// end task 9.5
	for {
		data, isText, err := conn.read()
		if err != nil {
			return err
		}
		// task 8.3: After a hang-up nothing that c sends counts, except for its close frame.
		if ctx.Err() != nil {
			continue
		}
		// end task 8.3
		if err := s.judge(data, isText); err != nil {
			c.hangUp(err)
			continue
		}
		s.hear(ctx, c, data)
	}
}

// hear takes one text message of c, over whichever transport it came. Several may come at the same
// time. ctx ends when c is hung up on.
func (s *Server) hear(ctx context.Context, c *client, data []byte) {
	// task 5.1: Count what has been read, with c.health.read.
	c.health.read()
	// end task 5.1
	// task 5.2: Call c.health.seen: any message is a sign of life, whatever is in it.
	c.health.seen()
	// end task 5.2
	s.receive(ctx, c, data)
}

// judge returns the ending of a connection on which such a message came, or nil if the message may
// go on.
func (s *Server) judge(data []byte, isText bool) error {
	most := s.cfg.MaxMessageSize
	// task 8.3: A message may be of the wrong kind, too long, or no text at all.
	switch {
	case !isText:
		return &ending{code: wire.CloseUnsupportedData, reason: "send text"}
	case most > 0 && int64(len(data)) > most:
		return &ending{code: wire.CloseTooBig, reason: fmt.Sprintf("a message may have %d bytes", most)}
	case !utf8.Valid(data):
		return &ending{code: wire.CloseInvalidPayload, reason: "a text must be UTF-8"}
	}
	return nil
	// end task 8.3
}
