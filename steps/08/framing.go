package chat

import (
	"bufio"
	"encoding/binary"
	"net"
	"net/http"

	"wsworkshop/steps/08/wire"
)

// closeReader is the network connection below gorilla's. It reads close frames itself, because
// gorilla takes half a code for none and refuses 1014. When the client's close frame has come, Read
// fails with an *ending that says what was in it. All other frames are gorilla's, whatever is
// wrong with them. One goroutine at a time may call Read.
type closeReader struct {
	net.Conn
	head    []byte // of the frame that is being read
	left    uint64 // bytes of its payload that are still to come
	closing bool   // it is a close frame
	payload []byte // of a close frame
	end     *ending
}

func (r *closeReader) Read(p []byte) (int, error) {
	if r.end != nil {
		return 0, r.end
	}
	n, err := r.Conn.Read(p)
	frame := 0 // where in p the present frame begins
	for i := 0; i < n; {
		if len(r.head) == 0 {
			frame = i
		}
		i += r.take(p[i:n])
		if r.end != nil {
			return frame, r.end
		}
	}
	return n, err
}

// take looks at the first bytes of b, and returns how many.
func (r *closeReader) take(b []byte) int {
	n := 1
	if r.left > 0 {
		n = int(min(r.left, uint64(len(b))))
		r.left -= uint64(n)
		if r.closing {
			r.payload = append(r.payload, b[:n]...)
		}
	} else {
		r.head = append(r.head, b[0])
		if len(r.head) < headSize(r.head) {
			return n
		}
		r.begin()
	}
	if r.left == 0 {
		if r.closing {
			r.end = r.read()
		}
		r.head = r.head[:0]
	}
	return n
}

const (
	finAndClose = 0x88 // FIN, no reserved bits, opcode 8
	maskBit     = 0x80
	maxControl  = 125 // bytes of payload
)

// headSize is how long a frame's head is (RFC 6455, section 5.2), as far as can be told.
func headSize(head []byte) int {
	size := 2
	if len(head) < size {
		return size
	}
	switch head[1] &^ maskBit {
	case 126:
		size += 2
	case 127:
		size += 8
	}
	if head[1]&maskBit != 0 {
		size += 4
	}
	return size
}

// begin looks at a head that is complete. A close frame that breaks a rule of all frames is
// gorilla's.
func (r *closeReader) begin() {
	switch short := r.head[1] &^ maskBit; short {
	case 126:
		r.left = uint64(binary.BigEndian.Uint16(r.head[2:]))
	case 127:
		r.left = binary.BigEndian.Uint64(r.head[2:])
	default:
		r.left = uint64(short)
	}
	r.closing = r.head[0] == finAndClose && r.head[1]&maskBit != 0 && r.left <= maxControl
}

// read returns what the client's close frame says. r.payload is masked still.
func (r *closeReader) read() *ending {
	// TODO(8.4): Take it apart (RFC 6455, section 5.5.1). A frame that breaks a rule is an ending too.
	return nil // placeholder: gorilla gets it, and answers
}

// broken is the ending after a frame that breaks the protocol: nothing more can be read.
func broken(what string) *ending {
	return &ending{code: wire.CloseProtocolError, reason: what}
}

// below hands the connection to gorilla with a closeReader in between.
type below struct{ http.ResponseWriter }

func (b below) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(b.ResponseWriter).Hijack()
	return &closeReader{Conn: conn}, buffers, err
}
