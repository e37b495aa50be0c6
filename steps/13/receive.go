package chat

import "context"

// receive acts on one text message of c. Whatever is wrong with it, c is told and stays.
// ctx ends with the connection.
func (s *Server) receive(ctx context.Context, c *client, raw []byte) {
	// task 6.3: Every message counts, also one that is wrong; one over the limit goes no further.
	m, err := decode(raw)
	// task 12.3: A message has come.
	s.metrics.Received(m.Type, len(raw))
	// end task 12.3
	if wait, ok := s.mayReceive(c, m); !ok {
		s.refuseFlood(c, m.ID, wait)
		return
	}
	if err == nil {
		// task 9.3: A panic costs this message, and nothing else.
		err = safely(func() error { return s.dispatch(ctx, c, m) })
		// end task 9.3
	}
	// task 9.5: A client that errs again and again is hung up on.
	if KindOf(err) == KindClient && !s.forgives(c) {
		return
	}
	// end task 9.5
	if err != nil {
		s.fail(c, m.ID, err)
	}
	// end task 6.3
}

// dispatch passes on a message of c to those whom it is for.
func (s *Server) dispatch(ctx context.Context, c *client, m Message) error {
	switch m.Type {
	case TypeHeartbeat:
		answer(c, m.ID)
		return nil
	case TypeHeartbeatAck:
		s.noteRoundTrip(c, m.ID)
		return nil
	}
	if m.Type == TypeAuth {
		return s.reauthorize(c, m)
	}
	m.ID = "" // the client's own; the others get the server's
	// task 4.4: Say who sent it, and from which room, as c knows it.
	m.From, m.RoomID = c.id, c.roomID
	// end task 4.4
	if err := s.authorize(c, m); err != nil {
		return err
	}
	if err := s.moderate(ctx, m); err != nil {
		return err
	}
	// task 11.6: Meanwhile the token may have ended, and with it the connection.
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	// end task 11.6
	switch m.Type {
	case TypeMessage:
		// task 4.2: Send it to everyone in c's room, with s.hub.toRoom.
		s.timed(func() { s.hub.toRoom(c.roomID, seal(m)) })
		// end task 4.2
	case TypeBroadcast:
		// task 4.6: Send it to everyone in all rooms, with s.hub.toAll.
		s.timed(func() { s.hub.toAll(seal(m)) })
		// end task 4.6
	case TypeDirect:
		// task 4.6: Send it to the one client that it is for, with s.hub.toOne; return a problem
		// with CodeNoSuchClient when there is none of that id.
		if err := s.hub.toOne(m.To, seal(m)); err != nil {
			return &problem{code: CodeNoSuchClient, sentence: "there is no client " + m.To}
		}
		// end task 4.6
	}
	return nil
}
