package grade

import (
	"math"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/region"
)

// open finds a place in the learner's files where a region of the task is still what the
// starter has there, although she has deleted the TODO; Go files come first.
func (g *grading) open(task string) (string, int) {
	for _, p := range goFirst(g.job.Reference) {
		src := g.job.Reference[p]
		file, line := "", 0
		eachRegion(p, src, task, func(f *region.File, r *region.Region) {
			if file == "" {
				file, line = g.untouched(g.layout(f, src), r)
			}
		})
		if file != "" {
			return file, line
		}
	}
	return "", 0
}

// untouched finds the starter's lines for a region, with what stands around them.
func (g *grading) untouched(l layout, r *region.Region) (string, int) {
	for _, p := range append([]string{l.file.Path}, g.module.Paths()...) {
		if _, ok := g.learners(p); !ok {
			continue
		}
		lines := codeLines(g.module[p], 1, last)
		if name := l.around(r); name != "" {
			d, ok := region.FindDeclaration(p, g.module[p], name)
			if !ok {
				continue
			}
			lines = codeLines(g.module[p], d.Begin, d.End)
		}
		for _, sought := range l.starter(r) {
			if line := find(lines, sought); line > 0 {
				return p, line
			}
		}
	}
	return "", 0
}

// layout is a reference file as a row of code lines and regions.
type layout struct {
	file *region.File
	src  []byte
	row  []item
}

// item is a line of code or a region; one inside of another does not count.
type item struct {
	text   string
	line   int
	region *region.Region
}

// layout leaves out the marks of earlier steps: what is between them stands in the starter.
func (g *grading) layout(f *region.File, src []byte) layout {
	l := layout{file: f, src: src}
	end := 0
	for i := range f.Regions {
		r := &f.Regions[i]
		if r.Begin < end || !slices.ContainsFunc(r.Tasks, func(id string) bool { return g.suite.Task(id) != nil }) {
			continue
		}
		l.row = append(l.row, codeLines(src, end+1, r.Begin-1)...)
		l.row = append(l.row, item{region: r, line: r.Begin})
		end = r.End
	}
	l.row = append(l.row, codeLines(src, end+1, last)...)
	return l
}

// around names the declaration around a region, or "".
func (l layout) around(r *region.Region) string {
	name, _ := region.Around(l.file.Path, l.src, r.Begin)
	return name
}

// starter is what the starter has for a region, between the lines of code around it: first
// with the regions next to it, which are as the starter has them too, then without them.
func (l layout) starter(r *region.Region) [][]string {
	at := slices.IndexFunc(l.row, func(i item) bool { return i.region == r })
	if at < 0 {
		return nil // inside of another, which stands for it
	}
	if l.around(r) == "" && len(l.file.Decls(r)) > 0 {
		return [][]string{l.between(at, at, at)} // declarations of their own can stand anywhere
	}
	from, to := at, at
	for from >= 0 && l.row[from].region != nil {
		from--
	}
	for to < len(l.row) && l.row[to].region != nil {
		to++
	}
	all := [][]string{l.between(from, to, at)}
	if len(r.Stub) > 0 {
		left, right := at, at
		if from == at-1 {
			left = from
		}
		if to == at+1 {
			right = to
		}
		all = append(all, l.between(left, right, at))
	}
	return all
}

// between writes the row from one item to another, in which one region is sought.
func (l layout) between(from, to, at int) []string {
	var sought []string
	for i := max(from, 0); i <= min(to, len(l.row)-1); i++ {
		if r := l.row[i].region; r != nil {
			sought = append(sought, stubOf(r, i == at)...)
			continue
		}
		sought = append(sought, strings.TrimSpace(l.row[i].text))
	}
	return sought
}

// here stands before the line to which the learner is sent.
const here = ""

func stubOf(r *region.Region, wanted bool) []string {
	var lines []string
	if wanted {
		lines = append(lines, here)
	}
	for _, s := range r.Stub {
		if s = strings.TrimSpace(s); s != "" {
			lines = append(lines, s)
		}
	}
	return lines
}

// find looks for lines that follow each other, and returns the number of the one to which
// the learner is sent: the first of the stub or, without a stub, the one below what comes before.
func find(lines []item, sought []string) int {
	at := slices.Index(sought, here)
	code := slices.Delete(slices.Clone(sought), at, at+1)
	if len(code) == 0 {
		return 0
	}
	for i := 0; i+len(code) <= len(lines); i++ {
		same := slices.EqualFunc(lines[i:i+len(code)], code, func(have item, want string) bool { return strings.TrimSpace(have.text) == want })
		switch {
		case !same:
		case at > 0:
			return lines[i+at-1].line + 1
		default:
			return lines[i].line
		}
	}
	return 0
}

// last stands for the last line of whatever file.
const last = math.MaxInt

// codeLines are the lines from begin to end that are neither empty nor comments.
func codeLines(src []byte, begin, end int) []item {
	var items []item
	n := 0
	for line := range strings.Lines(string(src)) {
		n++
		text := strings.TrimRight(line, "\r\n")
		if n < begin || n > end || isComment(text) {
			continue
		}
		items = append(items, item{text: text, line: n})
	}
	return items
}

func isComment(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || strings.HasPrefix(line, "//") || strings.HasPrefix(line, "<!--") || strings.HasPrefix(line, "/*")
}
