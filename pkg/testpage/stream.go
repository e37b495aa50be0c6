package testpage

import (
	"context"
	"errors"

	"github.com/grafana/sobek"

	"wsworkshop/pkg/testclient"
)

// stream is one connection of a script's EventSource. The loop owns it.
type stream struct {
	t      *tab
	sink   *sobek.Object
	cancel context.CancelFunc
	client *testclient.Client // once the server has answered with an event stream
	over   bool
}

// askStream asks for an event stream, for host.stream(url, lastEventId, sink), and returns what
// ends it.
func (t *tab) askStream(call sobek.FunctionCall) sobek.Value {
	t.loop.asks()
	ctx, cancel := contextOf(t)
	s := &stream{t: t, sink: call.Argument(2).ToObject(t.loop.vm), cancel: cancel}
	t.source = s
	address, lastEventID := call.Argument(0).String(), call.Argument(1).String()
	go s.run(ctx, address, lastEventID)
	return t.loop.vm.ToValue(s.close)
}

// run asks for the stream and brings what the server sends to the loop, until the stream ends.
func (s *stream) run(ctx context.Context, address, lastEventID string) {
	c, err := s.ask(ctx, address, lastEventID)
	var refused *testclient.RefusedError
	switch {
	case errors.As(err, &refused):
		s.t.loop.post(func() { s.last("refused") })
		return
	case err != nil:
		s.t.loop.post(func() { s.last("ended", lastEventID, -1) })
		return
	}
	if !s.t.loop.post(func() { s.opened(c) }) {
		return
	}
	for {
		m, err := c.Read()
		if err != nil {
			break
		}
		s.t.loop.post(func() { s.event(m) })
	}
	id, after := c.Reconnection()
	s.t.loop.post(func() { s.last("ended", id, milliseconds(after)) })
}

// ask makes the request with the headers that Chromium sets. It sends no-cache, although the
// cache mode is called no-store.
func (s *stream) ask(ctx context.Context, address, lastEventID string) (*testclient.Client, error) {
	path, ours := s.t.pathOf(address)
	if !ours {
		s.t.w.NoteBy(s.t.link.Name(), "──▶ %s ◀── (nobody is there)", address)
		return nil, errNobody
	}
	opts := []testclient.DialOption{testclient.Header("Cache-Control", "no-cache")}
	if lastEventID != "" {
		opts = append(opts, testclient.Header("Last-Event-ID", lastEventID))
	}
	return s.t.link.Events(ctx, path, opts...)
}

// errNobody is for addresses that lead to no server.
var errNobody = errors.New("nobody is there")

func (s *stream) opened(c *testclient.Client) {
	if s.over {
		c.Cut()
		return
	}
	s.client = c
	s.call("opened")
}

// close ends the stream for the script, which hears no more of it.
func (s *stream) close() {
	if s.over {
		return
	}
	s.over = true
	s.cancel()
	if s.client != nil {
		s.client.Cut()
	}
}

// last tells the script's EventSource how the stream has ended.
func (s *stream) last(method string, args ...any) {
	if s.over {
		return
	}
	s.over = true
	s.cancel()
	s.call(method, args...)
}

// event brings an event to the script's EventSource.
func (s *stream) event(m testclient.Message) {
	if !s.over {
		s.call("event", m.Event, m.Text(), m.EventID)
	}
}

// call calls a method of the sink.
func (s *stream) call(method string, args ...any) {
	var values []sobek.Value
	for _, arg := range args {
		values = append(values, s.t.loop.vm.ToValue(arg))
	}
	f, _ := sobek.AssertFunction(s.sink.Get(method))
	if _, err := f(s.sink, values...); err != nil {
		s.t.uncaught(theScript, err)
	}
}
