package chattest

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"

	"wsworkshop/pkg/testclient"
)

// fallback is what a client has that came without a WebSocket: it hears by an event stream and
// says each message in a request of its own. Copies of the client share it.
type fallback struct {
	opts    []testclient.DialOption // of the stream: they hold for the requests too
	greeted chan struct{}           // closed once welcome is known
	welcome Welcome
}

// EventsPath is where a client asks for its event stream. Empty values are left out.
func EventsPath(id, room string, since Since) string { return path("/events/", id, room, since) }

// JoinEvents is [Server.Join] over an event stream. Expectations of such a client are those of
// any other. What it says goes in a POST, on a connection of its own, which must be answered
// with 204. Its options hold for those requests too.
func (s *Server) JoinEvents(id, room string, opts ...testclient.DialOption) *Client {
	c := s.ArriveEvents(id, room, Since{}, opts...)
	s.w.Sleep(takesPart)
	return c
}

// ResumeEvents is [Server.Resume] over an event stream. The earlier connection may have been a
// WebSocket.
func (s *Server) ResumeEvents(c *Client, last string, opts ...testclient.DialOption) *Client {
	return s.ArriveEvents(c.ID, c.Room, Since{c.Session, last}, opts...)
}

// ArriveEvents is [Server.Arrive] over an event stream.
func (s *Server) ArriveEvents(id, room string, since Since, opts ...testclient.DialOption) *Client {
	name := s.nextName(id)
	s.visits[id]++
	c := s.dialEvents(name, id, room, since, opts)
	c.greet()
	return c
}

func (s *Server) dialEvents(name, id, room string, since Since, opts []testclient.DialOption) *Client {
	c := &Client{s: s, ID: id, Room: room, Since: since, fallback: &fallback{opts: opts, greeted: make(chan struct{})}}
	opts = slices.Concat([]testclient.DialOption{testclient.As(name), testclient.AnswerBy(c.answer)}, opts)
	c.Client = s.Events(EventsPath(id, room, since), opts...)
	return c
}

// greetedWith lets the client answer by itself from now on.
func (f *fallback) greetedWith(w Welcome) {
	f.welcome = w
	close(f.greeted)
}

// answer posts what the client's manners say, such as those of [AnswerHeartbeats], once the welcome
// is read. The test goes on whatever the server answers.
func (c *Client) answer(text string) {
	select {
	case <-c.fallback.greeted:
		_, _ = c.s.TryGet(c.postPath(), c.postOptions(c.fallback.welcome, text)...)
	case <-c.s.w.Context().Done():
	}
}

// PostMessage sends any body to the server as a message from the client, and returns any answer.
// Session and Instance of c are in the headers; see [Client.Claiming].
func (c *Client) PostMessage(body string, opts ...testclient.DialOption) *testclient.Response {
	if c.fallback == nil {
		panic("chattest: PostMessage is for clients of an event stream; " + c.Name() + " has a WebSocket")
	}
	return c.s.Get(c.postPath(), slices.Concat(c.postOptions(c.Welcome, body), opts)...)
}

// Claiming returns the same client as one whose requests name another session and instance. An
// empty one is left out.
func (c *Client) Claiming(session, instance string) *Client {
	same := *c
	same.Session, same.Instance = session, instance
	return &same
}

func (c *Client) postPath() string { return "/events/" + url.PathEscape(c.ID) }

func (c *Client) postOptions(as Welcome, body string) []testclient.DialOption {
	ip, _, _ := net.SplitHostPort(c.Addr().String())
	opts := slices.Concat(c.fallback.opts, []testclient.DialOption{
		testclient.As(c.Name()), testclient.From(ip), testclient.Method(http.MethodPost), testclient.Body(body),
	})
	if c.patience > 0 {
		opts = append(opts, testclient.Patience(c.patience))
	}
	for key, value := range map[string]string{"Chat-Session": as.Session, "Chat-Instance": as.Instance} {
		if value != "" {
			opts = append(opts, testclient.Header(key, value))
		}
	}
	return opts
}

// mustPost is PostMessage for messages that the server must accept.
func (c *Client) mustPost(body string) {
	if resp := c.PostMessage(body); resp.Status != http.StatusNoContent {
		c.s.w.Fatalf("%s's message should have been answered 204 No Content; the answer was %d %s, %q",
			c.Name(), resp.Status, http.StatusText(resp.Status), resp.Body)
	}
}

// ExpectEnd waits for the event that announces the end of the client's event stream, passing over
// what comes before, and for that end. The announcement must have this code, and a reason. why
// completes the failure.
func (c *Client) ExpectEnd(code int, why string) {
	if c.fallback == nil {
		panic("chattest: ExpectEnd is for clients of an event stream; use ExpectClose for " + c.Name())
	}
	m := c.Await(fmt.Sprintf(`event close {"code":%d,"reason":"…"} (%s)`, code, why),
		func(m testclient.Message) bool { return m.Event == "close" })
	var end struct {
		Code   int
		Reason string
	}
	_ = m.JSON(&end)
	if end.Code != code || end.Reason == "" {
		c.s.w.Fatalf("%s got %s, want code %d and a reason: %s", c.Name(), m, code, why)
	}
	c.ExpectStreamEnd()
}
