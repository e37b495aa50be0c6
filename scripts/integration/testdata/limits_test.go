package main

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
)

// serveLimited puts the program's http.Server on w's network, with a page at / and an echo at /ws.
func serveLimited(w *testclient.World) *testclient.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(rw http.ResponseWriter, r *http.Request) {
		io.WriteString(rw, strings.Repeat("page ", 2000))
	})
	mux.HandleFunc("GET /ws", func(rw http.ResponseWriter, r *http.Request) {
		var upgrader websocket.Upgrader
		conn, err := upgrader.Upgrade(rw, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		for {
			kind, data, err := conn.ReadMessage()
			if err != nil || conn.WriteMessage(kind, data) != nil {
				return
			}
		}
	})
	ln := w.Listen()
	srv := newHTTPServer(mux)
	go srv.Serve(ln)
	s := w.At(ln)
	s.Cleanup("Close()", func() { srv.Close() })
	return s
}

// dial connects without a request.
func dial(w *testclient.World, s *testclient.Server) net.Conn {
	conn, err := s.Link().DialContext(w.Context(), "tcp", s.Addr())
	require.NoError(w, err)
	return conn
}

func TestClientsThatStandStillAreDropped(t *testing.T) {
	const get = "GET / HTTP/1.1\r\nHost: chat\r\n"
	for name, test := range map[string]struct {
		request string
		within  time.Duration
	}{
		"in the head":               {get, 11 * time.Second},
		"before the body":           {"POST / HTTP/1.1\r\nHost: chat\r\nContent-Length: 5\r\n\r\n", 31 * time.Second},
		"in the body":               {"POST / HTTP/1.1\r\nHost: chat\r\nContent-Length: 5\r\n\r\nhell", 31 * time.Second},
		"before the body of a GET":  {get + "Content-Length: 5\r\n\r\n", 31 * time.Second},
		"between two requests":      {get + "\r\n", 121 * time.Second},
		"between two, after a POST": {"POST / HTTP/1.1\r\nHost: chat\r\nContent-Length: 5\r\n\r\nhello", 121 * time.Second},
		"in the head of the second": {get + "\r\n" + get, 11 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			testclient.Run(t, func(w *testclient.World) {
				conn := dial(w, serveLimited(w))
				_, err := io.WriteString(conn, test.request)
				require.NoError(w, err)
				conn.SetReadDeadline(time.Now().Add(test.within))
				_, err = io.Copy(io.Discard, conn)
				require.NoError(w, err, "the connection is still there after %v", test.within)
			})
		})
	}
}

func TestClientThatDoesNotReadIsDropped(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		conn := dial(w, serveLimited(w))
		conn.SetWriteDeadline(time.Now().Add(10 * time.Minute))
		var err error
		for err == nil { // until the network's buffers are full, both ways
			_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: chat\r\n\r\n")
		}
		require.ErrorContains(w, err, "broken pipe", "the server still waits for a client that does not read")
	})
}

func TestWebSocketHasNoSuchLimit(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		ana := serveLimited(w).Dial("/ws", testclient.As("ana"))
		w.Sleep(time.Hour)
		ana.Send("still here")
		ana.ExpectText("still here")
	})
}
