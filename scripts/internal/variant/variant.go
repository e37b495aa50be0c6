// Package variant reads variants of a solution, wrong ones and right ones: txtar files with
// which the graders are graded.
//
//	what: silence is counted from the connection's begin, not from the last message
//	want: fail 5.4, 5.5
//	breaks: 5.d
//	says: alice should still be connected
//	-- task 5.4 --
//	...instead of the region of task 5.4...
//	-- task 5.1 client.go#2 --
//	...instead of the second region of task 5.1 in client.go...
//	-- edit hub.go --
//	...lines that stand once in hub.go...
//	=>
//	...lines instead of them, or none; another edit of the same file is another section...
//	-- heartbeat.go --
//	...a whole file, new or instead of the solution's; without content it is removed...
//
// Regions and whole files come first, then the edits, one after the other.
package variant

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"

	"wsworkshop/scripts/internal/contract"
)

// Variant is one other way to write a solution.
type Variant struct {
	Name string   // of the file, without its ending
	What string   // the mistake, or the design, in a sentence
	Pass bool     // every task accepts it
	Fail []string // the tasks that refuse it
	Says []string // words that the learner must be shown

	Breaks string // the rule of the Contract that it breaks, "7.c"; "" where it names none

	file     string
	sections []section
}

// section is what stands instead of a region, of some lines or of a file.
type section struct {
	line  int      // of its name in the file
	tasks []string // of the region
	edit  bool     // of some lines; else, without tasks, of a whole file
	path  string   // the file; "" for a region wherever it is
	nth   int      // which of the matching regions in path, from 1; 0: the only one
	data  []byte
}

// Fault is what is wrong with a variant's file.
type Fault struct {
	File string
	Line int
	Msg  string
}

func (f *Fault) Error() string { return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Msg) }

// Dir reads all variants of a folder, in the order of their names. A folder that does not
// exist has none.
func Dir(dir string) ([]*Variant, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil {
		return nil, err
	}
	var out []*Variant
	var errs []error
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err == nil {
			var v *Variant
			v, err = Parse(filepath.ToSlash(name), data)
			out = append(out, v)
		}
		errs = append(errs, err)
	}
	return out, errors.Join(errs...)
}

// Parse reads one variant; file is for its errors, which are of type *Fault.
func Parse(file string, data []byte) (*Variant, error) {
	archive := txtar.Parse(data)
	v := &Variant{Name: strings.TrimSuffix(path.Base(file), ".txtar"), file: file}
	p := &parser{v: v}
	for i, line := range strings.Split(strings.TrimRight(string(archive.Comment), "\n"), "\n") {
		p.comment(i+1, strings.TrimSpace(line))
	}
	if len(p.errs) == 0 {
		p.complete()
	}
	line := strings.Count(string(archive.Comment), "\n")
	for _, f := range archive.Files {
		p.section(line+1, f)
		line += 1 + strings.Count(string(f.Data), "\n")
	}
	if len(archive.Files) == 0 {
		p.errorf(1, "nothing is different: write a section %s", sections)
	}
	if len(p.errs) > 0 {
		return nil, errors.Join(p.errs...)
	}
	return v, nil
}

type parser struct {
	v    *Variant
	want bool
	errs []error
}

func (p *parser) errorf(line int, format string, args ...any) {
	p.errs = append(p.errs, &Fault{p.v.file, line, fmt.Sprintf(format, args...)})
}

// sections tells an author what can be written.
const sections = `"-- task 5.4 --", "-- task 5.4 client.go#2 --", "-- edit hub.go --" or "-- heartbeat.go --"`

const tasksRE = `\d+\.\d+(?:, \d+\.\d+)*`

var (
	failRE    = regexp.MustCompile(`^fail (` + tasksRE + `)$`)
	sectionRE = regexp.MustCompile(`^task (` + tasksRE + `)(?: ([^#\s]+)(?:#(\d+))?)?$`)
	breaksRE  = regexp.MustCompile(`^` + contract.ID + `$`)
	fileRE    = regexp.MustCompile(`^(edit )?([^#\s]+)$`)
)

// comment reads a line above the sections.
func (p *parser) comment(n int, line string) {
	key, value, _ := strings.Cut(line, ":")
	value = strings.TrimSpace(value)
	switch {
	case line == "":
	case value == "":
		p.errorf(n, `this line is not understood: write "what: …", "want: fail 5.4, 5.5", "want: pass", "breaks: 5.d" or "says: …"`)
	case key == "what" && p.v.What == "":
		p.v.What = value
	case key == "want" && !p.want:
		p.wanted(n, value)
	case key == "says":
		p.v.Says = append(p.v.Says, value)
	case key == "breaks" && p.v.Breaks == "":
		p.breaks(n, value)
	case key == "what" || key == "want" || key == "breaks":
		p.errorf(n, "a second %q", key+":")
	default:
		p.errorf(n, `%q is not known: there are "what:", "want:", "breaks:" and "says:"`, key+":")
	}
}

func (p *parser) wanted(n int, value string) {
	p.want = true
	m := failRE.FindStringSubmatch(value)
	switch {
	case value == "pass":
		p.v.Pass = true
	case m != nil:
		p.v.Fail = strings.Split(m[1], ", ")
	default:
		p.errorf(n, `want: %s is not understood: write "want: pass" or "want: fail 5.4, 5.5"`, value)
	}
}

func (p *parser) breaks(n int, value string) {
	p.v.Breaks = value
	if !breaksRE.MatchString(value) {
		p.errorf(n, `breaks: %s is not understood: name one rule of the Contract, as in "breaks: 5.d"`, value)
	}
}

// complete checks that all is there.
func (p *parser) complete() {
	switch {
	case p.v.What == "":
		p.errorf(1, `say what is different: "what: the mistake in a sentence"`)
	case !p.want:
		p.errorf(1, `say what must come of it: "want: pass" or "want: fail 5.4"`)
	case p.v.Pass && p.v.Breaks != "":
		p.errorf(1, `"breaks:" is for a mistake, and this variant passes`)
	case p.v.Pass && len(p.v.Says) > 0:
		p.errorf(1, `"says:" is for what a failure tells, and this variant passes`)
	}
}

// section reads the name of a section.
func (p *parser) section(line int, f txtar.File) {
	s := section{line: line, data: f.Data}
	if m := sectionRE.FindStringSubmatch(f.Name); m != nil {
		s.tasks, s.path = strings.Split(m[1], ", "), m[2]
		s.nth, _ = strconv.Atoi(m[3])
		if m[3] == "0" {
			p.errorf(line, "regions are counted from 1")
		}
	} else if m := fileRE.FindStringSubmatch(f.Name); m != nil {
		s.edit, s.path = m[1] != "", m[2]
		p.file(s)
	} else {
		p.errorf(line, "section %q is not understood: write %s", f.Name, sections)
	}
	same := func(o section) bool {
		return !s.edit && !o.edit && o.path == s.path && o.nth == s.nth && slices.Equal(o.tasks, s.tasks)
	}
	if slices.ContainsFunc(p.v.sections, same) {
		p.errorf(line, "section %q stands here a second time", f.Name)
	}
	p.v.sections = append(p.v.sections, s)
}

// file checks a section that names a file and no task.
func (p *parser) file(s section) {
	if !filepath.IsLocal(filepath.FromSlash(s.path)) || strings.HasSuffix(s.path, "_test.go") {
		p.errorf(s.line, "a variant has files of the solution, not %s", s.path)
	}
	if wrong := editFault(s.data); s.edit && wrong != "" {
		p.errorf(s.line, "%s", wrong)
	}
}
