package testclient

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
)

// stream is the event stream that a peer reads. The lock of the peer's inbox guards it, except
// for the reader, which belongs to the reading goroutine.
type stream struct {
	br     *bufio.Reader
	skipLF bool // the last line ended with CR: an LF that follows belongs to it
	begun  bool // a line was read

	data     []byte // of the event that has begun, with a newline behind each line
	name     string
	id       string        // for the event that has begun
	lastID   string        // of the last event that was whole
	retry    time.Duration // negative: the stream has set none
	comments []string
}

// readEvents reads until the stream ends: io.EOF is an end in order.
func (p *peer) readEvents() error {
	for {
		line, err := p.stream.readLine()
		if err != nil {
			return err
		}
		var m Message
		var whole bool
		p.inbox.change(func() { m, whole = p.parse(line) })
		if whole {
			p.deliver(m)
		}
	}
}

// readLine returns the next line without its end, which is LF, CR or CRLF. It does not wait for
// an LF behind a CR. A line that the end of the stream cuts off is lost, as in a browser.
func (s *stream) readLine() ([]byte, error) {
	var line []byte
	for {
		b, err := s.br.ReadByte()
		if err != nil {
			return nil, err
		}
		skip := s.skipLF && b == '\n'
		s.skipLF = b == '\r'
		switch {
		case skip:
		case b == '\n' || b == '\r':
			return line, nil
		default:
			line = append(line, b)
		}
	}
}

// parse takes a line as the HTML standard says (section 9.2.6, "Interpreting an event stream").
// A line may complete an event.
func (p *peer) parse(line []byte) (m Message, whole bool) {
	s := p.stream
	if !s.begun {
		line, s.begun = bytes.TrimPrefix(line, []byte("\ufeff")), true
	}
	if len(line) == 0 {
		return s.dispatch()
	}
	field, value, _ := strings.Cut(strings.ToValidUTF8(string(line), "\ufffd"), ":")
	value = strings.TrimPrefix(value, " ")
	switch field {
	case "":
		s.comments = append(s.comments, value)
		p.w.add(p.name, "◀── comment ", glimpseOf(Text, []byte(value)))
	case "data":
		s.data = append(append(s.data, value...), '\n')
	case "event":
		s.name = value
	case "id":
		if !strings.Contains(value, "\x00") {
			s.id = value
		}
	case "retry":
		if ms, err := strconv.ParseUint(value, 10, 32); err == nil && value[0] != '+' {
			s.retry = time.Duration(ms) * time.Millisecond
			p.w.event(p.name, "◀── retry "+s.retry.String())
		}
	default:
		p.w.add(p.name, "◀── (ignored: no field of an event) ", glimpseOf(Text, line))
	}
	return Message{}, false
}

// dispatch ends an event. One without data is dropped, as the standard says.
func (s *stream) dispatch() (m Message, whole bool) {
	name, data := s.name, s.data
	s.name, s.data, s.lastID = "", nil, s.id
	if len(data) == 0 {
		return Message{}, false
	}
	if name == "message" { // what an event without a name is for a browser
		name = ""
	}
	return Message{Kind: Text, Data: data[:len(data)-1], Frames: 1, Event: name, EventID: s.id}, true
}

// label is what the timeline writes before an event's data.
func (m Message) label() string {
	if m.Event == "" {
		return "event "
	}
	return "event " + m.Event + " "
}

// Retry returns the reconnection time that an event stream has set last, 0 if none.
func (c *Client) Retry() time.Duration {
	s := c.mustStream("Retry")
	c.inbox.mu.Lock()
	defer c.inbox.mu.Unlock()
	return max(0, s.retry)
}

// Reconnection returns what a browser needs to ask for an event stream again: the last event id,
// for the header Last-Event-ID unless it is empty, and the reconnection time. The time is
// negative when the stream has set none, and a browser takes its own.
func (c *Client) Reconnection() (lastEventID string, after time.Duration) {
	s := c.mustStream("Reconnection")
	c.inbox.mu.Lock()
	defer c.inbox.mu.Unlock()
	return s.lastID, s.retry
}

// Comments returns the comments of an event stream that have come so far. Servers send them
// so that a proxy sees some traffic.
func (c *Client) Comments() []string {
	s := c.mustStream("Comments")
	c.inbox.mu.Lock()
	defer c.inbox.mu.Unlock()
	return append([]string(nil), s.comments...)
}

// BrokenOff tells whether an event stream has ended without its last chunk by now. A handler
// that returns ends its stream in order. One that panics breaks it off.
func (c *Client) BrokenOff() bool {
	c.mustStream("BrokenOff")
	c.inbox.mu.Lock()
	defer c.inbox.mu.Unlock()
	return c.over && c.broken()
}

// broken is BrokenOff for a stream that is over. The caller holds the inbox's lock.
func (p *peer) broken() bool { return !p.mine && !errors.Is(p.cause, io.EOF) }

// ExpectStreamEnd fails the test unless the next thing that happens is the end of the event
// stream, in order: [Client.BrokenOff] says what is not. [Client.ExpectEnd] takes any end, and
// passes over what comes before.
func (c *Client) ExpectStreamEnd() {
	c.mustStream("ExpectStreamEnd")
	if m, ok := c.take(time.Now().Add(c.patience), nil); ok {
		c.wrong(m.event, "the server should have ended %s's event stream now; first came %s%s", c.name, m, c.hint(m))
	}
	switch _, over := c.state(); {
	case !over:
		c.lacks("the server should have ended %s's event stream within %v; it is still open.", c.name, c.patience)
	case c.BrokenOff():
		c.wrong(nil, "the server should have ended %s's event stream in order; %s", c.name, c.ending())
	}
}

// mustStream panics unless the client reads an event stream.
func (c *Client) mustStream(method string) *stream {
	if c.stream == nil {
		panic("testclient: " + method + " is for clients of Server.Events; " + c.name + " has a WebSocket")
	}
	return c.stream
}

// mustSocket panics if the client reads an event stream.
func (p *peer) mustSocket(method string) {
	if p.stream != nil {
		panic("testclient: " + method + " is for WebSockets; " + p.name + " reads an event stream")
	}
}
