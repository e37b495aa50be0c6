package chattest

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"

	"wsworkshop/pkg/testclient"
)

// takesPart is how long the Contract gives a server until a client takes part, or has left.
const takesPart = time.Second

// Server is a server under test. Its methods are for one goroutine at a time, except
// [Server.ArriveAs] and [Server.Rusher].
type Server struct {
	*testclient.Server
	w          *testclient.World
	visits     map[string]int // by client id
	noSessions bool
}

// Serve puts a server on the network. cfg is the Config with which it was made: its numbers
// stand in the timeline.
func Serve(w *testclient.World, h http.Handler, cfg any) *Server {
	return server(w, w.Serve(h), cfg)
}

// At is [Serve] for a server that serves by itself, at a listener of [testclient.World.Listen].
func At(w *testclient.World, ln net.Listener, cfg any) *Server { return server(w, w.At(ln), cfg) }

func server(w *testclient.World, s *testclient.Server, cfg any) *Server {
	w.Note("Config: %s", Settings(cfg))
	return &Server{Server: s, w: w, visits: map[string]int{}}
}

// WithoutSessions returns s as the server of a step before 07, whose welcome names no session.
func (s *Server) WithoutSessions() *Server {
	s.noSessions = true
	return s
}

// Settings writes the numbers of a Config that are not zero.
func Settings(cfg any) string {
	var set []string
	v := reflect.ValueOf(cfg)
	for i := range v.NumField() {
		if field := v.Field(i); field.CanInt() && !field.IsZero() {
			set = append(set, fmt.Sprintf("%s %v", v.Type().Field(i).Name, field))
		}
	}
	if set == nil {
		return "all numbers are zero"
	}
	return strings.Join(set, ", ")
}

// Since is what a client says when it comes back: which session it wants to continue, and the
// id of the last message that it got there. The zero value asks for a new session.
type Since struct{ Session, Last string }

// Path is where a client asks for its connection. An empty room leaves room_id out.
func Path(id, room string) string { return path("/ws/", id, room, Since{}) }

func path(base, id, room string, since Since) string {
	query := url.Values{}
	for key, value := range map[string]string{"room_id": room, "session_id": since.Session, "last_message_id": since.Last} {
		if value != "" {
			query.Set(key, value)
		}
	}
	at := base + url.PathEscape(id)
	if len(query) == 0 {
		return at
	}
	return at + "?" + query.Encode()
}

// Join has a client begin a session in a room. When it returns, the client has read its
// welcome, and the second has passed in which the server must let it take part.
func (s *Server) Join(id, room string, opts ...testclient.DialOption) *Client {
	c := s.Arrive(id, room, Since{}, opts...)
	s.w.Sleep(takesPart)
	return c
}

// Resume has the client of an earlier connection come back to its session. last is the id of
// the last message that it got, if it got one. It reads its welcome, and no time passes.
func (s *Server) Resume(c *Client, last string, opts ...testclient.DialOption) *Client {
	return s.Arrive(c.ID, c.Room, Since{c.Session, last}, opts...)
}

// Arrive connects a client and expects its welcome before anything else. No time passes. The
// second connection of bob is called bob-2 in the timeline.
func (s *Server) Arrive(id, room string, since Since, opts ...testclient.DialOption) *Client {
	name := s.nextName(id)
	s.visits[id]++
	return s.ArriveAs(name, id, room, since, opts...)
}

// ArriveAs is Arrive with a name for the timeline. It may be called by several goroutines.
func (s *Server) ArriveAs(name, id, room string, since Since, opts ...testclient.DialOption) *Client {
	c := s.dial(name, id, room, since, opts)
	c.greet()
	return c
}

// dial connects a client under a name of its own.
func (s *Server) dial(name, id, room string, since Since, opts []testclient.DialOption) *Client {
	opts = append([]testclient.DialOption{testclient.As(name)}, opts...)
	return &Client{Client: s.Dial(path("/ws/", id, room, since), opts...), s: s, ID: id, Room: room, Since: since}
}

// nextName is how the next connection of a client is called.
func (s *Server) nextName(id string) string {
	if n := s.visits[id] + 1; n > 1 {
		return fmt.Sprint(id, "-", n)
	}
	return id
}

// ExpectSeat is Join into a room that must have a seat free. why completes the failure.
func (s *Server) ExpectSeat(id, room, why string) *Client {
	upgraded, resp := s.TryDial(Path(id, room), testclient.As(s.nextName(id)))
	if upgraded == nil {
		s.w.Fatalf("%s was refused with status %d (%q), want 101: %s", id, resp.Status, strings.TrimSpace(string(resp.Body)), why)
	}
	s.visits[id]++
	c := &Client{Client: upgraded, s: s, ID: id, Room: room}
	c.greet()
	s.w.Sleep(takesPart)
	return c
}

// ExpectFull fails unless a room has no seat for one more client. why completes the failure.
func (s *Server) ExpectFull(id, room, why string) {
	if c, _ := s.TryDial(Path(id, room), testclient.As(id)); c != nil {
		s.w.Fatalf("%s got into %s, want status 503: %s", id, room, why)
	}
	s.w.Sleep(takesPart)
}

// Rush has one client connect n times at the same instant, to the rooms in turn, and lets a
// second pass. The connections are called "bob 0", "bob 1", …. No welcome has been read then,
// because some of the connections may have ended before theirs.
func (s *Server) Rush(n int, id string, rooms []string, opts ...testclient.DialOption) []*Client {
	all := make([]*Client, n)
	s.w.Rush(n, func(i int) { all[i] = s.Rusher(i, id, rooms[i%len(rooms)], Since{}, opts...) })
	s.w.Sleep(takesPart)
	return all
}

// Rusher is the i-th connection of a [Server.Rush], for a test that has other things happen at
// the same instant. It may be called by several goroutines.
func (s *Server) Rusher(i int, id, room string, since Since, opts ...testclient.DialOption) *Client {
	return s.dial(fmt.Sprint(id, " ", i), id, room, since, opts)
}

// HearNoMore lets a second pass and fails if anything is left that one of these has not read.
func (s *Server) HearNoMore(clients ...*Client) {
	s.w.Sleep(time.Second)
	for _, c := range clients {
		c.Silence(0)
	}
}
