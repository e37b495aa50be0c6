package conformance

import (
	"encoding/binary"
	"time"

	"wsworkshop/pkg/testclient"
)

// Case is one question to a server.
type Case struct {
	ID      string // as Autobahn numbers it, such as "6.4.1"
	Title   string // what the client does
	Asks    string // what the RFC asks of the server
	Section string // of RFC 6455, where it does

	steps []step
	want  []reply // what the server answers, in this order
	end   end     // how the connection then ends
	open  bool    // the RFC leaves it open: the result is for information
}

// step is something that the client sends, and a pause after it.
type step struct {
	frames []testclient.Frame
	part   []byte // of a frame, in the place of frames
	label  string // what part is

	chops chops
	pause time.Duration
	then  check // at the end of the pause
}

// chops are how many bytes go in one write.
type chops int

const (
	whole    chops = 0  // all frames in one write
	perFrame chops = -1 // each frame in a write of its own
	perOctet chops = 1
	perPrime chops = 997
)

// check is about what the server must have done at a certain time.
type check int

const (
	nothing   check = iota
	allPonged       // it has answered each ping so far
	stillOpen       // it has not failed the connection
	failsFast       // it has failed the connection; it may do so later, and is non-strict then
)

// reply is something that the server sends.
type reply struct {
	op      byte
	payload []byte
}

// end is how a connection ends.
type end struct {
	how   ending
	codes []int // that the server may use; 1005 is a close frame without a code
}

type ending int

const (
	closes  ending = iota // the client closes with 1000 when all answers have come
	answers               // the client has closed as a step of the case
	fails                 // the server fails the connection
)

// Codes that a server answers with, or that stand for what is not on the wire.
const (
	normal      = 1000
	protocol    = 1002
	unsupported = 1003
	noCode      = 1005
	invalid     = 1007
	tooBig      = 1009
)

// The ends of most cases.
var (
	clean    = end{closes, []int{normal, noCode}}
	answered = end{answers, []int{normal, noCode}}
	violated = end{fails, []int{protocol}}
	badText  = end{fails, []int{invalid}}
)

// pause is how long the client waits where a case has it wait.
const pause = time.Second

// frame is a whole message or a control frame.
func frame(op byte, payload []byte) testclient.Frame { return testclient.NewFrame(op, payload) }

// reserved sets reserved bits.
func reserved(f testclient.Frame, bits byte) testclient.Frame {
	f.RSV = bits
	return f
}

// unfinished makes a frame the first or a middle fragment.
func unfinished(f testclient.Frame) testclient.Frame {
	f.Fin = false
	return f
}

// fragments cuts a message at the offsets.
func fragments(op byte, message []byte, offsets ...int) []testclient.Frame {
	var frames []testclient.Frame
	from := 0
	for _, to := range append(offsets, len(message)) {
		f := frame(op, message[from:to])
		f.Fin = false
		frames, from, op = append(frames, f), to, testclient.OpContinuation
	}
	frames[len(frames)-1].Fin = true
	return frames
}

// everyOctet are the offsets that cut a message into fragments of one byte.
func everyOctet(message []byte) []int {
	var offsets []int
	for i := 1; i < len(message); i++ {
		offsets = append(offsets, i)
	}
	return offsets
}

// closeFrame is a close frame with a code and a reason.
func closeFrame(code int, reason string) testclient.Frame {
	return frame(testclient.OpClose, append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...))
}

func send(frames ...testclient.Frame) step { return step{frames: frames} }

// by has a step sent in chops.
func (s step) by(c chops) step {
	s.chops = c
	return s
}

// wait lets time pass after a step, and then looks.
func (s step) wait(then check) step {
	s.pause, s.then = pause, then
	return s
}

func text(payload []byte) reply { return reply{testclient.OpText, payload} }
func pong(payload []byte) reply { return reply{testclient.OpPong, payload} }

// book collects cases for a subject.
type book struct {
	s     *Subject
	cases []Case
}

func (b *book) add(c Case) { b.cases = append(b.cases, c) }

// Cases returns the cases for a subject, in Autobahn's order. Those with binary messages ask a
// TextOnly subject for close code 1003.
func Cases(s Subject) []Case {
	b := &book{s: &s}
	b.echoes()
	b.pings()
	b.reservedBits()
	b.reservedOpcodes()
	b.fragmentation()
	b.utf8Handling()
	b.kuhn()
	b.closing()
	b.closeCodes()
	b.limits()
	return b.cases
}
