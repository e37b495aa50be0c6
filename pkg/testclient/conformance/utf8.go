package conformance

import (
	"bytes"
	"fmt"

	"wsworkshop/pkg/testclient"
)

const (
	badTextAsks = "A text message is UTF-8. The server fails the connection with 1007."
	fastAsks    = "A text message is UTF-8. The server fails the connection with 1007; a strict one does so at the bad byte."
)

// The parts of texts with a bad byte in the middle.
const (
	greek     = "κ\u1f79σμε"       // 11 bytes: the second letter has an oxia and three bytes
	surrogate = "\xed\xa0\x80"     // bad from its second byte on
	beyond    = "\xf4\x90\x80\x80" // above U+10FFFF, which its second byte tells
	edited    = "edited"
	letters   = "Hello-µ@ßöäüàá-UTF-8!!"
)

// utf8Handling are Autobahn's sections 6.1 to 6.4.
func (b *book) utf8Handling() {
	empty := frame(testclient.OpContinuation, nil)
	b.valid("6.1.1", "Sends a text message of 0 bytes.", frame(testclient.OpText, nil))
	b.valid("6.1.2", "Sends a text message in three fragments of 0 bytes.", fragments(testclient.OpText, nil, 0, 0)...)
	b.valid("6.1.3", "Sends a text message in three fragments. The first and the last have 0 bytes.",
		unfinished(frame(testclient.OpText, nil)),
		unfinished(frame(testclient.OpContinuation, b.s.message("middle frame payload"))), empty)

	message := b.s.message(letters)
	b.valid("6.2.1", "Sends a text message with characters of two bytes.", frame(testclient.OpText, message))
	b.valid("6.2.2", "Sends a text message in two fragments, cut between two characters.",
		fragments(testclient.OpText, message, bytes.Index(message, []byte("üàá")))...)
	b.valid("6.2.3", "Sends a text message in fragments of one byte.",
		fragments(testclient.OpText, message, everyOctet(message)...)...)
	message = b.s.message(greek)
	b.valid("6.2.4", "Sends a text message of Greek letters in fragments of one byte.",
		fragments(testclient.OpText, message, everyOctet(message)...)...)

	message = b.s.message(greek + surrogate + edited)
	b.invalid("6.3.1", "Sends a text message that is not UTF-8.", frame(testclient.OpText, message))
	b.invalid("6.3.2", "Sends a text message that is not UTF-8, in fragments of one byte.",
		fragments(testclient.OpText, message, everyOctet(message)...)...)
	b.failFast()
}

func (b *book) valid(id, title string, frames ...testclient.Frame) {
	b.add(Case{
		ID: id, Title: title, Section: "5.6", end: clean,
		Asks:  "The text is UTF-8, however it is cut. The server answers it.",
		steps: []step{send(frames...)},
		want:  []reply{text(joined(frames))},
	})
}

func (b *book) invalid(id, title string, frames ...testclient.Frame) {
	b.add(Case{
		ID: id, Title: title, Section: "8.1", Asks: badTextAsks, end: badText,
		steps: []step{send(frames...)},
	})
}

// failFast are cases with a pause before and after the bad byte: three fragments, then three parts
// of one frame.
func (b *book) failFast() {
	message := b.s.message(greek + beyond + edited)
	start := bytes.Index(message, []byte(beyond))
	for i, row := range []struct {
		title    string
		from, to int // of the part that makes the text bad
	}{
		{"the second has a character above U+10FFFF", start, start + len(beyond)},
		{"the second has the one byte that makes the text bad", start + 1, start + 2},
	} {
		three := fragments(testclient.OpText, message, row.from, row.to)
		b.add(Case{
			ID: fmt.Sprintf("6.4.%d", 1+i), Section: "8.1", Asks: fastAsks, end: badText,
			Title: "Sends a text message in three fragments, one each second: " + row.title + ".",
			steps: []step{
				send(three[0]).wait(stillOpen), send(three[1]).wait(failsFast), send(three[2]),
			},
		})
	}
	for i, row := range []struct {
		title    string
		from, to int
	}{
		{"the second has a character above U+10FFFF", start, start + len(beyond)},
		{"the second has the one byte that makes the text bad", start + 1, start + 2},
	} {
		whole := frame(testclient.OpText, message).Bytes()
		head := len(whole) - len(message)
		part := func(label string, from, to int) step {
			at := 0
			if from > 0 {
				at = head + from
			}
			return step{
				part:  whole[at : head+to],
				label: fmt.Sprintf("%s of a text frame of %d bytes: %s", label, len(message), showBytes(message[from:to])),
			}
		}
		b.add(Case{
			ID: fmt.Sprintf("6.4.%d", 3+i), Section: "8.1", Asks: fastAsks, end: badText,
			Title: "Sends a text message in one frame, in three parts, one each second: " + row.title + ".",
			steps: []step{
				part("the first part", 0, row.from).wait(stillOpen),
				part("the second part", row.from, row.to).wait(failsFast),
				part("the last part", row.to, len(message)),
			},
		})
	}
}
