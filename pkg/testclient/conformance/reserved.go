package conformance

import (
	"fmt"
	"strings"

	"wsworkshop/pkg/testclient"
)

// reservedBits are Autobahn's section 3.
func (b *book) reservedBits() {
	good := frame(testclient.OpText, b.s.message(hello))
	ping := frame(testclient.OpPing, nil)
	for i, row := range []struct {
		title string
		bad   testclient.Frame
		among bool // a good message comes before, and a ping after
		by    chops
	}{
		{"a text message", good, false, whole},
		{"a text message", good, true, whole},
		{"a text message", good, true, perFrame},
		{"a text message", good, true, perOctet},
		{"a binary message", frame(testclient.OpBinary, []byte(notUTF8)), false, whole},
		{"a ping", frame(testclient.OpPing, []byte(hello)), false, whole},
		{"a close frame", frame(testclient.OpClose, nil), false, whole},
	} {
		bits := byte(i + 1)
		c := Case{
			ID: fmt.Sprintf("3.%d", i+1), Section: "5.2", end: violated,
			Title: fmt.Sprintf("Sends %s with the reserved bits %03b.", row.title, bits),
			Asks: "Without an extension the reserved bits are 0. " +
				"The server fails the connection with 1002, and answers nothing that comes later.",
			steps: []step{send(reserved(row.bad, bits)).by(row.by)},
		}
		if row.among {
			c.Title = fmt.Sprintf("Sends a good text message, one with the reserved bits %03b, and a ping, %s.", bits, row.by)
			c.steps = []step{send(good, reserved(row.bad, bits), ping).by(row.by)}
			c.want = []reply{text(good.Payload)}
		}
		b.add(c)
	}
}

// reservedOpcodes are Autobahn's section 4.
func (b *book) reservedOpcodes() {
	for i, first := range []byte{3, 11} {
		for j := range 5 {
			b.reservedOpcode(fmt.Sprintf("4.%d.%d", i+1, j+1), first+byte(j), j)
		}
	}
}

// reservedOpcode adds the j-th case of either kind: every other frame has a payload, the last three
// come after a good message, and the last one in bytes.
func (b *book) reservedOpcode(id string, op byte, j int) {
	bad, how := frame(op, nil), "without a payload"
	if j == 1 || j >= 3 {
		bad, how = frame(op, []byte("reserved opcode payload")), "with a payload"
	}
	c := Case{
		ID: id, Section: "5.2", end: violated,
		Title: fmt.Sprintf("Sends a frame with the reserved opcode %d %s.", op, how),
		Asks: "The opcodes 3 to 7 and 11 to 15 are reserved. " +
			"The server fails the connection with 1002, and answers nothing that comes later.",
		steps: []step{send(bad)},
	}
	if j >= 2 {
		good := frame(testclient.OpText, b.s.message(hello))
		c.Title = fmt.Sprintf("Sends a good text message, a frame with the reserved opcode %d %s, and a ping.", op, how)
		c.steps = []step{send(good, bad, frame(testclient.OpPing, nil))}
		c.want = []reply{text(good.Payload)}
	}
	if j == 4 {
		c.steps[0].chops = perOctet
		c.Title = strings.TrimSuffix(c.Title, ".") + ", " + perOctet.String() + "."
	}
	b.add(c)
}
