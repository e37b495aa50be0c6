package conformance_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testclient/conformance"
)

// serve upgrades and lets f serve the connection.
func serve(f func(conn *websocket.Conn)) func(*testclient.World) http.Handler {
	return func(*testclient.World) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var upgrader websocket.Upgrader
			conn, err := upgrader.Upgrade(w, r, nil)
			if err != nil {
				return
			}
			defer func() { _ = conn.Close() }() // may be closed already
			f(conn)
		})
	}
}

// echo sends back what answer makes of a message.
func echo(conn *websocket.Conn, answer func([]byte) []byte) {
	for {
		kind, message, err := conn.ReadMessage()
		if err != nil || conn.WriteMessage(kind, answer(message)) != nil {
			return
		}
	}
}

func same(b []byte) []byte { return b }

// raw sends bytes of its own after the first frame of the client.
func raw(b string) func(conn *websocket.Conn) {
	return func(conn *websocket.Conn) {
		_, _ = conn.NetConn().Read(make([]byte, 1))
		_, _ = conn.NetConn().Write([]byte(b))
		_, _ = conn.NetConn().Read(make([]byte, 1000))
		_ = conn.Close()
	}
}

// broken are servers that break one rule, a case that finds it, and what the result says.
var broken = []struct {
	name  string
	serve func(conn *websocket.Conn)
	id    string
	did   string
	least int // of all cases that fail
}{
	{"another text", func(conn *websocket.Conn) {
		echo(conn, func(b []byte) []byte { return append([]byte("you said: "), b...) })
	}, "1.1.2", "answered with another message", 60},
	{"each message twice", func(conn *websocket.Conn) {
		echo(conn, func(b []byte) []byte {
			_ = conn.WriteMessage(websocket.TextMessage, b) // fails again
			return b
		})
	}, "1.1.2", "sent a text message that nothing asked for", 60},
	{"no close frame", func(conn *websocket.Conn) {
		conn.SetCloseHandler(func(int, string) error { return nil })
		echo(conn, same)
	}, "1.1.1", "closed TCP and did not answer the close frame", 60},
	{"no answer to a close frame, and no end", func(conn *websocket.Conn) {
		conn.SetCloseHandler(func(int, string) error { return nil })
		echo(conn, same)
		_, _ = conn.NetConn().Read(make([]byte, 1)) // until the end
	}, "1.1.1", "did not answer the close frame", 60},
	{"TCP stays", func(conn *websocket.Conn) {
		echo(conn, same)
		_, _ = conn.NetConn().Read(make([]byte, 1)) // until the end
	}, "7.1.1", "did not close TCP", 60},
	{"1006 for everything", func(conn *websocket.Conn) {
		_, _ = conn.NetConn().Read(make([]byte, 1))
	}, "2.1", "did not send the pong", 60},
	{"1000 after each message", func(conn *websocket.Conn) {
		kind, message, err := conn.ReadMessage()
		if err == nil {
			_ = conn.WriteMessage(kind, message)
			_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Time{})
		}
	}, "1.1.1", "ended the connection by itself with 1000 (normal closure)", 40},
	{"1008 for everything", raw("\x88\x02\x03\xf0"), "3.1", "closed with 1008 (policy violation), not with 1002 (protocol error)", 200},
	{"an empty pong", func(conn *websocket.Conn) {
		conn.SetPingHandler(func(string) error { return conn.WriteControl(websocket.PongMessage, nil, time.Time{}) })
		echo(conn, same)
	}, "2.2", "sent a pong with another payload", 8},
	{"pongs after the message", func(conn *websocket.Conn) {
		var pings []string
		conn.SetPingHandler(func(payload string) error {
			pings = append(pings, payload)
			return nil
		})
		echo(conn, func(b []byte) []byte {
			for _, payload := range pings {
				_ = conn.WriteControl(websocket.PongMessage, []byte(payload), time.Time{}) // fails again
			}
			return b
		})
	}, "5.19", "answered the ping only when the message was whole", 8},
	{"pongs after the answer", func(conn *websocket.Conn) {
		var pings []string
		conn.SetPingHandler(func(payload string) error {
			pings = append(pings, payload)
			return nil
		})
		for {
			kind, message, err := conn.ReadMessage()
			if err != nil || conn.WriteMessage(kind, message) != nil {
				return
			}
			for _, payload := range pings {
				_ = conn.WriteControl(websocket.PongMessage, []byte(payload), time.Time{}) // fails again
			}
			pings = nil
		}
	}, "5.6", "did not send a pong before the message that came after the ping", 8},
	{"a masked frame", raw("\x81\x80...."), "1.1.1", "sent a masked frame, which only clients send", 200},
	{"a reserved bit", raw("\xc1\x00"), "1.1.1", "sent a frame with a reserved bit set", 200},
	{"a reserved opcode", raw("\x83\x00"), "1.1.1", "sent a frame with a reserved opcode 3", 200},
	{"a ping in fragments", raw("\x09\x00"), "1.1.1", "sent a control frame in fragments", 200},
	{"a stray continuation", raw("\x80\x00"), "1.1.1", "sent a fragment out of order: continuation", 200},
	{"1005 on the wire", raw("\x88\x02\x03\xed"), "1.1.1", "sent a close frame with 1005, which no close frame may have", 200},
	{"half a code", raw("\x88\x01\x03"), "1.1.1", "sent a close frame with half a code", 200},
	{"a text after the close frame", raw("\x88\x02\x03\xe8\x81\x00"), "1.1.1", "sent a frame after its close frame: text", 200},
}

