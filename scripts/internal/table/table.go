// Package table prints what has been checked: a line each with a mark, a name and a word,
// and below a failed one what a person needs to mend it. Lines keep within 80 columns where
// their words allow it; there is colour on a terminal only.
package table

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// State is how a check ended.
type State int

// The states. A Skipped check could not be made, or has nothing to look at.
const (
	Passed State = iota
	Failed
	Skipped
)

// Row is one check.
type Row struct {
	Name    string
	State   State
	Note    string   // what was found, in a few words
	Details []string // what failed, printed as it is; each may have several lines
}

// Width is how wide a report may be.
const Width = 80

var marks = map[State]string{Passed: "✓", Failed: "✗", Skipped: "–"}

// Print writes rows below a heading, which may be empty. Names are padded to the longest.
func Print(w io.Writer, heading string, rows []Row) {
	p := printer{w: w, colour: Terminal(w)}
	if heading != "" {
		fmt.Fprintf(w, "%s\n", p.paint("1", heading))
	}
	for _, r := range rows {
		p.name = max(p.name, utf8.RuneCountInString(r.Name))
	}
	for _, r := range rows {
		p.row(r)
	}
}

type printer struct {
	w      io.Writer
	colour bool
	name   int // the longest name
}

var colours = map[State]string{Passed: "32", Failed: "31", Skipped: "2"}

func (p *printer) paint(code, s string) string {
	if !p.colour || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p *printer) row(r Row) {
	indent := 4 + p.name + 2
	name := r.Name + strings.Repeat(" ", p.name-utf8.RuneCountInString(r.Name))
	for i, line := range Wrap(r.Note, Width-indent) {
		if i == 0 {
			line = strings.TrimRight(fmt.Sprintf("  %s %s  %s", p.paint(colours[r.State], marks[r.State]), name, line), " ")
		} else {
			line = strings.Repeat(" ", indent) + line
		}
		fmt.Fprintln(p.w, line)
	}
	for _, d := range r.Details {
		fmt.Fprintln(p.w)
		fmt.Fprintln(p.w, strings.TrimRight(d, "\n"))
	}
	if len(r.Details) > 0 {
		fmt.Fprintln(p.w)
	}
}

// Count counts the rows of each state.
func Count(rows []Row) (passed, failed, skipped int) {
	for _, r := range rows {
		switch r.State {
		case Passed:
			passed++
		case Failed:
			failed++
		case Skipped:
			skipped++
		}
	}
	return passed, failed, skipped
}

// Wrap breaks text between words, so that no line is wider than width where that can be.
// Lines that it has keep apart; there is always at least one line.
func Wrap(text string, width int) []string {
	var lines []string
	for _, paragraph := range strings.Split(text, "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
				lines = append(lines, line)
				line = ""
			}
			if line != "" {
				line += " "
			}
			line += word
		}
		lines = append(lines, line)
	}
	return lines
}

// Plural is "1 file", "2 files".
func Plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Labelled is a paragraph behind a label, "  wanted: full marks", or without one. Further
// lines stand below the first.
func Labelled(label, text string) string {
	if label != "" {
		label = fmt.Sprintf("%-8s", label+":")
	}
	indent := "  " + strings.Repeat(" ", len(label))
	return "  " + label + strings.Join(Wrap(text, Width-len(indent)), "\n"+indent) + "\n"
}
