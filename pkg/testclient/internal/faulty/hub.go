package faulty

import (
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"wsworkshop/pkg/testclient"
)

// Hub sends every frame that anybody sends to all, and holds its lock while it writes.
type Hub struct {
	mu    sync.Locker
	conns []net.Conn // in the order they came
}

// NewHub returns a Hub that uses mu.
func NewHub(mu sync.Locker) *Hub { return &Hub{mu: mu} }

func (h *Hub) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	conn, in := upgrade(rw, r)
	defer conn.Close()
	h.join(conn)
	defer h.leave(conn)
	for {
		if _, err := in.ReadByte(); err != nil {
			return
		}
		if in.Buffered() == 0 {
			h.broadcast()
		}
	}
}

func (h *Hub) join(conn net.Conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.conns = append(h.conns, conn)
}

func (h *Hub) leave(conn net.Conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.conns = slices.DeleteFunc(h.conns, func(c net.Conn) bool { return c == conn })
}

// broadcast writes to the network with the lock held.
func (h *Hub) broadcast() {
	f := testclient.TextFrame("news")
	f.Masked = false
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, conn := range h.conns {
		_, _ = conn.Write(f.Bytes())
	}
}

// Accounts deadlocks: Move takes two locks in the order of its arguments.
type Accounts struct{ A, B sync.Locker }

// Move locks first, then second, and takes a while in between.
func (a *Accounts) Move(first, second sync.Locker) {
	first.Lock()
	defer first.Unlock()
	time.Sleep(time.Millisecond)
	second.Lock()
	defer second.Unlock()
}
