package testclient

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
)

// The opcodes of RFC 6455, section 5.2.
const (
	OpContinuation byte = 0x0
	OpText         byte = 0x1
	OpBinary       byte = 0x2
	OpClose        byte = 0x8
	OpPing         byte = 0x9
	OpPong         byte = 0xA
)

// Frame is a WebSocket frame as [Client.SendFrame] sends it, right or wrong. [TextFrame],
// [BinaryFrame] and [NewFrame] make right ones, to be bent: without Fin it is a fragment,
// without Masked it breaks RFC 6455, section 5.1.
type Frame struct {
	Fin     bool // the last frame of its message
	RSV     byte // the three reserved bits, 0 to 7: for extensions
	Opcode  byte
	Masked  bool // as a client's frames must be
	Payload []byte
}

// TextFrame returns a whole, masked text message.
func TextFrame(text string) Frame { return NewFrame(OpText, []byte(text)) }

// BinaryFrame returns a whole, masked binary message.
func BinaryFrame(b []byte) Frame { return NewFrame(OpBinary, b) }

// NewFrame returns a masked frame that is the last of its message.
func NewFrame(opcode byte, payload []byte) Frame {
	return Frame{Fin: true, Opcode: opcode, Masked: true, Payload: payload}
}

// Bytes returns the frame as it goes over the wire.
func (f Frame) Bytes() []byte {
	first := f.RSV&7<<4 | f.Opcode&15
	if f.Fin {
		first |= 0x80
	}
	var mask byte
	if f.Masked {
		mask = 0x80
	}
	b := make([]byte, 0, len(f.Payload)+14)
	switch n := len(f.Payload); {
	case n < 126:
		b = append(b, first, mask|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, first, mask|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, first, mask|127), uint64(n))
	}
	if !f.Masked {
		return append(b, f.Payload...)
	}
	var key [4]byte
	_, _ = rand.Read(key[:]) // never fails
	b = append(b, key[:]...)
	for i, p := range f.Payload {
		b = append(b, p^key[i&3])
	}
	return b
}

// mostPayload bounds what a client takes from a server in one frame.
const mostPayload = 64 << 20

// violation is what a server did against RFC 6455.
type violation struct {
	what    string
	section string
}

func (v *violation) Error() string {
	return fmt.Sprintf("%s (RFC 6455, section %s)", v.what, v.section)
}

// readFrame reads a frame that a server sent. It may have the reserved bits of an extension
// that was agreed on.
func readFrame(r *bufio.Reader, reserved byte) (Frame, error) {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return Frame{}, err
	}
	f := Frame{Fin: head[0]&0x80 != 0, RSV: head[0] >> 4 & 7, Opcode: head[0] & 15, Masked: head[1]&0x80 != 0}
	n, err := readLength(r, head[1]&0x7f)
	if err != nil {
		return f, err
	}
	if err := f.check(n, reserved); err != nil {
		return f, err
	}
	f.Payload = make([]byte, n)
	_, err = io.ReadFull(r, f.Payload)
	return f, err
}

func readLength(r io.Reader, short byte) (uint64, error) {
	var b [8]byte
	switch short {
	case 126:
		_, err := io.ReadFull(r, b[:2])
		return uint64(binary.BigEndian.Uint16(b[:2])), err
	case 127:
		_, err := io.ReadFull(r, b[:])
		return binary.BigEndian.Uint64(b[:]), err
	}
	return uint64(short), nil
}

// readAnyFrame reads a frame of either side, right or wrong, and takes the mask off.
func readAnyFrame(r *bytes.Reader) (Frame, error) {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return Frame{}, err
	}
	f := Frame{Fin: head[0]&0x80 != 0, RSV: head[0] >> 4 & 7, Opcode: head[0] & 15, Masked: head[1]&0x80 != 0}
	n, err := readLength(r, head[1]&0x7f)
	if err != nil || n > uint64(r.Len()) {
		return f, io.ErrUnexpectedEOF
	}
	var key [4]byte
	if f.Masked {
		if _, err := io.ReadFull(r, key[:]); err != nil {
			return f, err
		}
	}
	f.Payload = make([]byte, n)
	_, err = io.ReadFull(r, f.Payload)
	for i := range f.Payload {
		f.Payload[i] ^= key[i&3]
	}
	return f, err
}

// check finds what no server may send.
func (f Frame) check(n uint64, reserved byte) error {
	switch {
	case f.RSV&^reserved != 0:
		return &violation{"a frame with a reserved bit set, though no extension was agreed on", "5.2"}
	case f.Opcode > OpBinary && f.Opcode < OpClose || f.Opcode > OpPong:
		return &violation{fmt.Sprintf("a frame with the unknown opcode %#x", f.Opcode), "5.2"}
	case f.Masked:
		return &violation{"a masked frame: only clients mask", "5.1"}
	case f.Opcode >= OpClose && !f.Fin:
		return &violation{"a control frame in fragments", "5.5"}
	case f.Opcode >= OpClose && n > 125:
		return &violation{fmt.Sprintf("a control frame of %d bytes, 125 are allowed", n), "5.5"}
	case n > mostPayload:
		return &violation{fmt.Sprintf("a frame that claims %d bytes", n), "5.2"}
	}
	return nil
}
