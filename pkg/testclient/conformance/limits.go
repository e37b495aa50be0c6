package conformance

import (
	"encoding/binary"
	"fmt"

	"wsworkshop/pkg/testclient"
)

// limits stand in the place of Autobahn's section 9, which sends up to 16 MiB and measures the time.
// They ask whether the server keeps its own limit, however a message comes.
func (b *book) limits() {
	limit := b.s.MaxMessage
	if limit == 0 {
		return
	}
	b.fits("9.L.1", "in one frame", limit, 1, whole)
	b.fits("9.L.2", "in four fragments", limit, 4, perFrame)
	b.fits("9.L.3", "in one frame, "+perPrime.String(), limit, 1, perPrime)
	b.exceeds("9.L.4", "in one frame", 1)
	b.exceeds("9.L.5", "in four fragments", 4)
	b.claims("9.L.6", "a text frame that claims 2^62 bytes", 1<<62, tooBig)
	b.claims("9.L.7", "a text frame whose length has its top bit set, which no length has", 1<<63|10, tooBig, protocol)
	b.overflow()
}

// cut is a message of n bytes in so many frames of about the same length.
func (b *book) cut(n, frames int) []testclient.Frame {
	message := b.s.sized(n, '*')
	var offsets []int
	for i := 1; i < frames; i++ {
		offsets = append(offsets, n*i/frames)
	}
	return fragments(testclient.OpText, message, offsets...)
}

func (b *book) fits(id, how string, n, frames int, by chops) {
	sent := b.cut(n, frames)
	b.add(Case{
		ID: id, Section: "10.4", end: clean,
		Title: fmt.Sprintf("Sends a text message of %d bytes, as long as the server takes, %s.", n, how),
		Asks:  "The limit is on what is longer. The server answers the message.",
		steps: []step{send(sent...).by(by)},
		want:  []reply{text(joined(sent))},
	})
}

func (b *book) exceeds(id, how string, frames int) {
	n := b.s.MaxMessage + 1
	b.add(Case{
		ID: id, Section: "10.4", end: end{fails, []int{tooBig}},
		Title: fmt.Sprintf("Sends a text message of %d bytes, one more than the server takes, %s.", n, how),
		Asks:  "A limit holds for the message when its fragments are put together. The server closes with 1009.",
		steps: []step{send(b.cut(n, frames)...).by(perFrame)},
	})
}

// claims sends the head of a frame that claims n bytes, and one byte more than the server takes.
func (b *book) claims(id, what string, n uint64, codes ...int) {
	b.add(Case{
		ID: id, Section: "5.2", end: end{fails, codes},
		Title: "Sends the beginning of " + what + ".",
		Asks:  "The server believes no length. It fails the connection with " + codeList(codes) + ".",
		steps: []step{{part: claim(0x81, n, b.s.MaxMessage+1), label: fmt.Sprintf("a text frame that claims %d bytes, and %d bytes of it", n, b.s.MaxMessage+1)}},
	})
}

// overflow has fragments whose lengths add up to more than an int64.
func (b *book) overflow() {
	const most = 1<<63 - 1
	first := unfinished(frame(testclient.OpText, []byte("**********")))
	b.add(Case{
		ID: "9.L.8", Section: "5.4", end: end{fails, []int{tooBig, protocol}},
		Title: "Sends a fragment of 10 bytes, and the beginning of one that claims 2^63-1 bytes.",
		Asks:  "The sum of the lengths must not wrap. The server fails the connection with 1009 or 1002.",
		steps: []step{
			send(first),
			{part: claim(0x80, most, b.s.MaxMessage+1), label: fmt.Sprintf("a continuation that claims %d bytes, and %d bytes of it", uint64(most), b.s.MaxMessage+1)},
		},
	})
}

// claim is the head of a masked frame with a length of n, and so many bytes of its payload.
func claim(first byte, n uint64, bytes int) []byte {
	b := binary.BigEndian.AppendUint64([]byte{first, 0xff}, n)
	b = append(b, 0, 0, 0, 0) // the mask
	for range bytes {
		b = append(b, '*')
	}
	return b
}
