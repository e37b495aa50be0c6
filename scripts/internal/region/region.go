// Package region reads the marks in a solution that say which parts a learner writes:
//
//	// task 6.2: Admit at most Limit messages in any Window.
//	//- return true
//	...the solution...
//	// end task 6.2
//
// The text after the colon, and the comment lines directly below it, are the instruction.
// The `//-` lines stand in the place of the solution in the starter. Other kinds of files
// have the same marks with their own comment signs. Regions nest.
package region

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Region is one marked part of a file.
type Region struct {
	Tasks []string // ids as in the mark: "6.2"
	Text  []string // the instruction, a line each
	Stub  []string // what the starter has instead of the solution, indentation included

	Begin, End int // lines of the two marks, counted from 1

	indent    string
	textEnd   int // last line of the instruction
	stubBegin int // first stub line; 0 means none
	topLevel  bool
}

// Has reports whether the region answers the task.
func (r *Region) Has(task string) bool { return slices.Contains(r.Tasks, task) }

// open reports whether any of the region's tasks is one for which f is true.
func (r *Region) open(f func(task string) bool) bool { return slices.ContainsFunc(r.Tasks, f) }

// name is the region's tasks as its marks have them.
func (r *Region) name() string { return strings.Join(r.Tasks, ", ") }

// around reports whether other lies inside r.
func (r *Region) around(other *Region) bool { return r.Begin < other.Begin && other.End < r.End }

// File is a file of a solution with its regions, in the order of their first marks.
type File struct {
	Path    string
	Regions []Region

	sign  sign
	lines []string
	kinds []kind // of each line
}

// kind says what a line is to us.
type kind byte

const (
	code kind = iota
	head      // // task 6.2: …
	text      // the instruction's further lines
	stub      // //- …
	tail      // // end task 6.2
)

// sign is how a kind of file writes a comment that fills a line.
type sign struct{ open, shut string }

var signs = map[string]sign{
	".go": {"//", ""}, ".mod": {"//", ""}, ".js": {"//", ""}, ".mjs": {"//", ""}, ".ts": {"//", ""},
	".html": {"<!--", "-->"}, ".htm": {"<!--", "-->"}, ".svg": {"<!--", "-->"}, ".xml": {"<!--", "-->"},
	".css": {"/*", "*/"},
	".sql": {"--", ""}, ".lua": {"--", ""},
	".conf": {"#", ""}, ".cfg": {"#", ""}, ".service": {"#", ""}, ".nginx": {"#", ""}, ".yaml": {"#", ""}, ".yml": {"#", ""}, ".toml": {"#", ""},
	".sh": {"#", ""}, ".env": {"#", ""}, "Makefile": {"#", ""}, "Dockerfile": {"#", ""},
}

// signOf finds the comment sign of a file by its ending, else by its name.
func signOf(name string) (sign, bool) {
	s, ok := signs[path.Ext(name)]
	if !ok {
		s, ok = signs[path.Base(name)]
	}
	return s, ok
}

// Marked reports whether files of that name can hold regions. Suites cannot: they are the
// same in starter and solution.
func Marked(name string) bool {
	_, ok := signOf(name)
	return ok && !strings.HasSuffix(name, "_test.go")
}

// comment returns what stands between the signs of a line that is nothing but a comment.
func (s sign) comment(line string) (body string, ok bool) {
	line = strings.TrimSpace(line)
	body, ok = strings.CutPrefix(line, s.open)
	if !ok || s.shut == "" {
		return body, ok
	}
	if body, ok = strings.CutSuffix(body, s.shut); !ok {
		return "", false
	}
	return strings.TrimSuffix(body, " "), true
}

// write makes a comment line of body.
func (s sign) write(indent, body string) string {
	line := indent + s.open
	if body != "" {
		line += " " + body
	}
	if s.shut != "" {
		line += " " + s.shut
	}
	return line
}

// Error is a fault in a file's marks.
type Error struct {
	Path string
	Line int
	Msg  string
}

func (e *Error) Error() string { return fmt.Sprintf("%s:%d: %s", e.Path, e.Line, e.Msg) }

// Parse finds the regions of a file. Its errors are of type *Error, several of them joined.
// A file that cannot hold regions has none.
func Parse(name string, src []byte) (*File, error) {
	f := &File{Path: name, lines: strings.Split(string(src), "\n")}
	f.kinds = make([]kind, len(f.lines))
	var ok bool
	if f.sign, ok = signOf(name); !ok || !Marked(name) {
		return f, nil
	}
	p := &reader{file: f}
	if path.Ext(name) == ".go" {
		p.readGo(src)
	}
	if len(p.errs) == 0 {
		p.lines()
	}
	if len(p.errs) == 0 && p.goFile != nil {
		p.surroundings()
		p.survivesFormatting(src)
	}
	if len(p.errs) > 0 {
		return nil, errors.Join(p.errs...)
	}
	return f, nil
}
