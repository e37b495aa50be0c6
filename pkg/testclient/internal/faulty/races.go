package faulty

import (
	"bufio"
	"log/slog"
	"net"
	"sync"
)

// Counter counts what comes without a lock, where all it shares is a log.
type Counter struct {
	Log   *slog.Logger
	count int
}

// Session counts each byte and says so.
func (c *Counter) Session(conn net.Conn, in *bufio.Reader) {
	for {
		b, err := in.ReadByte()
		if err != nil {
			return
		}
		c.count++
		c.Log.Info("came", "byte", b)
	}
}

// HalfGuarded counts before it takes the lock.
type HalfGuarded struct {
	Mu    sync.Locker
	count int
}

// Session counts each byte.
func (c *HalfGuarded) Session(conn net.Conn, in *bufio.Reader) {
	for {
		if _, err := in.ReadByte(); err != nil {
			return
		}
		c.count++
		c.Mu.Lock()
		c.Mu.Unlock() //lint:ignore SA2001 the mistake to be found
	}
}
