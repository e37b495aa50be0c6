package testclient

import (
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// half is one direction of a connection: a bounded queue of bytes under way, and what can
// go wrong with it. Waiting is on a sync.Cond, which a bubble counts as durable.
type half struct {
	condition // guards what follows
	queue     []segment
	size      int // bytes in queue
	room      int // how many may be

	latency time.Duration
	stalled bool // reads wait as if nothing had come
	hole    bool // what is written is dropped, what was written never arrives
	eof     bool // the writer has ended
	gone    bool // the reader has ended: writes fail
	shut    bool // the writer's own side is closed

	readBy, writeBy deadline

	written int64 // bytes accepted so far
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

// read waits for bytes that have arrived.
func (h *half) read(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		switch {
		case h.gone:
			return 0, net.ErrClosed
		case h.readBy.passed():
			return 0, os.ErrDeadlineExceeded
		case len(b) == 0:
			return 0, nil
		}
		if seg := h.head(); seg != nil {
			return h.take(seg, b)
		}
		h.wake.Wait()
	}
}

// head returns what can be read now, or nil.
func (h *half) head() *segment {
	if h.hole || h.stalled || len(h.queue) == 0 {
		return nil
	}
	seg := &h.queue[0]
	if wait := time.Until(seg.at); wait > 0 {
		time.AfterFunc(wait, h.broadcast)
		return nil
	}
	return seg
}

func (h *half) take(seg *segment, b []byte) (int, error) {
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

// write queues b, waiting for room.
func (h *half) write(b []byte) (n int, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	first := true
	for {
		switch {
		case h.shut:
			return n, net.ErrClosed
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
			return n + len(b), nil
		}
		k := min(len(b), h.room-h.size)
		h.put(b[:k])
		b, n = b[k:], n+k
		if len(b) == 0 {
			return n, nil
		}
		h.wake.Wait()
	}
}

func (h *half) put(b []byte) {
	if len(b) == 0 {
		return
	}
	h.queue = append(h.queue, segment{append([]byte{}, b...), time.Now().Add(h.latency)})
	h.size += len(b)
	h.written += int64(len(b))
	h.wake.Broadcast()
}

// end tells the reader that no more comes. The writer's own calls fail from now on.
func (h *half) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.shut = true
	if !h.eof {
		h.eof = true
		h.queue = append(h.queue, segment{nil, time.Now().Add(h.latency)})
	}
	h.writeBy.stop()
	h.wake.Broadcast()
}

// abandon tells the writer that nobody reads any more.
func (h *half) abandon() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.gone = true
	h.readBy.stop()
	h.wake.Broadcast()
}

// change sets a fault under the lock and wakes who waits.
func (h *half) change(set func(h *half)) {
	h.condition.change(func() { set(h) })
}

func (h *half) broadcast() { h.condition.change(func() {}) }

// heal undoes every fault: what is under way arrives now.
func (h *half) heal() {
	h.hole, h.stalled, h.latency = false, false, 0
	for i := range h.queue {
		h.queue[i].at = time.Time{}
	}
}

// deadline is a moment after which calls fail. The zero value is never.
type deadline struct {
	at    time.Time
	timer *time.Timer
}

func (d *deadline) passed() bool {
	return !d.at.IsZero() && !time.Now().Before(d.at)
}

func (d *deadline) stop() {
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
}

// set moves the deadline; wake is called when it passes. The caller holds the half's lock.
func (d *deadline) set(at time.Time, wake func()) {
	d.stop()
	d.at = at
	if wait := time.Until(at); !at.IsZero() && wait > 0 {
		d.timer = time.AfterFunc(wait, wake)
	}
}

// writeCount counts writes that begin behind an offset which becomes known later.
type writeCount struct {
	starts []int64 // until marked
	marked bool
	n      int
}

func (c *writeCount) add(start int64) {
	if c.marked {
		c.n++
		return
	}
	c.starts = append(c.starts, start)
}

func (c *writeCount) mark(offset int64) {
	if c.marked {
		return
	}
	c.marked = true
	for _, s := range c.starts {
		if s >= offset {
			c.n++
		}
	}
	c.starts = nil
}
