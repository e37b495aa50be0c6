package testclient

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/nettest"
)

var (
	here  = &net.TCPAddr{IP: net.IPv4(198, 51, 100, 1), Port: 50000}
	there = &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 80}
)

// TestConnIsAConn runs the standard checks, with buffers and with latency.
func TestConnIsAConn(t *testing.T) {
	for name, make := range map[string]func() (*conn, *conn){
		"plain":   func() (*conn, *conn) { return newPair(here, there, defaultBuffer, 0) },
		"small":   func() (*conn, *conn) { return newPair(here, there, 512, 0) },
		"latency": func() (*conn, *conn) { return newPair(here, there, defaultBuffer, time.Microsecond) },
	} {
		t.Run(name, func(t *testing.T) {
			nettest.TestConn(t, func() (net.Conn, net.Conn, func(), error) {
				a, b := make()
				return a, b, func() { a.kill(); b.kill() }, nil
			})
		})
	}
}

// pair runs fn in a bubble with two ends of a connection.
func pair(t *testing.T, room int, latency time.Duration, fn func(t *testing.T, a, b *conn)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		a, b := newPair(here, there, room, latency)
		defer a.kill()
		defer b.kill()
		fn(t, a, b)
	})
}

func mustWrite(t *testing.T, c *conn, text string) {
	t.Helper()
	n, err := c.Write([]byte(text))
	require.NoError(t, err)
	require.Equal(t, len(text), n)
}

func mustRead(t *testing.T, c *conn, want string) {
	t.Helper()
	b := make([]byte, len(want))
	_, err := io.ReadFull(c, b)
	require.NoError(t, err)
	require.Equal(t, want, string(b))
}

// writeTimesOut writes as much as there is room for.
func writeTimesOut(t *testing.T, c *conn, text string) int {
	t.Helper()
	require.NoError(t, c.SetWriteDeadline(time.Now().Add(time.Minute)))
	n, err := c.Write([]byte(text))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	var timeout net.Error
	require.True(t, errors.As(err, &timeout) && timeout.Timeout(), "a deadline is a timeout")
	return n
}

func TestBufferHoldsSoMuchAndNoMore(t *testing.T) {
	pair(t, 5, 0, func(t *testing.T, a, b *conn) {
		require.Equal(t, 5, writeTimesOut(t, a, "seven77"))
		mustRead(t, b, "seven")
	})
}

func TestLatencyDelaysDataAndEnd(t *testing.T) {
	pair(t, 100, time.Second, func(t *testing.T, a, b *conn) {
		began := time.Now()
		mustWrite(t, a, "hello")
		require.NoError(t, a.Close())
		mustRead(t, b, "hello")
		require.Equal(t, time.Second, time.Since(began))
		_, err := b.Read(make([]byte, 1))
		require.Equal(t, io.EOF, err)
		require.Equal(t, time.Second, time.Since(began))
	})
}

func TestReadDeadlineIsExact(t *testing.T) {
	pair(t, 100, 0, func(t *testing.T, a, b *conn) {
		began := time.Now()
		require.NoError(t, a.SetReadDeadline(began.Add(time.Minute)))
		_, err := a.Read(make([]byte, 1))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, time.Minute, time.Since(began))
		require.NoError(t, a.SetReadDeadline(time.Time{}))
		mustWrite(t, b, "x")
		mustRead(t, a, "x")
	})
}

func TestStalledReaderFillsTheBuffer(t *testing.T) {
	pair(t, 4, 0, func(t *testing.T, a, b *conn) {
		b.stall(true)
		require.Equal(t, 4, writeTimesOut(t, a, "hello"))
		require.NoError(t, b.SetReadDeadline(time.Now().Add(time.Minute)))
		_, err := b.Read(make([]byte, 1))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded, "nothing is read while stalled")
		require.NoError(t, b.SetReadDeadline(time.Time{}))
		b.stall(false)
		mustRead(t, b, "hell")
	})
}

func TestBlackHoleSwallowsBothWays(t *testing.T) {
	pair(t, 4, 0, func(t *testing.T, a, b *conn) {
		a.swallow()
		mustWrite(t, a, "more than the buffer holds")
		mustWrite(t, b, "this way, too")
		require.NoError(t, a.Close())
		require.NoError(t, b.SetReadDeadline(time.Now().Add(time.Hour)))
		_, err := b.Read(make([]byte, 1))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded, "not even the end arrives")
		mustWrite(t, b, "writes go on succeeding")
	})
}

// TestBlackHoleThatEnds guards the order: what was under way, what was swallowed, the end.
func TestBlackHoleThatEnds(t *testing.T) {
	pair(t, 4, time.Second, func(t *testing.T, a, b *conn) {
		mustWrite(t, a, "be")
		a.swallow()
		mustWrite(t, a, "")
		mustWrite(t, a, "tween, and more than the buffer holds")
		mustWrite(t, b, "back")
		time.Sleep(time.Hour)
		a.unswallow()
		healed := time.Now()
		mustRead(t, b, "between, and more than the buffer holds")
		require.Equal(t, time.Second, time.Since(healed))
		mustRead(t, a, "back")
		mustWrite(t, a, "room")
		a.swallow()
		mustWrite(t, a, "!")
		require.NoError(t, a.CloseWrite())
		a.unswallow()
		got, err := io.ReadAll(b)
		require.NoError(t, err)
		require.Equal(t, "room!", string(got))
	})
}

