package region

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// ids are the tasks that a mark names.
const ids = `(\d+\.\d+(?:, \d+\.\d+)*)`

var (
	headRE = regexp.MustCompile(`^task ` + ids + `: (\S.*)$`)
	tailRE = regexp.MustCompile(`^end task ` + ids + `$`)
	almost = regexp.MustCompile(`^(?i:end\s+)?(?i:task)s?\s+\d+\.\d+`)
)

// reader walks over the lines of one file.
type reader struct {
	file   *File
	goFile *goFile // for Go files: where comments and declarations stand
	stack  []int   // the regions open at this line, outermost first
	errs   []error
}

func (p *reader) errorf(line int, format string, args ...any) {
	p.errs = append(p.errs, &Error{p.file.Path, line, fmt.Sprintf(format, args...)})
}

// example is a mark as it should be written in this kind of file.
func (p *reader) example(body string) string { return p.file.sign.write("", body) }

// inner is the innermost open region, nil outside of all.
func (p *reader) inner() *Region {
	if len(p.stack) == 0 {
		return nil
	}
	return &p.file.Regions[p.stack[len(p.stack)-1]]
}

// lines reads the whole file.
func (p *reader) lines() {
	for i, line := range p.file.lines {
		p.line(i+1, line)
	}
	for _, open := range p.stack {
		r := &p.file.Regions[open]
		p.errorf(r.Begin, "the region of task %s is never closed: write %q after its last line",
			r.name(), p.example("end task "+r.name()))
	}
}

// line reads line n, counted from 1.
func (p *reader) line(n int, line string) {
	body, ok := p.file.sign.comment(line)
	if !ok || (p.goFile != nil && !p.goFile.comments[n]) {
		return
	}
	words := strings.TrimSpace(body)
	switch {
	case headRE.MatchString(words):
		m := headRE.FindStringSubmatch(words)
		p.begin(n, line, strings.Split(m[1], ", "), m[2])
	case tailRE.MatchString(words):
		p.end(n, tailRE.FindStringSubmatch(words)[1])
	case almost.MatchString(words):
		p.errorf(n, "this looks like a mark but is none: write %q or %q",
			p.example("task 6.2: What to do."), p.example("end task 6.2"))
	default:
		p.inside(n, line, body)
	}
}

func (p *reader) begin(n int, line string, tasks []string, instruction string) {
	for _, open := range p.stack {
		r := &p.file.Regions[open]
		if i := slices.IndexFunc(tasks, r.Has); i >= 0 {
			p.errorf(n, "a region of task %s lies inside another of the same task, begun in line %d: close that one first",
				tasks[i], r.Begin)
		}
	}
	p.file.Regions = append(p.file.Regions, Region{
		Tasks: tasks, Text: []string{instruction}, Begin: n, textEnd: n,
		indent: line[:len(line)-len(strings.TrimLeft(line, " \t"))],
	})
	p.stack = append(p.stack, len(p.file.Regions)-1)
	p.file.kinds[n-1] = head
}

func (p *reader) end(n int, tasks string) {
	r := p.inner()
	switch {
	case r == nil:
		p.errorf(n, "this ends task %s, but no region is open", tasks)
		return
	case r.name() != tasks:
		p.errorf(n, "this ends task %s, but the innermost open region is that of task %s, begun in line %d",
			tasks, r.name(), r.Begin)
	}
	r.End = n
	p.stack = p.stack[:len(p.stack)-1]
	p.file.kinds[n-1] = tail
}

// inside reads a comment that is no head and no tail.
func (p *reader) inside(n int, line, body string) {
	r := p.inner()
	isStub := body == "-" || strings.HasPrefix(body, "- ") || strings.HasPrefix(body, "-\t")
	slashes := p.file.sign.open == "//"
	switch {
	case r == nil && isStub:
		p.errorf(n, "a stub line outside of any region: stub lines stand below %q", p.example("task 6.2: What to do."))
	case r == nil:
	case isStub:
		p.stub(n, r, line, body)
	case slashes && strings.HasPrefix(body, " -"):
		p.errorf(n, `"// -" in a region: gofmt makes that of "//-" where it takes the mark for part of a doc comment; `+
			`write "//-" again and leave a blank line between it and the declaration`)
	case slashes && strings.HasPrefix(body, "-"):
		p.errorf(n, `a stub line needs a blank after its mark: write "//- %s"`, body[1:])
	case n == r.textEnd+1 && r.stubBegin == 0 && (body == "" || body[0] == ' '):
		r.Text = append(r.Text, strings.TrimRight(strings.TrimPrefix(body, " "), " \t"))
		r.textEnd = n
		p.file.kinds[n-1] = text
	}
}

// stub adds a line to what stands in place of the solution.
func (p *reader) stub(n int, r *Region, line, body string) {
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	content := strings.TrimPrefix(body[1:], " ")
	if content == "" {
		indent = ""
	}
	r.Stub = append(r.Stub, indent+content)
	if r.stubBegin == 0 {
		r.stubBegin = n
	}
	p.file.kinds[n-1] = stub
}
