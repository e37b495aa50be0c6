package conformance

import (
	"time"

	"wsworkshop/pkg/testclient"
)

// play is one case on the way.
type play struct {
	*wire
	c *Case
	s *Subject

	pongs   int  // pings of the server that were answered
	closing bool // the client has sent a close frame
	slow    bool // the server did not fail fast
	early   bool // the connection was over before the text was bad
	mute    bool // a ping was not answered while its message was under way
	unasked bool // the server has ended the connection by itself
}

// run sends all steps and waits until the connection is over, or the server's time is.
func (p *play) run() {
	p.w.Settle() // a server that greets does so first
	for i, s := range p.c.steps {
		p.send(s)
		if s.pause > 0 {
			p.wait(s.pause, func(*trace) bool { return false })
		}
		p.check(i)
	}
	if p.c.end.how == closes {
		p.wait(pause, (*trace).over) // for what comes twice
		if p.trace(p.s).over() {
			p.unasked = true
		} else {
			p.close(closeFrame(normal, ""))
		}
	}
	p.wait(p.s.patience(), func(t *trace) bool { return t.ended || t.fault != nil })
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ended && p.fault == nil {
		p.note("    (nothing more comes)")
	}
}

// check looks at what the server must have done by now.
func (p *play) check(i int) {
	t := p.trace(p.s)
	switch p.c.steps[i].then {
	case stillOpen:
		p.early = t.over()
	case failsFast:
		p.slow = !t.over()
	case allPonged:
		p.mute = len(t.replies) == 0
	}
}

// send writes a step. Bytes that the server no longer takes are lost, as on a real network.
func (p *play) send(s step) {
	p.noteAll(showStep(s))
	if s.part != nil {
		p.write(s.part)
		return
	}
	var all []byte
	for _, f := range s.frames {
		p.closing = p.closing || f.Opcode == testclient.OpClose
		b := f.Bytes()
		if s.chops == perFrame {
			p.write(b)
			continue
		}
		all = append(all, b...)
	}
	size := int(s.chops)
	if size <= 0 {
		size = max(1, len(all))
	}
	for len(all) > 0 {
		n := min(size, len(all))
		p.write(all[:n])
		all = all[n:]
	}
}

// write makes one call of Write, and lets the server do what it does about it.
func (p *play) write(b []byte) {
	_ = p.conn.SetWriteDeadline(time.Now().Add(p.s.patience())) // fails as Write does
	_, _ = p.conn.Write(b)
	p.w.Settle()
}

// close sends a close frame, once.
func (p *play) close(f testclient.Frame) {
	if !p.closing {
		p.send(send(f))
	}
}

// wait lets so much time pass, or less if the connection is such before, and answers the server's
// pings and its close frame.
func (p *play) wait(d time.Duration, until func(*trace) bool) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		t := p.trace(p.s)
		p.answer(t)
		if until(t) {
			return
		}
		select {
		case <-p.news:
		case <-timer.C:
			p.w.Settle() // what comes at this very moment is in time
			p.answer(p.trace(p.s))
			return
		}
	}
}

func (p *play) answer(t *trace) {
	for _, payload := range t.pings[min(p.pongs, len(t.pings)):] {
		p.pongs++
		if !p.closing {
			p.send(send(frame(testclient.OpPong, payload)))
		}
	}
	if t.closed && !t.ended && t.fault == nil {
		if t.code == noCode {
			p.close(frame(testclient.OpClose, nil))
			return
		}
		p.close(closeFrame(t.code, ""))
	}
}
