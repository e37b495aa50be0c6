package testpage

import (
	"encoding/binary"
	"errors"
	"net/url"
	"time"

	"github.com/grafana/sobek"

	"wsworkshop/pkg/testclient"
)

// How long a closing handshake may take, and then the end of TCP, before the page gives up:
// what Chromium allows.
const (
	closeWithin = 60 * time.Second
	endWithin   = 2 * time.Second
)

// socket is what a script's WebSocket stands on. The loop owns it.
type socket struct {
	t       *tab
	sink    *sobek.Object
	cancel  func()
	client  *testclient.Client // once the server has agreed
	closing bool               // the page has asked for the end
	got     *testclient.CloseInfo
	over    bool
}

// connect begins a handshake, for host.connect(url, offered, sink).
func (t *tab) connect(call sobek.FunctionCall) sobek.Value {
	var offered []string
	if err := t.loop.vm.ExportTo(call.Argument(1), &offered); err != nil {
		panic(err)
	}
	t.loop.asks()
	sink := call.Argument(2).ToObject(t.loop.vm)
	ctx, cancel := contextOf(t)
	s := &socket{t: t, sink: sink, cancel: cancel}
	t.sockets = append(t.sockets, s)
	address := call.Argument(0).String() // call is good until the return only
	path, ours := t.pathOf(address)
	opts := []testclient.DialOption{}
	if len(offered) > 0 {
		opts = append(opts, testclient.Subprotocol(offered...))
	}
	go func() {
		if !ours {
			t.w.NoteBy(t.link.Name(), "──▶ %s ◀── (nobody is there)", address)
			t.loop.post(func() { s.closed(true, 1006, "", false) })
			return
		}
		c, err := t.link.WebSocket(ctx, path, opts...)
		if err != nil {
			t.loop.post(func() { s.closed(true, 1006, "", false) })
			return
		}
		if !t.loop.post(func() { s.opened(c) }) {
			return
		}
		s.pump(c)
	}()
	return s.handle()
}

// pathOf returns the path of an address, and whether it leads to the page's server.
func (t *tab) pathOf(address string) (string, bool) {
	u, err := url.Parse(address)
	server, bad := url.Parse(t.s.URL())
	if err != nil || bad != nil {
		return "", false
	}
	secure := u.Scheme == "wss" || u.Scheme == "https"
	return u.RequestURI(), u.Host == server.Host && secure == (server.Scheme == "https")
}

// pump brings what the server sends to the loop, until the connection ends.
func (s *socket) pump(c *testclient.Client) {
	for {
		m, err := c.Read()
		var closed *testclient.CloseError
		switch {
		case errors.As(err, &closed):
			s.t.loop.post(func() { s.serverCloses(closed.CloseInfo) })
		case err != nil:
			s.t.loop.post(s.ended)
			return
		case m.Kind == testclient.Text:
			s.t.loop.post(func() { s.call("text", s.t.loop.vm.ToValue(m.Text())) })
		case m.Kind == testclient.Binary:
			s.t.loop.post(func() { s.call("binary", s.t.loop.vm.ToValue(s.t.loop.vm.NewArrayBuffer(m.Data))) })
		}
	}
}

// handle is what the script's WebSocket does to it.
func (s *socket) handle() sobek.Value {
	vm := s.t.loop.vm
	handle := vm.NewObject()
	for name, value := range map[string]any{
		"text":   func(text string) { s.post(testclient.TextFrame(text)) },
		"binary": func(b sobek.ArrayBuffer) { s.post(testclient.BinaryFrame(b.Bytes())) },
		"close":  func(code int, reason string) { s.close(code, reason) },
	} {
		if err := handle.Set(name, value); err != nil {
			panic(err)
		}
	}
	return handle
}

func (s *socket) post(f testclient.Frame) {
	s.t.loop.asks()
	if s.client != nil {
		s.client.Post(f)
	}
}

// call has the script's WebSocket take an event.
func (s *socket) call(method string, args ...sobek.Value) {
	if s.over && method != "closed" {
		return
	}
	f, _ := sobek.AssertFunction(s.sink.Get(method))
	if _, err := f(s.sink, args...); err != nil {
		s.t.uncaught(theScript, err)
	}
}

func (s *socket) opened(c *testclient.Client) {
	if s.over {
		c.Cut()
		return
	}
	s.client = c
	s.call("opened", s.t.loop.vm.ToValue(c.Response().Header.Get("Sec-WebSocket-Protocol")))
}

// close begins the closing handshake, or gives up a connection that is not open yet.
func (s *socket) close(code int, reason string) {
	if s.client == nil {
		s.cancel()
		s.t.loop.post(func() { s.closed(true, 1006, "", false) })
		return
	}
	var payload []byte
	if code != 0 {
		payload = append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...)
	} else if reason != "" {
		payload = append(binary.BigEndian.AppendUint16(nil, 1000), reason...)
	}
	s.closing = true
	s.post(testclient.NewFrame(testclient.OpClose, payload))
	s.giveUpAfter(closeWithin)
}

// serverCloses takes the server's close frame, the first or the answer to the page's own.
func (s *socket) serverCloses(info testclient.CloseInfo) {
	s.got = &info
	s.call("closing")
	s.giveUpAfter(endWithin)
}

// giveUpAfter ends TCP if it has not ended by then.
func (s *socket) giveUpAfter(d time.Duration) {
	s.t.arm(&timer{}, d, false, func() {
		if !s.over {
			s.client.Cut()
			s.ended()
		}
	})
}

// ended is the end of TCP.
func (s *socket) ended() {
	if s.got == nil {
		s.closed(true, 1006, "", false)
		return
	}
	s.closed(false, s.got.Code, s.got.Reason, true)
}

func (s *socket) closed(failed bool, code int, reason string, clean bool) {
	if s.over {
		return
	}
	s.over = true
	s.cancel()
	vm := s.t.loop.vm
	s.call("closed", vm.ToValue(failed), vm.ToValue(code), vm.ToValue(reason), vm.ToValue(clean))
}
