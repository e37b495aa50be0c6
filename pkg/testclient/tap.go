package testclient

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"sync"
)

// tapConn writes what passes over a connection into the timeline.
type tapConn struct {
	net.Conn
	up, down *tap
	w        *World
	name     string
	once     sync.Once
}

func tapped(w *World, name string, c net.Conn) *tapConn {
	return &tapConn{
		Conn: c, w: w, name: name,
		up:   &tap{w: w, name: name, arrow: "──▶ ", server: false},
		down: &tap{w: w, name: name, arrow: "◀── ", server: true},
	}
}

func (c *tapConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.down.feed(b[:n])
	if err != nil && !isTimeout(err) {
		c.once.Do(func() { c.w.event(c.name, "◀── (TCP ends)") })
	}
	return n, err
}

func (c *tapConn) Write(b []byte) (int, error) {
	c.up.feed(b)
	return c.Conn.Write(b)
}

func (c *tapConn) Close() error {
	c.once.Do(func() { c.w.event(c.name, "──▶ (ends TCP)") })
	return c.Conn.Close()
}

func isTimeout(err error) bool {
	e, ok := err.(net.Error) //nolint:errorlint // as package net returns it
	return ok && e.Timeout()
}

// tap takes one direction of a connection apart: the head of an HTTP message, then frames.
// What it does not understand it leaves.
type tap struct {
	w      *World
	name   string
	arrow  string
	server bool

	mu     sync.Mutex // guards what follows
	buf    []byte
	framed bool
	lost   bool
}

func (t *tap) feed(b []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lost {
		return
	}
	t.buf = append(t.buf, b...)
	for len(t.buf) > 0 && t.next() {
	}
}

// next takes what is whole from the buffer.
func (t *tap) next() bool {
	if !t.framed {
		head, rest, whole := bytes.Cut(t.buf, []byte("\r\n\r\n"))
		if whole {
			t.head(head)
			t.buf, t.framed = rest, true
		}
		return whole
	}
	r := bytes.NewReader(t.buf)
	f, err := readAnyFrame(r)
	if err != nil {
		return false
	}
	t.buf = t.buf[len(t.buf)-r.Len():]
	t.w.add(t.name, t.arrow, f.glimpse())
	return true
}

// head notes a request or an answer.
func (t *tap) head(b []byte) {
	r := bufio.NewReader(bytes.NewReader(append(b, "\r\n\r\n"...)))
	if !t.server {
		if req, err := http.ReadRequest(r); err == nil {
			t.w.event(t.name, t.arrow+request(req))
		}
		return
	}
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		return
	}
	_ = resp.Body.Close()
	t.w.event(t.name, t.arrow+statusLine(resp.StatusCode))
	t.lost = resp.StatusCode != http.StatusSwitchingProtocols
}
