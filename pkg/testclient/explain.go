package testclient

import (
	"bytes"
	"fmt"
)

// wrong fails the test and ends it. First it lets happen what is due now: what the server
// broke by it, if anything, is the better reason and has been reported then.
func (c *Client) wrong(mark *event, format string, args ...any) {
	c.w.Settle()
	c.w.checkStopped()
	c.w.fatalAt(focus{mark: mark, who: c.name}, format, args...)
}

// lacks is wrong for what has not happened within the client's patience.
func (c *Client) lacks(format string, args ...any) {
	c.silence()
	c.w.lacks(focus{who: c.name}, format, args...)
}

// difference tells what distinguishes two messages that look alike, or the usual cause.
func (c *Client) difference(got, want Message) string {
	switch {
	case bytes.Equal(got.Data, want.Data) && got.Event != want.Event:
		return "\nThe data is right; the event should have no name. " +
			"A page's onmessage gets no events that have one."
	case bytes.Equal(got.Data, want.Data) && got.Kind != want.Kind:
		return fmt.Sprintf("\nThe data is right, the kind is not: this should go as a %s message.", want.Kind)
	case got.Kind != want.Kind || got.Event != want.Event:
		return ""
	case c.hint(got) != "":
		return c.hint(got)
	case c.comesLater(want):
		return "\nThat came later: the order is not kept."
	case bytes.Equal(bytes.TrimSpace(got.Data), bytes.TrimSpace(want.Data)):
		return "\nThey differ in white space only."
	case len(got.Data) > 60 || len(want.Data) > 60:
		return firstDifference(got.Data, want.Data)
	}
	return ""
}

// hint tells what is odd about a message that should not have come now.
func (c *Client) hint(m Message) string {
	c.inbox.mu.Lock()
	last := c.last
	c.inbox.mu.Unlock()
	if last.Frames > 0 && same(last, m) {
		return "\nThe same came just before: it is sent twice."
	}
	return jsonHint(m)
}

func same(a, b Message) bool {
	return a.Kind == b.Kind && a.Event == b.Event && bytes.Equal(a.Data, b.Data)
}

// ending tells how the connection has ended; nothing while it is open.
func (c *Client) ending() string {
	c.inbox.mu.Lock()
	defer c.inbox.mu.Unlock()
	switch {
	case c.closing != nil:
		return fmt.Sprintf("the server closed the connection: %v.", c.closing)
	case !c.over:
		return ""
	case c.stream == nil:
		return "the connection ended without a close frame." + explain1006
	case c.mine:
		return "the test ended the stream."
	case c.broken():
		return "the server broke the stream off.\nThe last chunk of the body is missing. " +
			"It comes when the handler returns, but not when it panics."
	}
	return "the server ended the stream."
}

// unfinished tells of an event that waits for its end.
func (c *Client) unfinished() string {
	c.inbox.mu.Lock()
	defer c.inbox.mu.Unlock()
	if c.stream == nil || len(c.stream.data) == 0 {
		return ""
	}
	data := c.stream.data[:len(c.stream.data)-1]
	return fmt.Sprintf("\nAn event with the data %s has begun. The empty line that ends it has not come.", showText(data))
}

// comesLater tells whether m is among the messages that follow.
func (c *Client) comesLater(m Message) bool {
	c.w.Settle()
	c.inbox.mu.Lock()
	defer c.inbox.mu.Unlock()
	for _, later := range c.messages {
		if same(later, m) {
			return true
		}
	}
	return false
}

func firstDifference(got, want []byte) string {
	at := 0
	for at < min(len(got), len(want)) && got[at] == want[at] {
		at++
	}
	return fmt.Sprintf("\nThey differ from byte %d on; got %d bytes, want %d.", at, len(got), len(want))
}

// jsonHint tells when a message holds two JSON documents.
func jsonHint(m Message) string {
	if m.Kind != Text || len(m.Data) == 0 || m.Data[0] != '{' {
		return ""
	}
	var any map[string]any
	if err := m.decode(&any); err != nil {
		return "\nThat is " + err.Error()
	}
	return ""
}
