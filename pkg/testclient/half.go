package testclient

import (
	"bytes"
	"io"
	"net"
	"os"
	"syscall"
	"time"
	"unsafe"

	"wsworkshop/pkg/testclient/internal/held"
)

// half is one direction of a connection: a bounded queue of bytes under way, and what can
// go wrong with it. Waiting is on a sync.Cond, which a bubble counts as durable.
//
// Its lock is hidden from the race detector (see race.go), hence all those go:norace. It is
// told only that who reads has seen what was written before.
type half struct {
	condition // guards what follows
	queue     []segment
	size      int // bytes in queue
	room      int // how many may be

	latency time.Duration
	stalled bool // reads wait as if nothing had come
	hole    bool // nothing arrives
	eof     bool // the writer has ended
	gone    bool // the reader has ended: writes fail
	shut    bool // the writer's own side is closed
	torn    bool // by a reset
	told    bool // the writer has seen the reset

	swallowed []segment // written while there was a hole

	readBy, writeBy deadline

	reading bool  // somebody waits in read
	writer  int   // the goroutine that waits in write; 0: none
	written int64 // bytes accepted so far
	seen    int64 // its address is what the race detector is told by; a lock has its own
	writes  writeCount
}

// segment is what one Write brought, readable from a moment on. A nil data is the end.
type segment struct {
	data []byte
	at   time.Time
}

func newHalf(room int, latency time.Duration) *half {
	h := &half{room: room, latency: latency}
	h.init()
	return h
}

//go:norace
func (h *half) lock() {
	raceOff()
	h.mu.Lock()
}

//go:norace
func (h *half) unlock() {
	h.mu.Unlock()
	raceOn()
}

// wait waits for a change, in sight of the race detector: synctest.Wait has seen what was
// done by those who wait.
//
//go:norace
func (h *half) wait() {
	raceOn()
	h.wake.Wait()
	raceOff()
}

// read waits for bytes that have arrived.
//
//go:norace
func (h *half) read(b []byte) (int, error) {
	h.lock()
	defer h.unlock()
	for {
		switch {
		case h.gone:
			return 0, net.ErrClosed
		case h.torn && !h.hole:
			h.got()
			return 0, syscall.ECONNRESET
		case h.readBy.passed():
			return 0, os.ErrDeadlineExceeded
		case len(b) == 0:
			return 0, nil
		}
		if seg := h.head(); seg != nil {
			return h.take(seg, b)
		}
		h.reading = true
		h.wait()
		h.reading = false
	}
}

// head returns what can be read now, or nil.
//
//go:norace
func (h *half) head() *segment {
	if h.hole || h.stalled || len(h.queue) == 0 {
		return nil
	}
	seg := &h.queue[0]
	if wait := time.Until(seg.at); wait > 0 {
		h.after(wait)
		return nil
	}
	return seg
}

//go:norace
func (h *half) take(seg *segment, b []byte) (int, error) {
	h.got()
	if seg.data == nil {
		return 0, io.EOF // stays in the queue
	}
	n := copy(b, seg.data)
	seg.data = seg.data[n:]
	h.size -= n
	if len(seg.data) == 0 {
		h.queue = h.queue[1:]
	}
	h.wake.Broadcast()
	return n, nil
}

// got tells the race detector that the reader has seen what the writer had done.
//
//go:norace
func (h *half) got() {
	raceOn()
	raceGot(unsafe.Pointer(&h.seen))
	raceOff()
}

// write queues b, waiting for room.
//
//go:norace
func (h *half) write(b []byte) (int, error) {
	b = bytes.Clone(b)
	raceSent(unsafe.Pointer(&h.seen))
	h.lock()
	defer h.unlock()
	n, first := 0, true
	for {
		switch {
		case h.shut:
			return n, net.ErrClosed
		case h.torn && !h.hole:
			return n, h.resetWrite()
		case h.writeBy.passed():
			return n, os.ErrDeadlineExceeded
		case h.gone && !h.hole:
			return n, syscall.EPIPE
		}
		if first {
			h.writes.add(h.written)
			first = false
		}
		if h.hole {
			h.drop(b)
			return n + len(b), nil
		}
		k := min(len(b), max(0, h.room-h.size))
		h.put(b[:k])
		b, n = b[k:], n+k
		if len(b) == 0 {
			return n, nil
		}
		h.writer = held.Goroutine()
		h.wait()
		h.writer = 0
	}
}

// waitingWriter returns the id of the goroutine that waits in write, or 0.
//
//go:norace
func (h *half) waitingWriter() int {
	h.lock()
	defer h.unlock()
	return h.writer
}

// unread tells whether nobody waits to read from a connection that is open.
//
//go:norace
func (h *half) unread() bool {
	h.lock()
	defer h.unlock()
	return !h.reading && !h.gone && !h.eof
}

//go:norace
func (h *half) put(b []byte) {
	if len(b) == 0 {
		return
	}
	h.queue = append(h.queue, segment{b, time.Now().Add(h.latency)})
	h.size += len(b)
	h.written += int64(len(b))
	h.wake.Broadcast()
}

// end tells the reader that no more comes. The writer's own calls fail from now on.
//
//go:norace
func (h *half) end() {
	raceSent(unsafe.Pointer(&h.seen))
	h.lock()
	defer h.unlock()
	h.shut = true
	if !h.eof {
		h.eof = true
		h.queue = append(h.queue, segment{nil, time.Now().Add(h.latency)})
	}
	h.writeBy.stop()
	h.wake.Broadcast()
}

// abandon tells the writer that nobody reads any more.
//
//go:norace
func (h *half) abandon() {
	raceSent(unsafe.Pointer(&h.seen))
	h.lock()
	defer h.unlock()
	h.gone = true
	h.readBy.stop()
	h.wake.Broadcast()
}

//go:norace
func (h *half) broadcast() {
	h.lock()
	defer h.unlock()
	h.wake.Broadcast()
}

//go:norace
func (h *half) ended() bool {
	h.lock()
	defer h.unlock()
	return h.eof || h.gone
}

// after has those who wait look again after d. The caller holds the lock.
//
//go:norace
func (h *half) after(d time.Duration) *time.Timer {
	raceOn() // the timer's goroutine is to see what made it
	defer raceOff()
	return time.AfterFunc(d, h.broadcast)
}
