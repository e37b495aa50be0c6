package testclient

import (
	"io"
	"os"
	"time"
)

// CloseError is the server's close frame, where [Client.Read] returns it.
type CloseError struct{ CloseInfo }

func (e *CloseError) Error() string { return e.CloseInfo.String() }

// Read waits for the next message of any kind, as long as it takes. The server's close frame
// is a [*CloseError], once; the end of TCP, which comes after that or without it, is io.EOF.
// So is the end of an event stream.
//
// It is for programs that take what comes, and for connections of [Link.WebSocket] and
// [Link.Events] only. Those have no expectations of messages, which would take them away from the program: they
// panic.
func (c *Client) Read() (Message, error) {
	c.mustRead()
	c.inbox.mu.Lock()
	defer c.inbox.mu.Unlock()
	for !c.readable() {
		c.inbox.wake.Wait()
	}
	return c.nextRead()
}

// ReadWithin is Read that gives up after d of virtual time with [os.ErrDeadlineExceeded]. What
// comes exactly then is in time. With a d of zero or less it takes what has arrived by now, and
// waits for nothing.
func (c *Client) ReadWithin(d time.Duration) (Message, error) {
	c.mustRead()
	if d > 0 {
		c.w.wait(&c.inbox, d, c.readable)
	}
	c.inbox.mu.Lock()
	defer c.inbox.mu.Unlock()
	if !c.readable() {
		return Message{}, os.ErrDeadlineExceeded
	}
	return c.nextRead()
}

// readable tells whether Read would return at once. The caller holds the inbox's lock.
func (p *peer) readable() bool {
	return len(p.messages) > 0 || p.over || p.closing != nil && !p.told
}

// nextRead is what Read returns when it is readable. The caller holds the inbox's lock.
func (p *peer) nextRead() (Message, error) {
	switch {
	case len(p.messages) > 0:
		m := p.messages[0]
		p.messages = p.messages[1:]
		return m, nil
	case p.closing != nil && !p.told:
		p.told = true
		return Message{}, &CloseError{*p.closing}
	}
	return Message{}, io.EOF
}

// mustRead panics unless the connection is read by a program.
func (c *Client) mustRead() {
	if !c.read {
		panic("testclient: " + c.name + " was made by Dial or Events; its messages are for expectations")
	}
}

// Post sends frames as they are, in one write, whenever the server takes them: unlike
// [Client.SendFrame] it never waits. When the connection has ended, it does nothing. A close
// frame begins the closing handshake.
func (c *Client) Post(frames ...Frame) {
	c.mustSocket("Post")
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
