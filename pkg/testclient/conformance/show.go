package conformance

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"wsworkshop/pkg/testclient"
)

// opName is how a report calls an opcode.
func opName(op byte) string {
	switch op {
	case testclient.OpContinuation:
		return "continuation"
	case testclient.OpText:
		return "text"
	case testclient.OpBinary:
		return "binary"
	case testclient.OpClose:
		return "close"
	case testclient.OpPing:
		return "ping"
	case testclient.OpPong:
		return "pong"
	}
	return fmt.Sprintf("reserved opcode %d", op)
}

// codeName is how a report calls a close code.
func codeName(code int) string {
	return strings.TrimPrefix(testclient.CloseInfo{Code: code}.String(), "close ")
}

// gotCode is how a report calls the code of a close frame that came or should have come.
func gotCode(code int) string {
	if code == noCode {
		return "no code"
	}
	return codeName(code)
}

// codeList writes "1000 (normal closure), 3000 or no code".
func codeList(codes []int) string {
	list := gotCode(codes[0])
	for i, code := range codes[1:] {
		between := ", "
		if i == len(codes)-2 {
			between = " or "
		}
		list += between + gotCode(code)
	}
	return list
}

// String is how a title says it.
func (c chops) String() string {
	switch c {
	case whole:
		return "in one write"
	case perFrame:
		return "each frame in a write of its own"
	case perOctet:
		return "each byte in a write of its own"
	}
	return fmt.Sprintf("in writes of %d bytes", int(c))
}

// Of a payload longer than most, a report shows its beginning and its end.
const (
	most  = 160
	front = 48
	back  = 16
)

// showBytes quotes a payload.
func showBytes(b []byte) string {
	switch {
	case len(b) > back && bytes.Count(b, b[:1]) == len(b):
		return fmt.Sprintf("%s × %d", quote(b[:1]), len(b))
	case len(b) <= most:
		return quote(b)
	}
	return fmt.Sprintf("%s … %s (%d bytes)", quote(b[:front]), quote(b[len(b)-back:]), len(b))
}

// quote shows JSON as it is, and what is not UTF-8 as \x and two digits.
func quote(b []byte) string {
	if s := string(b); strings.Contains(s, `"`) && strconv.CanBackquote(s) {
		return "`" + s + "`"
	}
	return strconv.QuoteToGraphic(string(b))
}

// showFrame is a frame in a report, with what is unusual about it.
func showFrame(f testclient.Frame) string {
	text := opName(f.Opcode)
	if f.Opcode == testclient.OpClose && len(f.Payload) >= 2 {
		text = testclient.CloseInfo{Code: closeCode(f), Reason: string(f.Payload[2:])}.String()
	} else if len(f.Payload) > 0 {
		text += " " + showBytes(f.Payload)
	}
	if !f.Fin {
		text += " (FIN 0)"
	}
	if f.RSV != 0 {
		text += fmt.Sprintf(" (reserved bits %03b)", f.RSV)
	}
	return text
}

// manyFrames is from how many fragments on a report shows them as one message.
const manyFrames = 7

// showStep is what a step sends, in lines.
func showStep(s step) []string {
	if s.part != nil {
		return []string{s.label}
	}
	var lines []string
	if len(s.frames) >= manyFrames {
		lines = []string{fmt.Sprintf("%s %s (in %d fragments)",
			opName(s.frames[0].Opcode), showBytes(joined(s.frames)), len(s.frames))}
	} else {
		for _, f := range s.frames {
			lines = append(lines, showFrame(f))
		}
	}
	if s.chops != whole {
		lines[len(lines)-1] += " (" + s.chops.String() + ")"
	}
	return lines
}

// showReply names what came in general terms, so that several cases can be told together.
func (r reply) String() string {
	if r.op == testclient.OpPong {
		return "a pong"
	}
	return "a " + opName(r.op) + " message"
}

// difference tells where two payloads part.
func difference(want, got []byte) string {
	at := 0
	for at < len(want) && at < len(got) && want[at] == got[at] {
		at++
	}
	around := func(b []byte) string {
		return fmt.Sprintf("%s of %d bytes", quote(b[at:min(len(b), at+front)]), len(b))
	}
	return fmt.Sprintf("From byte %d on: got %s, want %s.", at, around(got), around(want))
}
