package testclient_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/testclient"
)

// t is what package testing hands to a test.
var t *testing.T

// server is any http.Handler, here one that echoes.
var server = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
	conn, err := new(websocket.Upgrader).Upgrade(rw, r, nil)
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

// A test lets a client say something and tells what must come back.
func ExampleRun() {
	testclient.Run(t, func(w *testclient.World) {
		ana := w.Serve(server).Dial("/ws", testclient.As("ana"))
		ana.Send("hello")
		ana.ExpectText("hello")
		ana.Silence(time.Hour) // takes no time
	})
}

// A stalled client's buffer is full after so many bytes. A good server does not let the
// others wait for it.
func ExampleClient_Stall() {
	testclient.Run(t, func(w *testclient.World) {
		s := w.Serve(server)
		slow := s.Dial("/ws", testclient.As("slow"), testclient.Buffer(1024))
		slow.Stall()
		slow.Send("this will never be read")

		ana := s.Dial("/ws", testclient.As("ana"))
		ana.Send("hello")
		ana.ExpectText("hello")
	})
}

// Await reads on until a message is the one that is wanted.
func ExampleClient_Await() {
	testclient.Run(t, func(w *testclient.World) {
		ana := w.Serve(server).Dial("/ws", testclient.As("ana"))
		beat := ana.Within(30*time.Second).Await("a heartbeat", func(m testclient.Message) bool {
			var envelope struct{ Type string }
			return m.JSON(&envelope) == nil && envelope.Type == "heartbeat"
		})
		w.Note("the first heartbeat came after %v", beat.At)
	})
}

// Twenty clients arrive at the same instant.
func ExampleWorld_Rush() {
	testclient.Run(t, func(w *testclient.World) {
		s := w.Serve(server)
		w.Rush(20, func(i int) {
			c := s.Dial("/ws", testclient.As(fmt.Sprintf("client%d", i)))
			c.Send("hello")
			c.ExpectText("hello")
		})
	})
}

// A message in three fragments, with a ping between them.
func ExampleClient_SendFrame() {
	testclient.Run(t, func(w *testclient.World) {
		ana := w.Serve(server).Dial("/ws", testclient.As("ana"))
		first := testclient.TextFrame("hel")
		first.Fin = false
		second := testclient.NewFrame(testclient.OpContinuation, []byte("l"))
		second.Fin = false
		last := testclient.NewFrame(testclient.OpContinuation, []byte("o"))
		ana.SendFrame(first, testclient.NewFrame(testclient.OpPing, nil), second, last)
		ana.ExpectText("hello")
	})
}

// The frame of RFC 6455, section 5.7, and one that is broken on purpose.
func ExampleFrame_Bytes() {
	hello := testclient.Frame{Fin: true, Opcode: testclient.OpText, Payload: []byte("Hello")}
	fmt.Printf("% x\n", hello.Bytes())
	hello.RSV = 4
	fmt.Printf("% x\n", hello.Bytes())
	fmt.Println(hello)
	// Output:
	// 81 05 48 65 6c 6c 6f
	// c1 05 48 65 6c 6c 6f
	// text "Hello" (RSV 100) (not masked)
}

// Each JSON document needs a message of its own.
func ExampleMessage_JSON() {
	m := testclient.Message{Kind: testclient.Text, Data: []byte(`{"n":1}` + "\n" + `{"n":2}`)}
	var v struct{ N int }
	fmt.Println(m.JSON(&v))
	// Output:
	// two JSON documents in one message; each needs a message of its own.
	// Writing all that is queued to one NextWriter does this
}

func ExampleCloseInfo() {
	fmt.Println(testclient.CloseInfo{Code: 1001, Reason: "restarting"})
	fmt.Println(testclient.CloseInfo{Code: 4001})
	// Output:
	// close 1001 (going away) "restarting"
	// close 4001
}
