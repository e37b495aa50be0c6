package testclient

import (
	"errors"
	"io"
	"net"
	"sync/atomic"
	"time"
)

// conn is one end of a connection on the virtual network. It implements net.Conn and
// passes golang.org/x/net/nettest.TestConn.
type conn struct {
	name          string // the client's, at its end; never changes
	in, out       *half
	local, remote net.Addr
	progress      *progress // grows with each call that returns; may be nil
	closed        atomic.Bool
}

// newPair returns two connected ends with a buffer of room bytes each way.
func newPair(a, b net.Addr, room int, latency time.Duration) (*conn, *conn) {
	ab, ba := newHalf(room, latency), newHalf(room, latency)
	return &conn{in: ba, out: ab, local: a, remote: b}, &conn{in: ab, out: ba, local: b, remote: a}
}

func (c *conn) Read(b []byte) (int, error) {
	n, err := c.in.read(b)
	return n, c.done("read", err)
}

func (c *conn) Write(b []byte) (int, error) {
	n, err := c.out.write(b)
	return n, c.done("write", err)
}

// done wraps err as package net does.
func (c *conn) done(op string, err error) error {
	c.progress.grow()
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	return &net.OpError{Op: op, Net: "tcp", Source: c.local, Addr: c.remote, Err: err}
}

// Close ends both directions; the other end reads what is under way, then EOF.
func (c *conn) Close() error {
	if c.closed.Swap(true) {
		return c.done("close", net.ErrClosed)
	}
	c.out.end()
	c.in.abandon()
	return nil
}

// CloseWrite ends one direction: the other end reads EOF and can still write.
func (c *conn) CloseWrite() error {
	if c.closed.Load() {
		return c.done("close", net.ErrClosed)
	}
	c.out.end()
	return nil
}

func (c *conn) LocalAddr() net.Addr  { return c.local }
func (c *conn) RemoteAddr() net.Addr { return c.remote }

func (c *conn) SetDeadline(t time.Time) error {
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}

func (c *conn) SetReadDeadline(t time.Time) error {
	return c.setDeadline(c.in.readUntil, t)
}

func (c *conn) SetWriteDeadline(t time.Time) error {
	return c.setDeadline(c.out.writeUntil, t)
}

func (c *conn) setDeadline(set func(time.Time), t time.Time) error {
	if c.closed.Load() {
		return c.done("set", net.ErrClosed)
	}
	set(t)
	return nil
}

// stall stops, or starts again, what this end reads.
func (c *conn) stall(on bool) {
	c.in.stall(on)
}

// swallow makes both directions a black hole.
func (c *conn) swallow() {
	c.in.swallow()
	c.out.swallow()
}

// unswallow ends swallow.
func (c *conn) unswallow() {
	c.in.unswallow()
	c.out.unswallow()
}

// setLatency changes how long what is written from now on is under way.
func (c *conn) setLatency(each time.Duration) {
	c.in.setLatency(each)
	c.out.setLatency(each)
}

// sever ends both directions as a network does: each end reads what is under way, then EOF.
func (c *conn) sever() {
	c.in.heal()
	c.out.heal()
	c.in.end()
	c.out.end()
}

// reset ends both directions with a reset: both ends' calls fail, what is under way is lost.
func (c *conn) reset() {
	c.in.tear()
	c.out.tear()
}

// kill ends the connection for both ends, whatever faults it has.
func (c *conn) kill() {
	c.in.heal()
	c.out.heal()
	_ = c.Close() // may be closed already
}
