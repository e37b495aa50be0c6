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

// No line shows more than mostShown bytes of data. Of a JSON object mostOfObject are kept, so
// that there is a choice.
const (
	mostShown    = 200
	mostOfObject = 1000
)

func glimpseOf(kind Kind, data []byte) *glimpse {
	n := min(len(data), mostShown)
	if kind == Text && len(data) > 0 && data[0] == '{' && len(data) <= mostOfObject {
		n = len(data)
	}
	for n < len(data) && n > 0 && !utf8.RuneStart(data[n]) {
		n--
	}
	head := append([]byte(nil), data[:n]...)
	return &glimpse{kind, head, len(data)}
}

// roomInText is how many columns a message has in the middle of a text.
const roomInText = 70

// String writes `"hello"`, `binary 01 02` or `ping "x"`.
func (g *glimpse) String() string { return g.in(roomInText) }

// in is String for a place of so many columns; only JSON objects make use of them.
func (g *glimpse) in(room int) string {
	if text, ok := g.object(room); ok {
		return text
	}
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

// object writes a JSON object that is too long for a line.
func (g *glimpse) object(room int) (string, bool) {
	whole := g.kind == Text && g.size == len(g.head) && g.size > 0 && g.head[0] == '{'
	if !whole || quote(g.head) != string(g.head) || utf8.RuneCount(g.head) <= shortRoom {
		return "", false
	}
	return brief(g.head, room)
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

// shortRoom is what each line of a timeline has room for, whoever it is about.
const shortRoom = 52

// shorten cuts s so that it fits a timeline's line, and then says how long it was.
func shorten(s string, size int) string {
	if utf8.RuneCountInString(s) <= shortRoom {
		return s
	}
	note := fmt.Sprintf(" (%d bytes)", size)
	short := cut(s, shortRoom-len(note)-1)
	if strings.HasPrefix(s, `"`) {
		short += `"`
	}
	return short + note
}
