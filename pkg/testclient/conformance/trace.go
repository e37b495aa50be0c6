package conformance

import (
	"encoding/binary"
	"fmt"
	"slices"
	"unicode/utf8"

	"wsworkshop/pkg/testclient"
)

// trace is what has come from the server, understood.
type trace struct {
	replies []reply // messages and pongs
	pings   [][]byte
	closed  bool // there was a close frame
	code    int  // of the close frame; noCode if it has none
	ended   bool // TCP has ended
	fault   *fault
}

// over tells whether the server has failed or closed the connection, or has broken a rule itself.
func (t *trace) over() bool { return t.closed || t.ended || t.fault != nil }

// trace returns what has come so far.
func (c *wire) trace(s *Subject) *trace {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &trace{ended: c.ended}
	var message *reply
	for _, f := range c.got {
		if t.closed {
			t.fault = &fault{"a frame after its close frame: " + opName(f.Opcode), "5.5.1"}
			return t
		}
		switch f.Opcode {
		case testclient.OpPing:
			t.pings = append(t.pings, f.Payload)
		case testclient.OpPong:
			t.replies = append(t.replies, reply{f.Opcode, f.Payload})
		case testclient.OpClose:
			t.closed, t.code = true, noCode
			if t.fault = badClose(f.Payload); t.fault != nil {
				return t
			}
			if len(f.Payload) > 0 {
				t.code = closeCode(f)
			}
		default:
			if (f.Opcode == testclient.OpContinuation) != (message != nil) {
				t.fault = &fault{"a fragment out of order: " + opName(f.Opcode), "5.4"}
				return t
			}
			if message == nil {
				message = &reply{op: f.Opcode}
			}
			message.payload = append(message.payload, f.Payload...)
			if f.Fin {
				if !s.skips(message.payload) {
					t.replies = append(t.replies, *message)
				}
				message = nil
			}
		}
	}
	t.fault = c.fault
	return t
}

func closeCode(f testclient.Frame) int { return int(binary.BigEndian.Uint16(f.Payload)) }

// badClose finds what no close frame may have.
func badClose(payload []byte) *fault {
	switch len(payload) {
	case 0:
		return nil
	case 1:
		return &fault{"a close frame with half a code", "5.5.1"}
	}
	code := int(binary.BigEndian.Uint16(payload))
	switch {
	case slices.Contains([]int{1004, 1005, 1006, 1015}, code), code < 1000, code > 1015 && code < 3000, code > 4999:
		return &fault{fmt.Sprintf("a close frame with %d, which no close frame may have", code), "7.4"}
	case !utf8.Valid(payload[2:]):
		return &fault{"a close frame with a reason that is not UTF-8", "5.5.1"}
	}
	return nil
}
