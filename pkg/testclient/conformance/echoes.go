package conformance

import (
	"fmt"

	"wsworkshop/pkg/testclient"
)

// echoes are Autobahn's section 1: messages of all sizes around those where the length field of a
// frame changes.
func (b *book) echoes() {
	sizes := []int{0, 125, 126, 127, 128, 65535, 65536, 65536}
	for i, size := range sizes {
		b.echo(fmt.Sprintf("1.1.%d", i+1), testclient.OpText, b.s.sized(size, '*'), i == len(sizes)-1)
	}
	for i, size := range sizes {
		b.echo(fmt.Sprintf("1.2.%d", i+1), testclient.OpBinary, b.s.sized(size, 0xfe), i == len(sizes)-1)
	}
}

func (b *book) echo(id string, op byte, payload []byte, chopped bool) {
	c := Case{
		ID: id, Section: "5.6",
		Title: fmt.Sprintf("Sends a %s message of %d bytes.", opName(op), len(payload)),
		Asks:  "The message arrives whole. The server answers it.",
		steps: []step{send(frame(op, payload))},
		want:  []reply{{op, payload}},
		end:   clean,
	}
	if chopped {
		c.steps[0].chops = perPrime
		c.Title = fmt.Sprintf("Sends a %s message of %d bytes, %s.", opName(op), len(payload), perPrime)
	}
	switch {
	case op == testclient.OpBinary && b.s.TextOnly:
		c.Asks, c.Section = "A server that takes no binary messages closes with 1003.", "7.4.1"
		c.want, c.end = nil, end{fails, []int{unsupported}}
	case b.s.MaxMessage > 0 && len(payload) > b.s.MaxMessage:
		c.Asks, c.Section = "A server that takes no message of this size closes with 1009.", "7.4.1"
		c.want, c.end = nil, end{fails, []int{tooBig}}
	}
	b.add(c)
}
