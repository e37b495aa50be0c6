package chattest

import (
	"encoding/json"
	"time"

	"wsworkshop/pkg/testclient"
)

// Client is one connection of a client, and what its welcome said.
type Client struct {
	*testclient.Client
	ID, Room string
	Since    Since // what it asked for
	Welcome

	s *Server
}

// Welcome is what a server says first, from step 07 on.
type Welcome struct {
	Session    string
	Resumed    bool
	Reason     string // why not all that was asked for could be had
	Reconnects int
}

// greet reads the welcome.
func (c *Client) greet() {
	c.ReadWelcome(c.Expect("a welcome, before anything else", IsType("welcome")))
}

// ReadWelcome takes a welcome apart that the test has read by itself.
func (c *Client) ReadWelcome(m testclient.Message) {
	if c.s.noSessions {
		return
	}
	got := Parse(m)
	var data struct {
		Resumed    *bool
		Reason     string
		Reconnects int
	}
	if err := json.Unmarshal(got.Data, &data); err != nil || data.Resumed == nil {
		c.s.w.Fatalf("%s got %s: its data must be an object, with resumed true or false", c.Name(), m)
	}
	c.Welcome = Welcome{got.SessionID, *data.Resumed, data.Reason, data.Reconnects}
}

// Leave ends the connection with a close frame, code 1000, and lets the second pass in which
// the server must notice.
func (c *Client) Leave() {
	c.Close(1000, "")
	c.s.w.Sleep(takesPart)
}

// Vanish ends the connection without a close frame, as a crash does, and lets a second pass.
func (c *Client) Vanish() {
	c.Cut()
	c.s.w.Sleep(takesPart)
}

// Within returns the same client with another patience; see [testclient.Client.Within].
func (c *Client) Within(d time.Duration) *Client { return c.with(c.Client.Within(d)) }

// PassingOver returns the same client as one that does not mind messages that match.
func (c *Client) PassingOver(match func(testclient.Message) bool) *Client {
	return c.with(c.Client.PassingOver(match))
}

// Ignoring returns the same client as one that does not mind messages of these types.
func (c *Client) Ignoring(types ...string) *Client { return c.PassingOver(IsType(types...)) }

func (c *Client) with(as *testclient.Client) *Client {
	same := *c
	same.Client = as
	return &same
}
