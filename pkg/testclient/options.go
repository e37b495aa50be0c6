package testclient

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// dialing is what the options of one dial add up to.
type dialing struct {
	name       string
	ip         net.IP
	header     http.Header
	method     string
	body       string
	http10     bool
	room       int
	latency    time.Duration
	patience   time.Duration
	answerBy   func(string)
	noAutoPong bool

	noAutoClose bool
}

// defaultBuffer is about what a kernel gives a TCP socket.
const defaultBuffer = 64 << 10

// DialOption changes one connection.
type DialOption func(*dialing)

// As names the client in the timeline and in failures. Without it clients are called
// client1, client2, ….
func As(name string) DialOption { return func(d *dialing) { d.name = name } }

// From has the client come from an IP address. Without it clients come from
// 198.51.100.1, 198.51.100.2, …. Use addresses of documentation: 192.0.2.0/24,
// 198.51.100.0/24 and 203.0.113.0/24.
func From(ip string) DialOption {
	parsed := net.ParseIP(ip)
	if parsed == nil {
		panic(fmt.Sprintf("testclient.From(%q): not an IP address", ip))
	}
	return func(d *dialing) { d.ip = parsed }
}

// Header sets a header of the request, in the place of the one that the handshake has by
// itself; given twice, a header goes twice. "Host" replaces the host.
//
// Where a test offers an extension (Sec-WebSocket-Extensions) and the server agrees, messages
// arrive as they are on the wire: testclient itself speaks no extension.
//
// Header panics for Content-Length, Transfer-Encoding and Trailer: net/http would leave them out.
func Header(key, value string) DialOption {
	switch http.CanonicalHeaderKey(key) {
	case "Content-Length", "Transfer-Encoding", "Trailer":
		panic(fmt.Sprintf("testclient.Header(%q): net/http would not send it", key))
	}
	return func(d *dialing) { d.header.Add(key, value) }
}

// Subprotocol offers subprotocols, best first.
func Subprotocol(names ...string) DialOption {
	return func(d *dialing) {
		const key = "Sec-WebSocket-Protocol"
		offered := append(d.header.Values(key), names...)
		d.header.Set(key, strings.Join(offered, ", "))
	}
}

// Cookie adds a cookie to the request.
func Cookie(name, value string) DialOption {
	return func(d *dialing) {
		(&http.Request{Header: d.header}).AddCookie(&http.Cookie{Name: name, Value: value})
	}
}

// Method replaces the request's method, which is GET.
func Method(name string) DialOption { return func(d *dialing) { d.method = name } }

// Body gives the request a body, with its Content-Length.
func Body(text string) DialOption { return func(d *dialing) { d.body = text } }

// HTTP10 sends the request as HTTP/1.0. RFC 9110, section 7.8, has servers ignore Upgrade in
// such a request.
func HTTP10() DialOption { return func(d *dialing) { d.http10 = true } }

// Buffer sets how many bytes the network holds each way before a write waits. Without it
// they are 64 KiB.
func Buffer(bytes int) DialOption { return func(d *dialing) { d.room = max(1, bytes) } }

// Latency sets how long each byte is under way.
func Latency(each time.Duration) DialOption { return func(d *dialing) { d.latency = each } }

// Patience sets how long the answer to the request may take. Without it that is a second.
// [Client.Within] is for what comes later.
func Patience(d time.Duration) DialOption { return func(o *dialing) { o.patience = d } }

// NoAutoPong has the client leave pings unanswered.
func NoAutoPong() DialOption { return func(d *dialing) { d.noAutoPong = true } }

// NoAutoClose has the client leave the server's close frame unanswered.
func NoAutoClose() DialOption { return func(d *dialing) { d.noAutoClose = true } }

// with returns d with more options.
func (d *dialing) with(opts []DialOption) *dialing {
	more := *d
	more.header = d.header.Clone()
	for _, opt := range opts {
		opt(&more)
	}
	return &more
}

// options adds opts up. Only what has a name of its own, or asks for one, is counted.
func (s *Server) options(opts []DialOption) *dialing {
	d := &dialing{header: http.Header{}, room: defaultBuffer, patience: patience}
	for _, opt := range opts {
		opt(d)
	}
	s.w.mu.Lock()
	s.w.clients++
	n := s.w.clients
	s.w.mu.Unlock()
	if d.name == "" {
		d.name = fmt.Sprintf("client%d", n)
	}
	if d.ip == nil {
		d.ip = net.IPv4(198, 51, 100, byte((n-1)%254+1))
	}
	return d
}
