package report

import (
	"regexp"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// gotWant is a line that compares: "bob got X, want Y" or "Rooms() = X, want Y".
var gotWant = regexp.MustCompile(`^(\s*)(.*?\S (?:got|=)) (.+), want (.+)$`)

// wrap breaks lines at spaces, and keeps their indentation. Words and quoted texts stay whole,
// unless a quoted text is longer than a line. A comparison that is longer than a line has what
// is compared on lines of their own, if both sides take a quarter of a line or more.
func wrap(s string, width int) string {
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		m := gotWant.FindStringSubmatch(line)
		if m != nil && ansi.StringWidth(line) > width && min(ansi.StringWidth(m[3]), ansi.StringWidth(m[4])) >= width/4 {
			for _, part := range []string{m[2], "  " + m[3], "want", "  " + m[4]} {
				lines = append(lines, wrapLine(m[1]+part, width)...)
			}
			continue
		}
		lines = append(lines, wrapLine(line, width)...)
	}
	return strings.Join(lines, "\n")
}

func wrapLine(line string, width int) []string {
	if ansi.StringWidth(line) <= width {
		return []string{line}
	}
	indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
	var lines []string
	at, empty := indent, true
	for _, word := range words(line[len(indent):], width-len(indent)) {
		space := " "
		if empty {
			space = ""
		}
		if !empty && ansi.StringWidth(at+space+word) > width {
			lines = append(lines, strings.TrimRight(at, " "))
			at, space = indent, ""
		}
		at, empty = at+space+word, false
	}
	return append(lines, at)
}

// words splits a line at its spaces, but not at those in a quoted text that has room in a line.
func words(line string, room int) []string {
	var all []string
	var open []string // the words of a quoted text so far
	quote := ""
	for _, word := range strings.Split(line, " ") {
		begins := quote == ""
		quote = quoteAfter(word, quote)
		open = append(open, word)
		switch joined := strings.Join(open, " "); {
		case quote == "" && (begins || ansi.StringWidth(joined) <= room):
			all, open = append(all, joined), nil
		case quote == "":
			all, open = append(all, open...), nil
		}
	}
	return append(all, open...) // a quote that is never closed is none
}

// quoteAfter tells which quotation mark is open after a word, if one was open before it.
func quoteAfter(word, quote string) string {
	escaped := false
	for _, c := range word {
		switch {
		case escaped:
			escaped = false
		case c == '\\':
			escaped = true
		case string(c) == quote:
			quote = ""
		case quote == "" && (c == '"' || c == '`'):
			quote = string(c)
		}
	}
	return quote
}
