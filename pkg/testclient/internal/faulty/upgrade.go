// Package faulty has servers with the mistakes that testclient must find and name. It
// stands for the code under test; only testclient's own tests use it.
package faulty

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"net"
	"net/http"

	"wsworkshop/pkg/testclient"
)

// Session is what a server does with an upgraded connection, which is closed afterwards.
type Session func(conn net.Conn, in *bufio.Reader)

// ServeHTTP upgrades without much ado.
func (s Session) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	conn, in := upgrade(rw, r)
	defer conn.Close()
	s(conn, in)
}

func upgrade(rw http.ResponseWriter, r *http.Request) (net.Conn, *bufio.Reader) {
	conn, buf, err := rw.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	_, _ = conn.Write([]byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n" +
		"Connection: Upgrade\r\nSec-WebSocket-Accept: " + Accept(r) + "\r\n\r\n"))
	return conn, buf.Reader
}

// Accept computes the Sec-WebSocket-Accept header for r.
func Accept(r *http.Request) string {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// Sends returns a session that sends frames and waits for the client to go.
func Sends(frames ...testclient.Frame) Session {
	return func(conn net.Conn, in *bufio.Reader) {
		for _, f := range frames {
			f.Masked = false
			_, _ = conn.Write(f.Bytes())
		}
		untilGone(in)
	}
}

// Raw returns a session that sends bytes and waits for the client to go.
func Raw(b ...byte) Session {
	return func(conn net.Conn, in *bufio.Reader) {
		_, _ = conn.Write(b)
		untilGone(in)
	}
}

func untilGone(in *bufio.Reader) {
	for {
		if _, err := in.ReadByte(); err != nil {
			return
		}
	}
}
