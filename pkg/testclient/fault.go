package testclient

import "time"

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

// heal undoes every fault: what is under way arrives now.
//
//go:norace
func (h *half) heal() {
	h.lock()
	defer h.unlock()
	h.hole, h.stalled, h.latency = false, false, 0
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
