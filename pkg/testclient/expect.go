package testclient

import (
	"fmt"
	"time"
)

// Next returns the next text or binary message.
func (c *Client) Next() Message {
	return c.expect("a message", func(m Message) bool { return m.Kind == Text || m.Kind == Binary })
}

// ExpectText fails the test unless the next message is this text.
func (c *Client) ExpectText(want string) {
	c.expectData(Message{Kind: Text, Data: []byte(want)})
}

// ExpectBinary fails the test unless the next message is binary with these bytes.
func (c *Client) ExpectBinary(want []byte) {
	c.expectData(Message{Kind: Binary, Data: want})
}

func (c *Client) expectData(want Message) {
	got, ok := c.take(time.Now().Add(c.patience), nil)
	if !ok {
		c.missing(want.String(), 0)
	}
	if !same(got, want) {
		c.wrong(got.event, "%s got %s, want %s%s", c.name, got, want, c.difference(got, want))
	}
	c.took(got)
}

// Expect returns the next message and fails the test unless it matches. what completes the
// sentence "ana should have got …". Pings and pongs are passed over, unless they match.
func (c *Client) Expect(what string, match func(Message) bool) Message {
	return c.expect(what, match)
}

func (c *Client) expect(what string, match func(Message) bool) Message {
	m, ok := c.take(time.Now().Add(c.patience), match)
	if !ok {
		c.missing(what, 0)
	}
	if !match(m) {
		c.wrong(m.event, "%s should have got %s; got %s%s", c.name, what, m, c.hint(m))
	}
	return c.took(m)
}

// Await reads on until a message matches and returns that one. what completes the sentence
// "ana should have got …".
func (c *Client) Await(what string, match func(Message) bool) Message {
	until := time.Now().Add(c.patience)
	for others := 0; ; others++ {
		m, ok := c.take(until, match)
		if !ok {
			c.missing(what, others)
		}
		if match(m) {
			return c.took(m)
		}
	}
}

// Silence lets d pass and fails the test if anything arrives meanwhile.
func (c *Client) Silence(d time.Duration) {
	began := c.w.Elapsed()
	m, ok := c.take(time.Now().Add(d), nil)
	switch {
	case ok && m.At < began:
		c.wrong(m.event, "%s should hear nothing for %v from now on; not yet read is %s, come at %s.%s",
			c.name, d, m, clock(m.At), c.hint(m))
	case ok:
		c.wrong(m.event, "%s should have heard nothing for %v; after %v came %s%s", c.name, d, m.At-began, m, c.hint(m))
	}
	if end := c.ending(); end != "" {
		c.wrong(nil, "%s should have heard nothing for %v; %s", c.name, d, end)
	}
	c.silence()
}

// Drain returns the text and binary messages that have arrived by now.
func (c *Client) Drain() []Message {
	c.mayExpect()
	c.w.checkStopped()
	c.w.Settle()
	var all []Message
	for {
		m, ok := c.pop()
		if !ok {
			return all
		}
		if !c.foreign(m, nil) {
			all = append(all, c.took(m))
		}
	}
}

// silence notes in the timeline that nothing came.
func (c *Client) silence() { c.w.event(c.name, "    (silence)") }

// take returns the next message that concerns the test, if one comes before until.
func (c *Client) take(until time.Time, match func(Message) bool) (Message, bool) {
	c.mayExpect()
	for {
		c.w.checkStopped()
		c.w.wait(&c.inbox, time.Until(until), func() bool {
			return len(c.messages) > 0 || c.closing != nil || c.over
		})
		c.w.checkStopped()
		m, ok := c.pop()
		if !ok || !c.foreign(m, match) {
			return m, ok
		}
	}
}

func (c *Client) pop() (Message, bool) {
	c.inbox.mu.Lock()
	defer c.inbox.mu.Unlock()
	if len(c.messages) == 0 {
		return Message{}, false
	}
	m := c.messages[0]
	c.messages = c.messages[1:]
	return m, true
}

// took hands m to the test.
func (c *Client) took(m Message) Message {
	m.owner = c
	c.inbox.mu.Lock()
	defer c.inbox.mu.Unlock()
	c.last = m
	return m
}

// foreign tells whether m is to be passed over.
func (c *Client) foreign(m Message, match func(Message) bool) bool {
	if m.Kind == Ping || m.Kind == Pong {
		return match == nil || !match(m)
	}
	return c.ignored != nil && c.ignored(m)
}

// missing fails the test because nothing came, or not the right thing.
func (c *Client) missing(what string, others int) {
	if end := c.ending(); end != "" {
		c.wrong(nil, "%s should have got %s; %s%s", c.name, what, end, c.unfinished())
	}
	came := "nothing came."
	switch {
	case others == 1:
		came = "one other message came."
	case others > 1:
		came = fmt.Sprintf("%d other messages came.", others)
	}
	c.lacks("%s should have got %s within %v; %s%s", c.name, what, c.patience, came, c.unfinished())
}
