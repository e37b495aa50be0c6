package testclient

import (
	"slices"
	"syscall"
	"time"
	"unsafe"
)

// stall stops, or starts again, what the reader reads.
//
//go:norace
func (h *half) stall(on bool) {
	h.lock()
	defer h.unlock()
	h.stalled = on
	h.wake.Broadcast()
}

// swallow makes the direction a black hole.
//
//go:norace
func (h *half) swallow() {
	h.lock()
	defer h.unlock()
	h.hole = true
	h.wake.Broadcast()
}

// drop keeps what the hole swallows, in case it ends. The caller holds the lock.
//
//go:norace
func (h *half) drop(b []byte) {
	if len(b) > 0 {
		h.swallowed = append(h.swallowed, segment{data: b})
		h.written += int64(len(b))
	}
}

// unswallow ends swallow: all that was under way is sent again, and the writer's end last.
//
//go:norace
func (h *half) unswallow() {
	h.lock()
	defer h.unlock()
	if !h.hole {
		return
	}
	h.hole = false
	for _, seg := range h.swallowed {
		h.size += len(seg.data)
	}
	end := len(h.queue)
	if h.eof {
		end--
	}
	h.queue, h.swallowed = slices.Insert(h.queue, end, h.swallowed...), nil
	for i := range h.queue {
		h.queue[i].at = time.Now().Add(h.latency)
	}
	h.wake.Broadcast()
}

// tear resets the direction: what is under way is lost, and both sides' calls fail, unless there
// is a black hole, which swallows the reset too.
//
//go:norace
func (h *half) tear() {
	raceSent(unsafe.Pointer(&h.seen))
	h.lock()
	defer h.unlock()
	h.torn = true
	h.queue, h.swallowed, h.size, h.eof = nil, nil, 0, false
	h.wake.Broadcast()
}

// resetWrite is what a write returns after a reset: as on Linux, the first one is told of it and
// later ones find no connection. The caller holds the lock.
//
//go:norace
func (h *half) resetWrite() error {
	if h.told {
		return syscall.EPIPE
	}
	h.told = true
	return syscall.ECONNRESET
}

//go:norace
func (h *half) setLatency(each time.Duration) {
	h.lock()
	defer h.unlock()
	h.latency = each
}

// heal undoes every fault: what is under way arrives now, what was swallowed never does.
//
//go:norace
func (h *half) heal() {
	h.lock()
	defer h.unlock()
	h.hole, h.stalled, h.latency, h.swallowed = false, false, 0, nil
	for i := range h.queue {
		h.queue[i].at = time.Time{}
	}
	h.wake.Broadcast()
}

// readUntil and writeUntil move the deadlines.
//
//go:norace
func (h *half) readUntil(t time.Time) {
	h.lock()
	defer h.unlock()
	h.readBy.set(t, h)
}

//go:norace
func (h *half) writeUntil(t time.Time) {
	h.lock()
	defer h.unlock()
	h.writeBy.set(t, h)
}

// countFrom has writes counted that begin behind an offset; a negative one is here.
//
//go:norace
func (h *half) countFrom(offset int64) {
	h.lock()
	defer h.unlock()
	if offset < 0 {
		offset = h.written
	}
	h.writes.mark(offset)
}

//go:norace
func (h *half) counted() int {
	h.lock()
	defer h.unlock()
	return h.writes.n
}

// deadline is a moment after which calls fail. The zero value is never. The half's lock
// guards it.
type deadline struct {
	at    time.Time
	timer *time.Timer
}

//go:norace
func (d *deadline) passed() bool {
	return !d.at.IsZero() && !time.Now().Before(d.at)
}

//go:norace
func (d *deadline) stop() {
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
}

//go:norace
func (d *deadline) set(at time.Time, h *half) {
	d.stop()
	d.at = at
	if wait := time.Until(at); !at.IsZero() && wait > 0 {
		d.timer = h.after(wait)
	}
	h.wake.Broadcast()
}

// writeCount counts writes that begin behind an offset which becomes known later. The
// half's lock guards it.
type writeCount struct {
	starts []int64 // until marked
	marked bool
	n      int
}

//go:norace
func (c *writeCount) add(start int64) {
	if c.marked {
		c.n++
		return
	}
	c.starts = append(c.starts, start)
}

//go:norace
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
