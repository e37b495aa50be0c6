package chattest

import (
	"encoding/json"
	"strings"

	"wsworkshop/pkg/testclient"
)

// outgoing is what a client sends.
type outgoing struct {
	Type string `json:"type"`
	To   string `json:"to,omitempty"`
	Data string `json:"data"`
}

// Say sends a message to the client's room.
func (c *Client) Say(text string) { c.SendJSON(outgoing{Type: "message", Data: text}) }

// Shout sends a message to the clients of all rooms.
func (c *Client) Shout(text string) { c.SendJSON(outgoing{Type: "broadcast", Data: text}) }

// Tell sends a message to one client.
func (c *Client) Tell(to, text string) { c.SendJSON(outgoing{Type: "direct", To: to, Data: text}) }

// SendJSON sends v as a message.
func (c *Client) SendJSON(v any) {
	if c.fallback == nil {
		c.Client.SendJSON(v)
		return
	}
	body, err := json.Marshal(v)
	if err != nil {
		c.s.w.Fatalf("%s cannot send %+v: %v", c.Name(), v, err)
	}
	c.mustPost(string(body))
}

// Send sends a text as a message, whatever it is.
func (c *Client) Send(text string) {
	if c.fallback == nil {
		c.Client.Send(text)
		return
	}
	c.mustPost(text)
}

// Hear expects exactly these messages next, each as [Message.String] writes it, and returns
// the id of the last.
func (c *Client) Hear(lines ...string) (last string) {
	for _, line := range lines {
		got := c.Expect(describe(line), func(m testclient.Message) bool { return Parse(m).String() == line })
		last = Parse(got).ID
	}
	return last
}

// Received takes what has arrived by now and returns those of one of the types.
func (c *Client) Received(types ...string) []Message {
	var list []Message
	for _, m := range c.Drain() {
		if IsType(types...)(m) {
			list = append(list, Parse(m))
		}
	}
	return list
}

// ExpectLeft takes what has arrived by now, and fails unless the client was told exactly once
// that another has left.
func (c *Client) ExpectLeft(id string) {
	told := 0
	var heard []string
	for _, m := range c.Received("system") {
		heard = append(heard, m.Text())
		if m.Text() == id+" left" {
			told++
		}
	}
	switch {
	case told == 0:
		c.s.w.Lacks(c.Name(), "%s should have been told that %s has left; the notices so far: %s", c.Name(), id, orNone(heard))
	case told > 1:
		c.s.w.Fatalf("%s was told %d times that %s has left, want once", c.Name(), told, id)
	}
}

func orNone(words []string) string {
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, ", ")
}
