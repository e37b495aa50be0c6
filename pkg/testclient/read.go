package testclient

import "io"

// CloseError is the server's close frame, where [Client.Read] returns it.
type CloseError struct{ CloseInfo }

func (e *CloseError) Error() string { return e.CloseInfo.String() }

// Read waits for the next message of any kind, as long as it takes. The server's close frame
// is a [*CloseError], once; the end of TCP, which comes after that or without it, is io.EOF.
//
// It is for programs that take what comes, and for connections of [Link.WebSocket] only.
// Those have no expectations of messages, which would take them away from the program: they
// panic.
func (c *Client) Read() (Message, error) {
	if !c.read {
		panic("testclient: " + c.name + " was made by Dial; its messages are for expectations")
	}
	c.inbox.mu.Lock()
	defer c.inbox.mu.Unlock()
	for len(c.messages) == 0 && !c.over && (c.closing == nil || c.told) {
		c.inbox.wake.Wait()
	}
	switch {
	case len(c.messages) > 0:
		m := c.messages[0]
		c.messages = c.messages[1:]
		return m, nil
	case c.closing != nil && !c.told:
		c.told = true
		return Message{}, &CloseError{*c.closing}
	}
	return Message{}, io.EOF
}

// Post sends frames as they are, in one write, whenever the server takes them: unlike
// [Client.SendFrame] it never waits. When the connection has ended, it does nothing. A close
// frame begins the closing handshake.
func (c *Client) Post(frames ...Frame) {
	var b []byte
	for _, f := range frames {
		b = append(b, f.Bytes()...)
		c.w.add(c.name, "──▶ ", f.glimpse())
		if f.Opcode == OpClose {
			c.inbox.change(func() { c.asked = true })
		}
	}
	c.post(b)
}

// glimpse shows a frame that is right.
func (f Frame) glimpse() *glimpse {
	if f.Opcode != OpClose || !f.Fin || f.RSV != 0 {
		return glimpseOf(Kind(f.Opcode), f.Payload)
	}
	what := f.String()
	if info, err := parseClose(f.Payload); err == nil {
		what = info.String()
	}
	return &glimpse{kind: kindNamed, head: []byte(what)}
}

// mayExpect panics if the connection is read by a program.
func (c *Client) mayExpect() {
	if c.read {
		panic("testclient: " + c.name + " is read by a program; ask the program what it got")
	}
}
