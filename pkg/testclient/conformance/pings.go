package conformance

import (
	"bytes"
	"fmt"

	"wsworkshop/pkg/testclient"
)

const (
	hello    = "Hello, world!"
	notUTF8  = "\x00\xff\xfe\xfd\xfc\xfb\x00\xff"
	pongAsks = "The server answers a ping with a pong that has the same payload."
)

// pings are Autobahn's section 2.
func (b *book) pings() {
	full := bytes.Repeat([]byte{0xfe}, 125)
	b.ping("2.1", "Sends a ping without a payload.", nil, whole)
	b.ping("2.2", "Sends a ping with a text.", []byte(hello), whole)
	b.ping("2.3", "Sends a ping with bytes that are not UTF-8.", []byte(notUTF8), whole)
	b.ping("2.4", "Sends a ping with 125 bytes.", full, whole)
	b.add(Case{
		ID: "2.5", Section: "5.5",
		Title: "Sends a ping with 126 bytes.",
		Asks:  "A control frame has at most 125 bytes. The server fails the connection with 1002.",
		steps: []step{send(frame(testclient.OpPing, bytes.Repeat([]byte{0xfe}, 126)))},
		end:   violated,
	})
	b.ping("2.6", "Sends a ping with 125 bytes, each in a write of its own.", full, perOctet)
	b.unsolicited("2.7", "Sends a pong that nobody asked for, without a payload.", frame(testclient.OpPong, nil))
	b.unsolicited("2.8", "Sends a pong that nobody asked for, with a payload.", frame(testclient.OpPong, []byte("unsolicited")))
	b.unsolicited("2.9", "Sends a pong that nobody asked for, and then a ping.",
		frame(testclient.OpPong, []byte("unsolicited")), frame(testclient.OpPing, []byte("my ping")))
	b.tenPings("2.10", "Sends ten pings.", whole)
	b.tenPings("2.11", "Sends ten pings, each byte in a write of its own.", perOctet)
}

func (b *book) ping(id, title string, payload []byte, by chops) {
	b.add(Case{
		ID: id, Title: title, Asks: pongAsks, Section: "5.5.3",
		steps: []step{send(frame(testclient.OpPing, payload)).by(by)},
		want:  []reply{pong(payload)},
		end:   clean,
	})
}

func (b *book) unsolicited(id, title string, frames ...testclient.Frame) {
	c := Case{
		ID: id, Title: title, Section: "5.5.3",
		Asks:  "The server does not answer a pong, and goes on.",
		steps: []step{send(frames...)},
		end:   clean,
	}
	for _, f := range frames[1:] {
		c.want = append(c.want, pong(f.Payload))
	}
	b.add(c)
}

func (b *book) tenPings(id, title string, by chops) {
	c := Case{
		ID: id, Title: title, Section: "5.5.3", end: clean,
		Asks: "The server answers each ping, in the same order. It has the time to answer one before the next comes.",
	}
	for i := range 10 {
		payload := fmt.Appendf(nil, "payload-%d", i)
		c.steps = append(c.steps, send(frame(testclient.OpPing, payload)).by(by))
		c.want = append(c.want, pong(payload))
	}
	b.add(c)
}