func TestBrokenServersFail(t *testing.T) {
	for _, row := range broken {
		t.Run(row.name, func(t *testing.T) {
			failed := 0
			for _, r := range conformance.Check(t, conformance.Subject{Serve: serve(row.serve)}) {
				if r.Verdict == conformance.Failed {
					failed++
				}
				if r.ID == row.id && r.Did != row.did {
					t.Errorf("%s: the server %q, want %q\n%s", r.ID, r.Did, row.did, r)
				}
			}
			if failed < row.least {
				t.Errorf("%d cases fail, want %d at least", failed, row.least)
			}
			t.Log(failed, "cases fail")
		})
	}
}

// A server that does not upgrade, and one that panics, fail every case.
func TestServersWithoutWebSocketFail(t *testing.T) {
	for name, h := range map[string]http.Handler{
		"did not upgrade: its status is 404 Not Found": http.NotFoundHandler(),
		"has a fault (panic): ":                        http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("oops") }),
	} {
		for _, r := range conformance.Check(t, conformance.Subject{Serve: func(*testclient.World) http.Handler { return h }}) {
			if r.Verdict != conformance.Failed || !strings.HasPrefix(r.Did, name) {
				t.Fatalf("%s: %v, the server %s; want failed, the server %s", r.ID, r.Verdict, r.Did, name)
			}
		}
	}
}

func ExampleResult_String() {
	r := conformance.Result{
		Case: conformance.Case{
			ID: "6.3.1", Title: "Sends a text message that is not UTF-8.",
			Asks: "A text message is UTF-8. The server fails the connection with 1007.", Section: "8.1",
		},
		Verdict: conformance.Failed, Section: "8.1", Did: "sent a text message where it must fail the connection",
		Transcript: []string{`     0s  ──▶ text "\xed\xa0\x80"`, `     0s  ◀── text "\xed\xa0\x80"`},
	}
	fmt.Println(r)
	// Output:
	// 6.3.1 failed: the server sent a text message where it must fail the connection (RFC 6455, section 8.1).
	//   The client: Sends a text message that is not UTF-8.
	//   Section 8.1: A text message is UTF-8. The server fails the connection with 1007.
	//        0s  ──▶ text "\xed\xa0\x80"
	//        0s  ◀── text "\xed\xa0\x80"
}
