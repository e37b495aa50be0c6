package testclient

import (
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Dial connects and asks for a WebSocket. The test fails if the server refuses.
func (s *Server) Dial(path string, opts ...DialOption) *Client {
	c, resp := s.TryDial(path, opts...)
	if c == nil {
		s.w.fatalAt(focus{who: resp.who}, "%s should have been upgraded to a WebSocket; the server answered %s: %s%s",
			request(resp.req), statusLine(resp.Status), showText(resp.Body), whyRefused(resp))
	}
	return c
}

// Refused asks for a WebSocket that the server must refuse, before the upgrade, with one of
// the statuses.
func (s *Server) Refused(path string, status []int, opts ...DialOption) *Response {
	c, resp := s.TryDial(path, opts...)
	if c != nil {
		s.w.Fatalf("%s should have been refused before the upgrade with %s; the server upgraded it (101).\n"+
			"Once Upgrade has run, a status can no longer be sent.", request(c.upgrade.Request), statusList(status))
	}
	if !slices.Contains(status, resp.Status) {
		s.w.fatalAt(focus{who: resp.who}, "%s was refused with %s, want %s; the body is %s",
			request(resp.req), statusLine(resp.Status), statusList(status), showText(resp.Body))
	}
	return resp
}

func statusList(status []int) string {
	var words []string
	for _, code := range status {
		words = append(words, statusLine(code))
	}
	return strings.Join(words, " or ")
}

// mostOfRefusal bounds the body of a refusal.
const mostOfRefusal = 1 << 20

// TryDial asks for a WebSocket; exactly one of the results is nil.
func (s *Server) TryDial(path string, opts ...DialOption) (*Client, *Response) {
	s.w.checkStopped()
	d := s.options(opts)
	req := s.upgradeRequest(path, d)
	l := s.open(req, d)
	asked := s.w.add(d.name, "──▶ "+request(req), nil)
	resp, err := l.exchange(req, d.patience)
	if err != nil {
		l.raw.kill()
		s.unanswered(d, req, err)
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		defer l.raw.kill()
		body, _ := io.ReadAll(io.LimitReader(resp.Body, mostOfRefusal)) // what came of it is shown
		return nil, s.answered(asked, req, resp, body)
	}
	s.note(asked, "◀── 101")
	if err := checkUpgrade(resp); err != nil {
		s.w.Fatalf("the answer to %s %v", request(req), err)
	}
	return newClient(s.w, d, l, resp, false), nil
}

// upgradeRequest makes the request for a WebSocket.
func (s *Server) upgradeRequest(path string, d *dialing) *http.Request {
	req := s.get(path)
	upgradeHeaders(req.Header, newKey())
	d.apply(req)
	return req
}

func newKey() string {
	nonce := make([]byte, 16)
	_, _ = rand.Read(nonce) // never fails
	return base64.StdEncoding.EncodeToString(nonce)
}

func upgradeHeaders(h http.Header, key string) {
	h.Set("Connection", "Upgrade")
	h.Set("Upgrade", "websocket")
	h.Set("Sec-WebSocket-Version", "13")
	h.Set("Sec-WebSocket-Key", key)
}

// accept computes Sec-WebSocket-Accept (RFC 6455, section 4.2.2).
func accept(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// checkUpgrade checks a 101 as RFC 6455, section 4.1, has clients do. It compares the answer
// with the request that was sent: a test may set any of its headers.
func checkUpgrade(resp *http.Response) error {
	h, sent := resp.Header, resp.Request.Header
	if !strings.EqualFold(h.Get("Upgrade"), "websocket") {
		return fmt.Errorf("has Upgrade: %q, want websocket (RFC 6455, section 4.2.2)", h.Get("Upgrade"))
	}
	if !hasToken(h, "Connection", "upgrade") {
		return fmt.Errorf("has Connection: %q, want Upgrade (RFC 6455, section 4.2.2)", h.Get("Connection"))
	}
	if got, want := h.Get("Sec-WebSocket-Accept"), accept(strings.TrimSpace(sent.Get("Sec-WebSocket-Key"))); got != want {
		return fmt.Errorf("has Sec-WebSocket-Accept: %q, want %q (RFC 6455, section 4.2.2)", got, want)
	}
	if p := h.Get("Sec-WebSocket-Protocol"); p != "" && !slices.Contains(list(sent, "Sec-WebSocket-Protocol"), p) {
		return fmt.Errorf("chose the subprotocol %q, which was not offered (RFC 6455, section 4.1)", p)
	}
	offered := extensions(sent)
	for _, name := range extensions(h) {
		if !slices.Contains(offered, name) {
			return fmt.Errorf("uses the extension %q, which was not offered (RFC 6455, section 4.1)", name)
		}
	}
	return nil
}

// list returns the elements of a header that is a list, as Sec-WebSocket-Protocol is.
func list(h http.Header, key string) []string {
	var all []string
	for _, value := range h.Values(key) {
		for part := range strings.SplitSeq(value, ",") {
			if part = strings.TrimSpace(part); part != "" {
				all = append(all, part)
			}
		}
	}
	return all
}

// extensions returns the names in Sec-WebSocket-Extensions, without their parameters.
func extensions(h http.Header) []string {
	names := list(h, "Sec-WebSocket-Extensions")
	for i, name := range names {
		name, _, _ = strings.Cut(name, ";")
		names[i] = strings.TrimSpace(name)
	}
	return names
}

func hasToken(h http.Header, key, token string) bool {
	return slices.ContainsFunc(list(h, key), func(s string) bool { return strings.EqualFold(s, token) })
}

// whyRefused tells the usual cause of a status.
func whyRefused(resp *Response) string {
	switch resp.Status {
	case http.StatusOK:
		return "\nThe handler answered as if for a page: call Upgrade before anything is written."
	case http.StatusNotFound:
		return "\nNo route matches this path."
	case http.StatusForbidden:
		if origin := resp.req.Header.Get("Origin"); origin != "" {
			return fmt.Sprintf("\nCheckOrigin refuses with 403 when the Origin header names another host. "+
				"This request has Origin: %s and Host: %s.", origin, resp.req.Host)
		}
	case http.StatusInternalServerError:
		return "\nUpgrade refuses with 500 when a middleware hides the http.Hijacker."
	}
	return ""
}

// newClient takes over a connection that has been upgraded; read tells whether a program is
// to read it.
func newClient(w *World, d *dialing, l *connection, resp *http.Response, read bool) *Client {
	c := newPeer(w, d, l, resp)
	c.read, c.answer = read, func(text string) { c.sends(text) }
	if len(extensions(resp.Header)) > 0 {
		c.reserved = 7
	}
	go c.readLoop()
	go c.writeLoop()
	return &Client{c, patience, nil}
}

// newPeer makes what reads a connection from now on. Nothing reads yet.
func newPeer(w *World, d *dialing, l *connection, resp *http.Response) *peer {
	head := l.read.n - int64(l.br.Buffered())
	if l.conn == l.raw {
		l.raw.in.countFrom(head)
	} else {
		l.raw.in.countFrom(-1)
	}
	_ = l.conn.SetDeadline(time.Time{}) // the connection is open
	p := &peer{w: w, name: d.name, tcp: l, upgrade: resp, noAutoPong: d.noAutoPong, noAutoClose: d.noAutoClose}
	p.inbox.init()
	p.outbox.init()
	return p
}
