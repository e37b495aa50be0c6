package conformance

import (
	"fmt"
	"strings"

	"wsworkshop/pkg/testclient"
)

const (
	controlAsks  = "A control frame is never in fragments. The server fails the connection with 1002."
	continueAsks = "There is nothing to continue. The server fails the connection with 1002."
	wholeAsks    = "The server puts the fragments together and answers the message."
	betweenAsks  = "A ping may stand between fragments. The server answers it, and then the message."
)

// fragmentation is Autobahn's section 5.
func (b *book) fragmentation() {
	b.fragmentedControl("5.1", testclient.OpPing)
	b.fragmentedControl("5.2", testclient.OpPong)
	two := b.parts(2)
	message := joined(two)
	ping := frame(testclient.OpPing, []byte("ping payload"))
	for i, by := range []chops{whole, perFrame, perOctet} {
		b.add(Case{
			ID: fmt.Sprintf("5.%d", 3+i), Section: "5.4", Asks: wholeAsks, end: clean,
			Title: "Sends a text message in two fragments, " + by.String() + ".",
			steps: []step{send(two...).by(by)},
			want:  []reply{text(message)},
		})
	}
	for i, by := range []chops{whole, perFrame, perOctet} {
		b.add(Case{
			ID: fmt.Sprintf("5.%d", 6+i), Section: "5.4", Asks: betweenAsks, end: clean,
			Title: "Sends a ping between the two fragments of a text message, " + by.String() + ".",
			steps: []step{send(two[0], ping, two[1]).by(by)},
			want:  []reply{pong(ping.Payload), text(message)},
		})
	}
	b.stray(9, true)
	b.stray(12, false)
	b.strayLater()
	b.add(Case{
		ID: "5.18", Section: "5.4", end: violated,
		Title: "Sends a text message in two fragments that are both of the opcode text.",
		Asks:  "Each fragment after the first is a continuation. The server fails the connection with 1002.",
		steps: []step{send(two[0], frame(testclient.OpText, two[1].Payload))},
	})
	b.pauseBetween("5.19", whole)
	b.pauseBetween("5.20", perFrame)
}

// parts is a text message in n fragments.
func (b *book) parts(n int) []testclient.Frame {
	var said strings.Builder
	var cuts []int
	for i := range n {
		fmt.Fprintf(&said, "fragment%d", i+1)
		cuts = append(cuts, said.Len())
	}
	message := b.s.message(said.String())
	before := strings.Index(string(message), said.String())
	for i := range cuts {
		cuts[i] += before
	}
	return fragments(testclient.OpText, message, cuts[:n-1]...)
}

// joined is the message of fragments.
func joined(frames []testclient.Frame) []byte {
	var message []byte
	for _, f := range frames {
		message = append(message, f.Payload...)
	}
	return message
}

func (b *book) fragmentedControl(id string, op byte) {
	b.add(Case{
		ID: id, Section: "5.4", Asks: controlAsks, end: violated,
		Title: fmt.Sprintf("Sends a %s in two fragments.", opName(op)),
		steps: []step{send(fragments(op, []byte("fragment1fragment2"), len("fragment1"))...)},
	})
}

// stray are three cases of a continuation with nothing to continue, before a good message.
func (b *book) stray(first int, fin bool) {
	stray := frame(testclient.OpContinuation, []byte("non-continuation payload"))
	stray.Fin = fin
	for i, by := range []chops{whole, perFrame, perOctet} {
		b.add(Case{
			ID: fmt.Sprintf("5.%d", first+i), Section: "5.4", Asks: continueAsks, end: violated,
			Title: fmt.Sprintf("Sends a continuation (FIN %s) with nothing to continue, and a text message, %s.", bit(fin), by),
			steps: []step{send(stray, frame(testclient.OpText, b.s.message(hello))).by(by)},
		})
	}
}

// strayLater are cases of a continuation with nothing to continue, among messages in fragments.
func (b *book) strayLater() {
	two := b.parts(2)
	stray := unfinished(frame(testclient.OpContinuation, []byte("fragment3")))
	b.add(Case{
		ID: "5.15", Section: "5.4", Asks: continueAsks, end: violated,
		Title: "Sends a text message in two fragments, a continuation (FIN 0) with nothing to continue, and a text message.",
		steps: []step{send(two[0], two[1], stray, frame(testclient.OpText, b.s.message("fragment4")))},
		want:  []reply{text(joined(two))},
	})
	for i, fin := range []bool{false, true} {
		stray.Fin = fin
		b.add(Case{
			ID: fmt.Sprintf("5.%d", 16+i), Section: "5.4", Asks: continueAsks, end: violated,
			Title: fmt.Sprintf("Sends a continuation (FIN %s) with nothing to continue, and a text message in two fragments, twice.", bit(fin)),
			steps: []step{send(stray, two[0], two[1], stray, two[0], two[1])},
		})
	}
}

// pauseBetween is a message in five fragments, with pings and a pause between them.
func (b *book) pauseBetween(id string, by chops) {
	five := b.parts(5)
	first, second := frame(testclient.OpPing, []byte("pongme 1!")), frame(testclient.OpPing, []byte("pongme 2!"))
	b.add(Case{
		ID: id, Section: "5.5.2", end: clean,
		Title: "Sends two fragments and a ping. A second later it sends three fragments, and a ping before the last, " + by.String() + ".",
		Asks:  "The server answers a ping as soon as it can, and not only when the message is whole.",
		steps: []step{
			send(five[0], five[1], first).by(by).wait(allPonged),
			send(five[2], five[3], second, five[4]).by(by),
		},
		want: []reply{pong(first.Payload), pong(second.Payload), text(joined(five))},
	})
}

func bit(on bool) string {
	if on {
		return "1"
	}
	return "0"
}