// TestHealForgets guards that a connection that ends in a black hole brings nothing more.
func TestHealForgets(t *testing.T) {
	pair(t, 100, 0, func(t *testing.T, a, b *conn) {
		a.swallow()
		mustWrite(t, a, "lost")
		a.sever()
		got, err := io.ReadAll(b)
		require.NoError(t, err)
		require.Empty(t, got)
	})
}

func TestLatencyChanges(t *testing.T) {
	pair(t, 100, time.Minute, func(t *testing.T, a, b *conn) {
		began := time.Now()
		mustWrite(t, a, "slow")
		a.setLatency(time.Second)
		mustWrite(t, a, "fast")
		mustRead(t, b, "slow")
		mustRead(t, b, "fast") // it overtakes nothing
		require.Equal(t, time.Minute, time.Since(began))
		mustWrite(t, b, "back")
		mustRead(t, a, "back")
		require.Equal(t, time.Minute+time.Second, time.Since(began))
	})
}

func TestWritingToWhoHasGone(t *testing.T) {
	pair(t, 100, 0, func(t *testing.T, a, b *conn) {
		require.NoError(t, b.Close())
		_, err := a.Write([]byte("x"))
		require.ErrorIs(t, err, syscall.EPIPE)
		_, err = b.Write([]byte("x"))
		require.ErrorIs(t, err, net.ErrClosed)
		require.ErrorIs(t, b.Close(), net.ErrClosed)
		require.ErrorIs(t, b.SetDeadline(time.Now()), net.ErrClosed)
	})
}

// TestResetMeetsWhoWaits has a read and a write under way, and what comes after them.
func TestResetMeetsWhoWaits(t *testing.T) {
	pair(t, 3, 0, func(t *testing.T, a, b *conn) {
		mustWrite(t, a, "abc")
		mustWrite(t, b, "abc")
		results := make(chan error)
		go func() { _, err := b.Write([]byte("d")); results <- err }()
		synctest.Wait()
		a.reset()
		require.ErrorIs(t, <-results, syscall.ECONNRESET)
		_, err := b.Read(make([]byte, 1))
		require.ErrorIs(t, err, syscall.ECONNRESET, "what was under way is lost")
		op, ok := errors.AsType[*net.OpError](err)
		require.True(t, ok)
		require.Equal(t, "read", op.Op)
		require.Zero(t, time.Since(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)), "at once")
		_, err = b.Write([]byte("e"))
		require.ErrorIs(t, err, syscall.EPIPE)
		require.NoError(t, b.Close())
		_, err = b.Read(make([]byte, 1))
		require.ErrorIs(t, err, net.ErrClosed)
	})
	pair(t, 3, time.Hour, func(t *testing.T, a, b *conn) {
		results := make(chan error)
		go func() { _, err := b.Read(make([]byte, 1)); results <- err }()
		synctest.Wait()
		a.reset()
		require.ErrorIs(t, <-results, syscall.ECONNRESET)
	})
}

func TestBlackHoleSwallowsAReset(t *testing.T) {
	pair(t, 10, 0, func(t *testing.T, a, b *conn) {
		a.swallow()
		a.reset()
		_ = a.Close()
		mustWrite(t, b, "swallowed")
		require.NoError(t, b.SetReadDeadline(time.Now().Add(time.Minute)))
		_, err := b.Read(make([]byte, 1))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		a.unswallow()
		_, err = b.Read(make([]byte, 1))
		require.ErrorIs(t, err, syscall.ECONNRESET)
	})
}

func TestCloseWriteEndsOneDirection(t *testing.T) {
	pair(t, 100, 0, func(t *testing.T, a, b *conn) {
		require.NoError(t, a.CloseWrite())
		_, err := b.Read(make([]byte, 1))
		require.Equal(t, io.EOF, err)
		mustWrite(t, b, "still")
		mustRead(t, a, "still")
	})
}

func TestNetworkRefusesWhereNobodyListens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(nil)
		ln := n.listen()
		require.Equal(t, "192.0.2.1:80", ln.Addr().String())
		require.Equal(t, "192.0.2.2:80", n.listen().Addr().String())
		waiting, err := n.dial("ana", here.IP, "192.0.2.1:80", 10, 0)
		require.NoError(t, err)
		require.NoError(t, ln.Close())
		_, err = waiting.Read(make([]byte, 1))
		require.Equal(t, io.EOF, err, "a connection that nobody accepted ends")
		_, err = ln.Accept()
		require.ErrorIs(t, err, net.ErrClosed)
		_, err = n.dial("ana", here.IP, "192.0.2.1:80", 10, 0)
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
		_, err = n.dial("ana", here.IP, "192.0.2.9:80", 10, 0)
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
	})
}
