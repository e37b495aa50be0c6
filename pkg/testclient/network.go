package testclient

import (
	"net"
	"slices"
	"sync"
	"syscall"
	"time"
)

// network is what listeners and clients of one World share.
type network struct {
	progress *progress

	mu        sync.Mutex
	listeners map[string]*listener
	conns     []*conn // the clients' ends
	port      int     // the last that a client got
}

func newNetwork(progress *progress) *network {
	return &network{progress: progress, listeners: map[string]*listener{}, port: 50000}
}

// listen opens a listener on the next free server address, 192.0.2.n, port 80.
func (n *network) listen() *listener {
	n.mu.Lock()
	defer n.mu.Unlock()
	ln := &listener{net: n, addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, byte(len(n.listeners)+1)), Port: 80}}
	ln.wake.L = &ln.mu
	n.listeners[ln.addr.String()] = ln
	return ln
}

// dial connects a client at ip to the listener at addr.
func (n *network) dial(name string, ip net.IP, addr string, room int, latency time.Duration) (*conn, error) {
	n.mu.Lock()
	n.port++
	from := &net.TCPAddr{IP: ip, Port: n.port}
	ln := n.listeners[addr]
	n.mu.Unlock()
	refused := &net.OpError{Op: "dial", Net: "tcp", Source: from, Err: syscall.ECONNREFUSED}
	if ln == nil {
		return nil, refused
	}
	refused.Addr = ln.addr
	client, server := newPair(from, ln.addr, room, latency)
	client.name, server.progress = name, n.progress
	if !ln.offer(server) {
		return nil, refused
	}
	n.mu.Lock()
	n.conns = append(n.conns, client)
	n.mu.Unlock()
	return client, nil
}

// forget ends a connection, which then is no client's latest.
func (n *network) forget(c *conn) {
	c.kill()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.conns = slices.DeleteFunc(n.conns, func(other *conn) bool { return other == c })
}

// cut ends every connection.
func (n *network) cut() {
	n.mu.Lock()
	conns := n.conns
	n.conns = nil
	n.mu.Unlock()
	for _, c := range conns {
		c.kill()
	}
}

// writers tells, for the id of each goroutine that waits until a connection takes more, which
// client's connection that is.
func (n *network) writers() map[int]string {
	n.mu.Lock()
	defer n.mu.Unlock()
	names := map[int]string{}
	for _, c := range n.conns {
		if id := c.in.waitingWriter(); id != 0 {
			names[id] = c.name
		}
	}
	return names
}

// unread tells whether the server has a connection open from which it does not read.
func (n *network) unread() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.ContainsFunc(n.conns, func(c *conn) bool { return c.out.unread() })
}

// ended returns the address of a client's latest connection if the server has ended that.
func (n *network) ended(name string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range slices.Backward(n.conns) {
		if c.name == name {
			if c.in.ended() {
				return c.local.String()
			}
			return ""
		}
	}
	return ""
}

// close ends every listener.
func (n *network) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, ln := range n.listeners {
		_ = ln.Close() // may be closed already
	}
}

// listener implements net.Listener.
type listener struct {
	net  *network
	addr *net.TCPAddr

	mu      sync.Mutex
	wake    sync.Cond
	waiting []*conn
	closed  bool
}

// offer hands c to the next Accept, and tells whether anybody listens.
func (ln *listener) offer(c *conn) bool {
	ln.mu.Lock()
	defer ln.mu.Unlock()
	if ln.closed {
		return false
	}
	ln.waiting = append(ln.waiting, c)
	ln.wake.Signal()
	return true
}

func (ln *listener) Accept() (net.Conn, error) {
	ln.mu.Lock()
	defer ln.mu.Unlock()
	for len(ln.waiting) == 0 && !ln.closed {
		ln.wake.Wait()
	}
	if ln.closed {
		return nil, &net.OpError{Op: "accept", Net: "tcp", Addr: ln.addr, Err: net.ErrClosed}
	}
	c := ln.waiting[0]
	ln.waiting = ln.waiting[1:]
	return c, nil
}

// Close stops listening; connections that nobody accepted end.
func (ln *listener) Close() error {
	ln.mu.Lock()
	defer ln.mu.Unlock()
	if ln.closed {
		return &net.OpError{Op: "close", Net: "tcp", Addr: ln.addr, Err: net.ErrClosed}
	}
	ln.closed = true
	for _, c := range ln.waiting {
		_ = c.Close() // nobody else has it
	}
	ln.waiting = nil
	ln.wake.Broadcast()
	return nil
}

func (ln *listener) Addr() net.Addr { return ln.addr }
