package testclient

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"unicode/utf8"
)

// peer is the connection behind a Client: one goroutine reads frames into the inbox, one
// writes what is in the outbox. Where the client reads an event stream, nothing is written.
type peer struct {
	w           *World
	name        string
	tcp         *connection
	upgrade     *http.Response
	noAutoPong  bool
	noAutoClose bool
	read        bool              // by a program, see Read; never changes
	reserved    byte              // the reserved bits that an extension may use; never changes
	stream      *stream           // nil for a WebSocket; never changes
	answer      func(text string) // what a reflex answers goes here; never changes

	inbox    condition // guards what follows
	messages []Message
	last     Message    // the one that the test took last
	closing  *CloseInfo // the server's close frame
	over     bool       // nothing more will come
	cause    error      // why, if not by a close frame
	mine     bool       // this client ended the connection
	asked    bool       // this client sent the first close frame
	told     bool       // the program that reads knows of closing

	outbox  condition // guards what follows
	queue   [][]byte
	sent    int  // items of queue that were written, or given up
	queued  int  // items ever put into queue
	refused bool // the server takes no more
}

// readLoop reads until the connection ends.
func (p *peer) readLoop() {
	err := p.readAll()
	var v *violation
	if errors.As(err, &v) {
		p.violated(v)
	}
	p.inbox.change(func() {
		p.over = true
		p.cause = err
		if p.closing == nil && !p.mine && v == nil {
			p.w.event(p.name, "◀── "+p.endNote())
		}
	})
	if p.stream != nil {
		_ = p.tcp.raw.Close() // may be closed already
	}
	p.stopWriting()
}

// endNote is what the timeline says about an end that is neither announced nor the client's own.
func (p *peer) endNote() string {
	switch {
	case p.stream == nil:
		return "(TCP ends, no close frame)"
	case p.broken():
		return "(the stream breaks off, no last chunk)"
	}
	return "(the stream ends)"
}

func (p *peer) violated(v *violation) {
	p.w.event(p.name, "◀── ✗ "+v.what)
	p.w.fail(failure{Verdict: VerdictWrong, Message: fmt.Sprintf("the server sent %s %v%s", p.name, v, v.hint())})
}

// hint tells the usual cause of a violation.
func (v *violation) hint() string {
	switch v.section {
	case "5.1", "5.2", "5.4":
		return ".\nTwo goroutines that write to one connection at once can mix their frames up."
	case "8.1":
		return ".\nBinary data that is sent back as text does this: keep the message type."
	}
	return "."
}

// readAll reads what a WebSocket or an event stream brings.
func (p *peer) readAll() error {
	if p.stream != nil {
		return p.readEvents()
	}
	return p.readFrames()
}

func (p *peer) readFrames() error {
	var m Message
	for {
		f, err := readFrame(p.tcp.br, p.reserved)
		if err != nil {
			return err
		}
		if p.closing != nil {
			return &violation{"a frame after its close frame", "5.5.1"}
		}
		if f.Opcode >= OpClose {
			err = p.control(f)
		} else {
			err = p.data(&m, f)
		}
		if err != nil {
			return err
		}
	}
}

// data adds a frame to the message that it belongs to.
func (p *peer) data(m *Message, f Frame) error {
	switch {
	case f.Opcode == OpContinuation && m.Frames == 0:
		return &violation{"a continuation frame with nothing to continue", "5.4"}
	case f.Opcode != OpContinuation && m.Frames > 0:
		return &violation{"a new message in the middle of another's fragments", "5.4"}
	case m.Frames == 0:
		m.Kind = Kind(f.Opcode)
		m.coded = f.RSV != 0
	}
	m.Frames++
	m.Data = append(m.Data, f.Payload...)
	if !f.Fin {
		return nil
	}
	if m.Kind == Text && !m.coded && !utf8.Valid(m.Data) {
		return &violation{"a text message that is not UTF-8", "8.1"}
	}
	p.deliver(*m)
	*m = Message{}
	return nil
}

func (p *peer) deliver(m Message) {
	m.At = p.w.Elapsed()
	arrow := "◀── "
	if p.stream != nil {
		arrow += m.label()
	}
	m.event = p.w.add(p.name, arrow, glimpseOf(m.Kind, m.Data))
	if p.reflex(m) {
		return
	}
	p.inbox.change(func() { p.messages = append(p.messages, m) })
}

func (p *peer) control(f Frame) error {
	switch f.Opcode {
	case OpPing:
		p.deliver(Message{Kind: Ping, Data: f.Payload, Frames: 1})
		if !p.noAutoPong {
			p.post(NewFrame(OpPong, f.Payload).Bytes())
		}
	case OpPong:
		p.deliver(Message{Kind: Pong, Data: f.Payload, Frames: 1})
	case OpClose:
		info, err := parseClose(f.Payload)
		if err != nil {
			return err
		}
		info.At = p.w.Elapsed()
		p.w.event(p.name, "◀── "+info.String())
		p.inbox.change(func() { p.closing = &info })
		p.answerClose(info)
	}
	return nil
}

// answerClose echoes a close frame, unless it is itself the answer to one.
func (p *peer) answerClose(info CloseInfo) {
	p.inbox.mu.Lock()
	asked := p.asked
	p.inbox.mu.Unlock()
	if asked || p.noAutoClose {
		return
	}
	var payload []byte
	if info.Code != codeNone {
		payload = binary.BigEndian.AppendUint16(nil, uint16(info.Code))
	}
	p.post(NewFrame(OpClose, payload).Bytes())
}

// post queues bytes and returns the number that tells when they are written.
func (p *peer) post(b []byte) int {
	var n int
	p.outbox.change(func() {
		p.queue = append(p.queue, b)
		p.queued++
		n = p.queued
	})
	return n
}

// writeLoop writes what is posted until the server takes no more.
func (p *peer) writeLoop() {
	for {
		p.outbox.mu.Lock()
		for len(p.queue) == 0 && !p.refused {
			p.outbox.wake.Wait()
		}
		if p.refused {
			p.outbox.mu.Unlock()
			return
		}
		next := p.queue[0]
		p.queue = p.queue[1:]
		p.outbox.mu.Unlock()
		_, err := p.tcp.conn.Write(next)
		p.outbox.change(func() {
			p.sent++
			p.refused = p.refused || err != nil
		})
	}
}

// stopWriting ends writeLoop.
func (p *peer) stopWriting() {
	p.outbox.change(func() { p.refused = true })
}

// hangUp ends the connection from this side.
func (p *peer) hangUp() {
	p.inbox.change(func() { p.mine = true })
	_ = p.tcp.raw.Close() // may be closed already
	p.stopWriting()
}
