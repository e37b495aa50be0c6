package conformance

import (
	"bufio"
	"crypto/sha1" //nolint:gosec // RFC 6455, section 4.2.2, asks for it
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"wsworkshop/pkg/testclient"
)

// wire is the client's connection. One goroutine, that of the case, writes. Another one reads
// until the end.
type wire struct {
	w    *testclient.World
	conn net.Conn
	news chan struct{} // has room for one; full when something has come

	mu    sync.Mutex // guards what follows
	got   []testclient.Frame
	fault *fault   // what no server may send; nothing is read after it
	ended bool     // the server has closed TCP
	lines []string // the transcript
}

// fault is what a server did against the RFC in a frame of its own.
type fault struct{ what, section string }

// handshakeKey is any 16 bytes.
const handshakeKey = "Y29uZm9ybWFuY2UgdGVzdA=="

// dial opens a WebSocket. The error says what was wrong with the server's answer.
func dial(w *testclient.World, server *testclient.Server, s *Subject) (*wire, error) {
	conn, err := server.Link(testclient.As("client")).DialContext(w.Context(), "tcp", server.Addr())
	if err != nil {
		return nil, err
	}
	limit := time.Now().Add(s.patience())
	if err := conn.SetDeadline(limit); err != nil {
		return nil, err
	}
	if _, err := io.WriteString(conn, handshake(server.Addr(), s)); err != nil {
		return nil, err
	}
	br := bufio.NewReader(conn)
	resp, err := http.ReadResponse(br, nil)
	if err != nil {
		return nil, err
	}
	if err := checkHandshake(resp); err != nil {
		return nil, err
	}
	if err := conn.SetDeadline(time.Time{}); err != nil {
		return nil, err
	}
	c := &wire{w: w, conn: conn, news: make(chan struct{}, 1)}
	go c.read(br)
	return c, nil
}

// handshake is the request (RFC 6455, section 4.1).
func handshake(host string, s *Subject) string {
	header := http.Header{}
	for key, values := range s.Header {
		header[key] = values
	}
	header.Set("Upgrade", "websocket")
	header.Set("Connection", "Upgrade")
	header.Set("Sec-WebSocket-Version", "13")
	header.Set("Sec-WebSocket-Key", handshakeKey)
	var text strings.Builder
	fmt.Fprintf(&text, "GET %s HTTP/1.1\r\nHost: %s\r\n", s.path(), host)
	_ = header.Write(&text) // a Builder takes everything
	return text.String() + "\r\n"
}

func checkHandshake(resp *http.Response) error {
	sum := sha1.Sum([]byte(handshakeKey + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) //nolint:gosec // as above
	switch {
	case resp.StatusCode != http.StatusSwitchingProtocols:
		return fmt.Errorf("its status is %s", resp.Status)
	case resp.Header.Get("Sec-WebSocket-Accept") != base64.StdEncoding.EncodeToString(sum[:]):
		return fmt.Errorf("its Sec-WebSocket-Accept is %q", resp.Header.Get("Sec-WebSocket-Accept"))
	case resp.Header.Get("Sec-WebSocket-Extensions") != "":
		return fmt.Errorf("it has an extension that was not offered: %s", resp.Header.Get("Sec-WebSocket-Extensions"))
	}
	return nil
}

// read takes what the server sends.
func (c *wire) read(br *bufio.Reader) {
	for {
		f, bad, err := readFrame(br)
		c.mu.Lock()
		switch {
		case err != nil:
			c.ended = true
			c.note("◀── (the server closes TCP)")
		case bad != nil:
			c.fault = bad
			c.note("◀── " + bad.what)
		default:
			c.got = append(c.got, f)
			c.note("◀── " + showFrame(f))
		}
		c.mu.Unlock()
		select {
		case c.news <- struct{}{}:
		default:
		}
		if err != nil || bad != nil {
			return
		}
	}
}

// note adds a line to the transcript. The caller holds the lock.
func (c *wire) note(what string) {
	c.lines = append(c.lines, fmt.Sprintf("%7v  %s", c.w.Elapsed().Round(time.Millisecond), what))
}

func (c *wire) noteAll(lines []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, line := range lines {
		c.note("──▶ " + line)
	}
}

// largest is how long a frame of a server may be.
const largest = 64 << 20

// readFrame reads a frame of a server and finds what no server may send.
func readFrame(br *bufio.Reader) (testclient.Frame, *fault, error) {
	var b [10]byte
	if _, err := io.ReadFull(br, b[:2]); err != nil {
		return testclient.Frame{}, nil, err
	}
	f := testclient.Frame{Fin: b[0]&0x80 != 0, RSV: b[0] >> 4 & 7, Opcode: b[0] & 15, Masked: b[1]&0x80 != 0}
	n := uint64(b[1] & 0x7f)
	var err error
	switch n {
	case 126:
		_, err = io.ReadFull(br, b[:2])
		n = uint64(binary.BigEndian.Uint16(b[:2]))
	case 127:
		_, err = io.ReadFull(br, b[:8])
		n = binary.BigEndian.Uint64(b[:8])
	}
	if err != nil {
		return f, nil, err
	}
	if bad := faulty(f, n); bad != nil {
		return f, bad, nil
	}
	f.Payload = make([]byte, n)
	_, err = io.ReadFull(br, f.Payload)
	return f, nil, err
}

func faulty(f testclient.Frame, n uint64) *fault {
	control := f.Opcode >= testclient.OpClose
	switch {
	case f.RSV != 0:
		return &fault{"a frame with a reserved bit set", "5.2"}
	case f.Opcode > testclient.OpBinary && !control || f.Opcode > testclient.OpPong:
		return &fault{"a frame with a " + opName(f.Opcode), "5.2"}
	case f.Masked:
		return &fault{"a masked frame, which only clients send", "5.1"}
	case control && !f.Fin:
		return &fault{"a control frame in fragments", "5.5"}
	case control && n > 125:
		return &fault{fmt.Sprintf("a control frame of %d bytes", n), "5.5"}
	case n > largest:
		return &fault{fmt.Sprintf("a frame that claims %d bytes", n), "5.2"}
	}
	return nil
}
