package chattest

import (
	"encoding/json"
	"time"

	"wsworkshop/pkg/testclient"
)

// Client is one connection of a client, and what its welcome said. [Server.Join] connects by
// WebSocket, [Server.JoinEvents] by the fallback of step 09.
type Client struct {
	*testclient.Client
	ID, Room string
	Since    Since // what it asked for
	Welcome

	s        *Server
	fallback *fallback     // nil for a WebSocket
	patience time.Duration // set by Within; zero: the usual
}

// Welcome is what a server says first, from step 07 on.
type Welcome struct {
	Session    string
	Resumed    bool
	Reason     string // why not all that was asked for could be had
	Reconnects int
	Instance   string // of the server; requests name it
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
		Instance   string
	}
	if err := json.Unmarshal(got.Data, &data); err != nil || data.Resumed == nil {
		c.s.w.Fatalf("%s got %s: its data must be an object, with resumed true or false", c.Name(), m)
	}
	c.Welcome = Welcome{got.SessionID, *data.Resumed, data.Reason, data.Reconnects, data.Instance}
	if c.fallback == nil {
		return
	}
	if c.Session == "" || c.Instance == "" {
		c.s.w.Fatalf("%s got %s: it must have a session_id, and its data an instance; requests name both", c.Name(), m)
	}
	c.fallback.greetedWith(c.Welcome)
}

// Leave ends the connection with a close frame, code 1000, and lets the second pass in which
// the server must notice. An event stream has no close frame, and is cut.
func (c *Client) Leave() {
	if c.fallback != nil {
		c.Vanish()
		return
	}
	c.Close(1000, "")
	c.s.w.Sleep(takesPart)
}

// Vanish ends the connection without a close frame, as a crash does, and lets a second pass.
func (c *Client) Vanish() {
	c.Cut()
	c.s.w.Sleep(takesPart)
}

// Within returns the same client with another patience; see [testclient.Client.Within].
func (c *Client) Within(d time.Duration) *Client {
	same := c.with(c.Client.Within(d))
	same.patience = d
	return same
}

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
