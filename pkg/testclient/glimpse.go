package testclient

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// glimpse is as much of some data as a line can show. Making one costs little: most are
// never shown.
type glimpse struct {
	kind Kind
	head []byte
	size int
}

// kindNamed marks a glimpse whose head is its text.
const kindNamed Kind = 0xff

// mostShown is how many bytes of data no line shows more of.
const mostShown = 200

func glimpseOf(kind Kind, data []byte) *glimpse {
	n := min(len(data), mostShown)
	for n < len(data) && n > 0 && !utf8.RuneStart(data[n]) {
		n--
	}
	head := append([]byte(nil), data[:n]...)
	return &glimpse{kind, head, len(data)}
}

// String writes `"hello"`, `binary 01 02` or `ping "x"`.
func (g *glimpse) String() string {
	switch {
	case g.kind == kindNamed:
		return string(g.head)
	case g.kind == Text:
		return shorten(quote(g.head), g.size)
	case g.kind == Binary:
		return "binary " + shorten(fmt.Sprintf("% x", g.head), g.size)
	case g.size == 0:
		return g.kind.String()
	}
	return g.kind.String() + " " + shorten(quote(g.head), g.size)
}

// quote writes a text as a reader wants to see it: JSON as it is, the rest quoted.
func quote(b []byte) string {
	if len(b) > 1 && (b[0] == '{' || b[0] == '[') && utf8.Valid(b) && !strings.ContainsAny(string(b), "\r\n\t") {
		return string(b)
	}
	return strconv.Quote(string(b))
}

func showText(b []byte) string { return glimpseOf(Text, b).String() }

func showBinary(b []byte) string {
	return shorten(fmt.Sprintf("% x", b[:min(len(b), mostShown)]), len(b))
}

// shorten cuts s so that it fits a timeline's line, and then says how long it was.
func shorten(s string, size int) string {
	const room = 52
	if utf8.RuneCountInString(s) <= room {
		return s
	}
	note := fmt.Sprintf(" (%d bytes)", size)
	short := cut(s, room-len(note)-1)
	if strings.HasPrefix(s, `"`) {
		short += `"`
	}
	return short + note
}
