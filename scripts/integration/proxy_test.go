//go:build integration

package integration

import (
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// proxy is a network between a page and its server that can be hurt.
type proxy struct {
	url string // of the server, through the proxy

	hole chan struct{} // closed when whatever arrives is swallowed
	over chan struct{} // closed by the first cut
	end  func()        // closes over, once

	mu     sync.Mutex
	target string
	down   bool // new connections are cut at once
	conns  map[net.Conn]bool
}

// through puts a proxy before a server. It ends with the test.
func through(t *testing.T, s *server) *proxy {
	t.Helper()
	target, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{
		url:    "http://" + ln.Addr().String() + "/",
		target: target.Host,
		hole:   make(chan struct{}),
		over:   make(chan struct{}),
		conns:  map[net.Conn]bool{},
	}
	p.end = sync.OnceFunc(func() { close(p.over) })
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			running.Go(func() { p.serve(conn) })
		}
	})
	t.Cleanup(func() {
		ln.Close()
		p.cut()
		running.Wait()
	})
	return p
}

// cut ends all connections without a closing handshake, and lets nobody through until mend.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = true
	p.end()
	for conn := range p.conns {
		conn.Close()
	}
}

func (p *proxy) mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = false
}

// to sends new connections to another server.
func (p *proxy) to(s *server) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = strings.TrimSuffix(strings.TrimPrefix(s.url, "http://"), "/")
}

// swallow lets nothing more through, in either direction, not even an end, until the first cut.
func (p *proxy) swallow() {
	close(p.hole)
}

func (p *proxy) serve(near net.Conn) {
	defer p.forget(near)
	if !p.add(near) {
		return
	}
	p.mu.Lock()
	target := p.target
	p.mu.Unlock()
	far, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer p.forget(far)
	if !p.add(far) {
		return
	}
	// When either side ends, both do.
	var both sync.WaitGroup
	both.Go(func() { p.copy(near, far); far.Close() })
	both.Go(func() { p.copy(far, near); near.Close() })
	both.Wait()
}

func (p *proxy) copy(from, to net.Conn) {
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		select {
		case <-p.hole:
			io.Copy(io.Discard, from)
			<-p.over
			return
		default:
		}
		if n > 0 {
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// add notes a connection for cut, unless that has been already.
func (p *proxy) add(conn net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		return false
	}
	p.conns[conn] = true
	return true
}

func (p *proxy) forget(conn net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, conn)
	conn.Close()
}
