package chat_test

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/03"
)

// server is a server under test: clients dial it, and chat is what Go code may ask.
type server struct {
	*testclient.Server
	w    *testclient.World
	chat *chat.Server

	arrivals int // how often arrive was called
}

// run is a test in virtual time with a fresh server.
func run(t *testing.T, cfg chat.Config, fn func(w *testclient.World, s *server)) {
	testclient.Run(t, func(w *testclient.World) {
		cfg.Logger = w.Logger()
		c, err := chat.New(cfg)
		require.NoError(w, err, "chat.New")
		fn(w, &server{Server: w.Serve(c), w: w, chat: c})
	})
}

// path is where a client asks for its connection; an empty room leaves room_id out.
func path(id, room string) string {
	if room == "" {
		return "/ws/" + url.PathEscape(id)
	}
	return "/ws/" + url.PathEscape(id) + "?room_id=" + url.QueryEscape(room)
}

// join has a client join a room and lets a second pass: by then the server must have it.
func (s *server) join(id, room string, opts ...testclient.DialOption) *testclient.Client {
	s.w.Helper()
	c := s.Dial(path(id, room), append(opts, testclient.As(id))...)
	s.w.Sleep(time.Second)
	return c
}

// leave ends a client's connection, with a farewell or without one, and lets a second pass.
func (s *server) leave(c *testclient.Client, farewell bool) {
	if farewell {
		c.Close(1000, "")
	} else {
		c.Cut()
	}
	s.w.Sleep(time.Second)
}

// hear expects exactly these texts, in this order, and then nothing for a second.
func (s *server) hear(c *testclient.Client, texts ...string) {
	s.w.Helper()
	for _, text := range texts {
		c.Expect(strconv.Quote(text), func(m testclient.Message) bool {
			return m.Kind == testclient.Text && m.Text() == text
		})
	}
	c.Silence(time.Second)
}

// show writes rooms as "den[ana bob] lobby[carol]", in the order in which they come.
func show(rooms []chat.Room) string {
	var list []string
	for _, room := range rooms {
		var ids []string
		for _, m := range room.Members {
			ids = append(ids, m.ID)
		}
		list = append(list, fmt.Sprintf("%s[%s]", room.ID, strings.Join(ids, " ")))
	}
	return strings.Join(list, " ")
}
