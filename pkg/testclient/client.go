package testclient

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// Client is a WebSocket connection to the server under test, or an event stream from it (see
// [Server.Events]). A goroutine of its own reads all the time, as a browser does, unless
// [Client.Stall] stops it; it answers pings and close frames. Sending may be done by several
// goroutines, expecting by one at a time.
type Client struct {
	*peer
	patience time.Duration
	ignored  func(Message) bool // nil: none
}

// Name returns the name that the timeline uses.
func (c *Client) Name() string { return c.name }

// Addr returns the client's address as the server sees it.
func (c *Client) Addr() net.Addr { return c.tcp.raw.local }

// Response returns the answer that upgraded the connection, or began the event stream. Its body
// is not for the test.
func (c *Client) Response() *http.Response { return c.upgrade }

// Within returns the same client with another patience: the time, a second if nothing else
// is said, within which what is expected must happen.
func (c *Client) Within(d time.Duration) *Client { return &Client{c.peer, d, c.ignored} }

// PassingOver returns the same client as one that does not mind messages that match: they
// are passed over, as if they had not come.
func (c *Client) PassingOver(match func(Message) bool) *Client {
	before := c.ignored
	return &Client{c.peer, c.patience, func(m Message) bool {
		return before != nil && before(m) || match(m)
	}}
}

// Writes counts the server's calls of Write on this connection since the upgrade, or since the
// head of the answer that began an event stream.
func (c *Client) Writes() int {
	return c.tcp.raw.in.counted()
}

// Send sends a text message. Like all that sends, it fails the test when the server does not
// read and the network's buffer is full; when the connection has ended, it does nothing.
func (c *Client) Send(text string) {
	c.send(glimpseOf(Text, []byte(text)), TextFrame(text).Bytes())
}

// SendBinary sends a binary message.
func (c *Client) SendBinary(b []byte) {
	c.send(glimpseOf(Binary, b), BinaryFrame(b).Bytes())
}

// SendJSON sends v as JSON in a text message.
func (c *Client) SendJSON(v any) {
	b, err := json.Marshal(v)
	if err != nil {
		c.w.Fatalf("%s cannot send %+v: %v", c.name, v, err)
	}
	c.send(glimpseOf(Text, b), TextFrame(string(b)).Bytes())
}

// Ping sends a ping.
func (c *Client) Ping(payload string) {
	c.send(glimpseOf(Ping, []byte(payload)), NewFrame(OpPing, []byte(payload)).Bytes())
}

// SendFrame sends frames as they are, right or wrong, in one write.
func (c *Client) SendFrame(frames ...Frame) {
	var b []byte
	var what string
	for _, f := range frames {
		b = append(b, f.Bytes()...)
		what += f.String() + " "
	}
	c.sendAs(strings.TrimSpace(what), b)
}

// SendRaw sends bytes that need not be frames.
func (c *Client) SendRaw(b []byte) {
	c.sendAs("raw "+showBinary(b), b)
}

// sendAs is send for what has no glimpse.
func (c *Client) sendAs(what string, b []byte) {
	c.send(&glimpse{kind: kindNamed, head: []byte(what)}, b)
}

func (c *Client) send(what *glimpse, b []byte) {
	c.mustSocket("to send")
	c.w.checkStopped()
	c.outbox.mu.Lock()
	refused := c.refused
	c.outbox.mu.Unlock()
	if refused {
		c.w.add(c.name, "──▶ (not delivered) ", what)
		return
	}
	c.w.add(c.name, "──▶ ", what)
	n := c.post(b)
	if !c.w.wait(&c.outbox, c.patience, func() bool { return c.sent >= n || c.refused }) {
		c.lacks("%s cannot send %s: the server has not read from this connection for %v, "+
			"and the network holds no more than %d bytes.", c.name, what, c.patience, c.tcp.raw.out.room)
	}
}

// Close sends a close frame, waits for the server's, as long as the client's patience
// lasts, and ends the connection. Without an answer the test goes on: ask for one with
// SendFrame and ExpectClose.
func (c *Client) Close(code int, reason string) {
	c.mustSocket("Close")
	c.w.checkStopped()
	c.w.event(c.name, "──▶ "+CloseInfo{Code: code, Reason: reason}.String())
	c.inbox.change(func() { c.asked = true })
	payload := append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...)
	c.post(NewFrame(OpClose, payload).Bytes())
	c.w.wait(&c.inbox, c.patience, func() bool { return c.closing != nil || c.over })
	c.hangUp()
}

// Cut ends TCP without a close frame, as a crash does. It is how a client leaves an event stream.
func (c *Client) Cut() {
	c.w.event(c.name, "──▶ (cuts the connection)")
	c.hangUp()
}

// Reset ends TCP with a reset, as a computer does that has restarted: the server's reads and writes
// fail at once with ECONNRESET (later writes with EPIPE), and what is under way is lost. A black
// hole swallows the reset until [Client.Heal].
func (c *Client) Reset() {
	c.w.event(c.name, "──▶ (resets the connection)")
	c.inbox.change(func() { c.mine = true })
	c.tcp.raw.reset()
	c.hangUp()
}

// Stall stops reading from the network, as a phone in a tunnel does: what the server sends
// fills the network's buffer, see [Buffer], then its writes wait.
func (c *Client) Stall() {
	c.w.event(c.name, "    (stops reading)")
	c.tcp.raw.stall(true)
}

// Resume reads again.
func (c *Client) Resume() {
	c.w.event(c.name, "    (reads again)")
	c.tcp.raw.stall(false)
}

// BlackHole swallows both directions from now on: writes succeed, nothing arrives, and
// neither side ever sees an end, until [Client.Heal].
func (c *Client) BlackHole() {
	c.w.event(c.name, "    (black hole)")
	c.tcp.raw.swallow()
}

// Heal ends BlackHole: what was swallowed arrives after all, as TCP sends it again.
func (c *Client) Heal() {
	c.w.event(c.name, "    (black hole ends)")
	c.tcp.raw.unswallow()
}

// SetLatency changes how long each byte is under way, from now on. What is under way already
// arrives when it would have, and nothing overtakes it.
func (c *Client) SetLatency(each time.Duration) {
	c.w.event(c.name, fmt.Sprintf("    (latency %v)", each))
	c.tcp.raw.setLatency(each)
}

// String shows a frame as the timeline does.
func (f Frame) String() string {
	what := Message{Kind: Kind(f.Opcode), Data: f.Payload}.String()
	switch f.Opcode {
	case OpContinuation:
		what = "continuation " + showText(f.Payload)
	case OpText:
		what = "text " + what
	case OpClose:
		what = "close " + showBinary(f.Payload)
	}
	if !f.Fin {
		what += " (more follows)"
	}
	if f.RSV != 0 {
		what += fmt.Sprintf(" (RSV %03b)", f.RSV&7)
	}
	if !f.Masked {
		what += " (not masked)"
	}
	return what
}
