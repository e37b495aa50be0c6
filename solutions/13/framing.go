package chat

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"unicode/utf8"

	"wsworkshop/solutions/13/wire"
)

// frameReader is the network connection below gorilla's. It looks at the frames that come in
// before gorilla does, because gorilla answers a frame that breaks the protocol at once, past all
// that is queued, takes half a close code for none, and refuses 1014. Read fails with an *ending
// as soon as the client has closed or has broken the protocol; what came before that, gorilla gets.
// One goroutine at a time may call Read.
type frameReader struct {
	net.Conn
	head       []byte // of the frame that is being read
	left       uint64 // bytes of its payload that are still to come
	fragmented bool   // a message has begun, and its last fragment has not come
	closing    bool   // this is a close frame
	payload    []byte // of a close frame
	end        *ending
}

func (r *frameReader) Read(p []byte) (int, error) {
	if r.end != nil {
		return 0, r.end
	}
	n, err := r.Conn.Read(p)
	for i := 0; i < n; {
		taken := r.take(p[i:n])
		if r.end != nil {
			return i, r.end
		}
		i += taken
	}
	return n, err
}

// take looks at the first bytes of b, and returns how many.
func (r *frameReader) take(b []byte) int {
	n := 1
	if r.left > 0 {
		n = int(min(r.left, uint64(len(b))))
		r.left -= uint64(n)
		if r.closing {
			r.payload = append(r.payload, b[:n]...)
		}
	} else {
		r.head = append(r.head, b[0])
		if what := r.judge(); what != "" {
			r.end = broken(what)
		}
		if len(r.head) < headSize(r.head) {
			return n
		}
		r.left = payloadSize(r.head)
	}
	if r.left == 0 {
		if r.closing {
			r.end = r.read()
		}
		r.head = r.head[:0]
	}
	return n
}

// Parts of a frame's head (RFC 6455, section 5.2).
const (
	finBit       = 0x80
	reservedBits = 0x70
	opcodeBits   = 0x0f
	maskBit      = 0x80

	opContinuation = 0
	opBinary       = 2
	opClose        = 8 // and what is above is a control frame
	opPong         = 10

	maxControl = 125 // bytes of payload
)

// headSize is how long a frame's head is (RFC 6455, section 5.2), as far as can be told.
func headSize(head []byte) int {
	size := 2 + 4 // with a mask: gorilla reads no further in a frame without one
	if len(head) < 2 {
		return size
	}
	switch head[1] &^ maskBit {
	case 126:
		size += 2
	case 127:
		size += 8
	}
	return size
}

// payloadSize is how many bytes follow a head that is complete.
func payloadSize(head []byte) uint64 {
	switch short := head[1] &^ maskBit; short {
	case 126:
		return uint64(binary.BigEndian.Uint16(head[2:]))
	case 127:
		return binary.BigEndian.Uint64(head[2:])
	default:
		return uint64(short)
	}
}

// judge looks at the first two bytes of a head as soon as they have come, and tells what is wrong,
// or "". gorilla acts on these two. It refuses a length whose first bit is set without a frame of its
// own, so that is left to it.
func (r *frameReader) judge() (what string) {
	if len(r.head) != 2 {
		return ""
	}
	opcode, fin, short := r.head[0]&opcodeBits, r.head[0]&finBit != 0, r.head[1]&^maskBit
	control := opcode >= opClose
	r.closing = opcode == opClose
	// task 8.6: RFC 6455, sections 5.2, 5.4 and 5.5, says what may be wrong. No extension is in use.
	switch {
	case r.head[0]&reservedBits != 0:
		return "a reserved bit is set"
	case r.head[1]&maskBit == 0:
		return "a frame without a mask"
	case opcode > opPong || opcode > opBinary && !control:
		return fmt.Sprintf("the opcode %d", opcode)
	case control && (!fin || short > maxControl):
		return "a control frame that is fragmented, or too long"
	case opcode == opContinuation && !r.fragmented:
		return "a continuation of nothing"
	case opcode != opContinuation && !control && r.fragmented:
		return "a message in the middle of another one"
	}
	if !control {
		r.fragmented = !fin
	}
	return ""
	// end task 8.6
}

// read returns what the client's close frame says. r.payload is masked still.
func (r *frameReader) read() *ending {
	// task 8.4: Take it apart (RFC 6455, section 5.5.1). A frame that breaks a rule is an ending too.
	mask := r.head[len(r.head)-4:]
	for i := range r.payload {
		r.payload[i] ^= mask[i%4]
	}
	switch {
	case len(r.payload) == 0:
		return &ending{code: wire.CloseNoStatus, byPeer: true}
	case len(r.payload) == 1:
		return broken("a close frame with half a code")
	}
	code := wire.CloseCode(binary.BigEndian.Uint16(r.payload))
	reason := string(r.payload[2:])
	switch {
	case !code.MaySend():
		return broken(fmt.Sprintf("a close frame with %d, which must not be sent", code))
	case !utf8.ValidString(reason):
		return broken("a close reason that is not UTF-8")
	}
	return &ending{code: code, reason: reason, byPeer: true}
	// end task 8.4
}

// broken is the ending after a frame that breaks the protocol: nothing more can be read.
func broken(what string) *ending {
	return &ending{code: wire.CloseProtocolError, reason: what}
}

// below hands the connection to gorilla with a frameReader in between.
type below struct{ http.ResponseWriter }

func (b below) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(b.ResponseWriter).Hijack()
	return &frameReader{Conn: conn}, buffers, err
}
