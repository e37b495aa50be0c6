package conformance

import (
	"fmt"
	"strings"

	"wsworkshop/pkg/testclient"
)

const (
	closeAsks = "The server answers a close frame with a close frame, and then closes TCP."
	afterAsks = closeAsks + " It does not act on what comes after."
)

// closing are Autobahn's sections 7.1, 7.3 and 7.5.
func (b *book) closing() {
	good, bye := frame(testclient.OpText, b.s.message(hello)), closeFrame(normal, "")
	two := b.parts(2)
	size := 256 << 10
	if b.s.MaxMessage > 0 {
		size = min(size, b.s.MaxMessage)
	}
	big := frame(testclient.OpText, b.s.sized(size, '*'))
	for _, c := range []Case{
		{ID: "7.1.1", Title: "Sends a text message and a close frame.", Asks: closeAsks,
			steps: []step{send(good, bye)}, want: []reply{text(good.Payload)}},
		{ID: "7.1.2", Title: "Sends two close frames.", Asks: afterAsks, steps: []step{send(bye, bye)}},
		{ID: "7.1.3", Title: "Sends a close frame and a ping.", Asks: afterAsks,
			steps: []step{send(bye, frame(testclient.OpPing, nil))}},
		{ID: "7.1.4", Title: "Sends a close frame and a text message.", Asks: afterAsks, steps: []step{send(bye, good)}},
		{ID: "7.1.5", Title: "Sends a close frame between the two fragments of a text message.", Asks: afterAsks,
			steps: []step{send(two[0], bye, two[1])}},
		{ID: "7.1.6", Title: fmt.Sprintf("Sends a text message of %d bytes, a short one, a close frame and a ping.", size),
			Asks:  "The RFC leaves open whether the server answers the messages before it answers the close frame.",
			steps: []step{send(big, good, bye, frame(testclient.OpPing, nil))}, open: true},
		{ID: "7.3.1", Title: "Sends a close frame without a payload.", Asks: closeAsks,
			steps: []step{send(frame(testclient.OpClose, nil))}},
		{ID: "7.3.3", Title: "Sends a close frame with a code and no reason.", Asks: closeAsks, steps: []step{send(bye)}},
		{ID: "7.3.4", Title: "Sends a close frame with a code and a reason.", Asks: closeAsks,
			steps: []step{send(closeFrame(normal, hello))}},
		{ID: "7.3.5", Title: "Sends a close frame with the longest reason, 123 bytes.", Asks: closeAsks,
			steps: []step{send(closeFrame(normal, strings.Repeat("*", 123)))}},
	} {
		c.Section, c.end = "5.5.1", answered
		b.add(c)
		if c.ID == "7.3.1" {
			b.halfCode()
		}
	}
	b.add(Case{
		ID: "7.3.6", Section: "5.5", end: violated,
		Title: "Sends a close frame with a reason of 124 bytes.",
		Asks:  "A control frame has at most 125 bytes. The server fails the connection with 1002.",
		steps: []step{send(closeFrame(normal, strings.Repeat("*", 124)))},
	})
	b.add(Case{
		ID: "7.5.1", Section: "8.1", end: end{fails, []int{invalid, protocol}},
		Title: "Sends a close frame with a reason that is not UTF-8.",
		Asks:  "A close reason is UTF-8. The server fails the connection with 1007 or 1002.",
		steps: []step{send(closeFrame(normal, greek+surrogate+edited))},
	})
}

func (b *book) halfCode() {
	b.add(Case{
		ID: "7.3.2", Section: "5.5.1", end: violated,
		Title: "Sends a close frame with a payload of one byte.",
		Asks:  "The payload of a close frame begins with two bytes of code. The server fails the connection with 1002.",
		steps: []step{send(frame(testclient.OpClose, []byte("a")))},
	})
}

// closeCodes are Autobahn's sections 7.7, 7.9 and 7.13.
func (b *book) closeCodes() {
	for i, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999} {
		c := Case{
			ID: fmt.Sprintf("7.7.%d", i+1), Section: "5.5.1", end: answered,
			Title: fmt.Sprintf("Sends a close frame with %s.", codeName(code)),
			Asks:  closeAsks + " It sends the same code, 1000, or none.",
			steps: []step{send(closeFrame(code, ""))},
		}
		if code != normal {
			c.end.codes = append([]int{code}, answered.codes...)
		}
		b.add(c)
	}
	for i, code := range []int{0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999} {
		b.add(Case{
			ID: fmt.Sprintf("7.9.%d", i+1), Section: "7.4", end: violated,
			Title: fmt.Sprintf("Sends a close frame with %s.", codeName(code)),
			Asks:  "No close frame may have this code. The server fails the connection with 1002.",
			steps: []step{send(closeFrame(code, ""))},
		})
	}
	for i, code := range []int{5000, 65535} {
		b.add(Case{
			ID: fmt.Sprintf("7.13.%d", i+1), Section: "7.4.2", end: violated, open: true,
			Title: fmt.Sprintf("Sends a close frame with %d.", code),
			Asks:  "The RFC says nothing about codes from 5000 on.",
			steps: []step{send(closeFrame(code, ""))},
		})
	}
}
