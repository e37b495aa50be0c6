package region

import (
	"fmt"
	"slices"
	"strings"
)

// Starter returns the file as a learner gets it: the regions of which open names a task
// as TODO and stub, the others solved and between plain comments. The result is not
// formatted, and its imports are not mended.
func (f *File) Starter(open func(task string) bool) []byte {
	return f.render(open, true)
}

// Unmarked is Starter without the marks of the regions that are solved.
func (f *File) Unmarked(open func(task string) bool) []byte { return f.render(open, false) }

// Plain returns the file with all regions solved, their marks kept and their stubs dropped:
// what a later step has of it.
func (f *File) Plain() []byte { return f.render(nobody, true) }

// Clean returns the file with all regions solved and no marks at all.
func (f *File) Clean() []byte { return f.render(nobody, false) }

// Outside returns what stands outside of the regions of which open names a task: what a
// learner cannot get wrong.
func (f *File) Outside(open func(task string) bool) []byte {
	w := &lineWriter{}
	for i := 0; i < len(f.lines); i++ {
		if f.kinds[i] == head {
			if r := f.at(i + 1); r.open(open) {
				i = r.End - 1
				continue
			}
		}
		w.add(f.lines[i])
	}
	return w.bytes()
}

func nobody(string) bool { return false }

// render writes the file anew. Marks of solved regions stay if marks is true.
func (f *File) render(open func(string) bool, marks bool) []byte {
	w := &lineWriter{}
	for i := 0; i < len(f.lines); i++ {
		switch f.kinds[i] {
		case head:
			if r := f.at(i + 1); r.open(open) {
				f.todo(w, r)
				i = r.End - 1
				continue
			}
			w.keep(f.lines[i], marks)
		case text, tail:
			w.keep(f.lines[i], marks)
		case stub:
			w.keep(f.lines[i], false)
		case code:
			w.keep(f.lines[i], true)
		}
	}
	return w.bytes()
}

// at is the region that begins in line n.
func (f *File) at(n int) *Region {
	i := slices.IndexFunc(f.Regions, func(r Region) bool { return r.Begin == n })
	return &f.Regions[i]
}

// todo writes a region as the starter has it.
func (f *File) todo(w *lineWriter, r *Region) {
	w.add(f.sign.write(r.indent, "TODO("+r.name()+"): "+r.Text[0]))
	for _, line := range r.Text[1:] {
		w.add(f.sign.write(r.indent, line))
	}
	if r.stubBegin > r.textEnd+1 {
		w.add("")
	}
	for _, line := range r.Stub {
		w.add(line)
	}
}

// Replace returns the file with the bodies of some regions exchanged: bodies maps indexes
// into Regions to the new text. Marks stay, stubs go.
func (f *File) Replace(bodies map[int]string) ([]byte, error) {
	w := &lineWriter{}
	last := 0 // lines written or passed over so far
	var within *Region
	for i := range f.Regions {
		body, ok := bodies[i]
		if !ok {
			continue
		}
		r := &f.Regions[i]
		if within != nil && within.around(r) {
			return nil, fmt.Errorf("%s: the region of task %s in line %d lies inside that of task %s, which is replaced too",
				f.Path, r.name(), r.Begin, within.name())
		}
		within = r
		for _, line := range f.lines[last:r.textEnd] {
			w.add(line)
		}
		f.body(w, r, body)
		last = r.End - 1
	}
	for _, line := range f.lines[last:] {
		w.add(line)
	}
	return w.bytes(), nil
}

// body writes a region's new inside, apart from the marks where they would become its comment.
func (f *File) body(w *lineWriter, r *Region, body string) {
	body = strings.Trim(body, "\n")
	if _, comment := f.sign.comment(strings.SplitN(body, "\n", 2)[0]); r.topLevel || comment {
		w.add("")
	}
	if body != "" {
		w.add(strings.Split(body, "\n")...)
	}
	if r.topLevel {
		w.add("")
	}
}

// lineWriter collects lines. Two blank lines that meet because something between them
// was dropped become one.
type lineWriter struct {
	lines   []string
	dropped bool
}

func (w *lineWriter) add(lines ...string) {
	w.lines = append(w.lines, lines...)
	w.dropped = false
}

// keep adds the line, or drops it.
func (w *lineWriter) keep(line string, keep bool) {
	switch {
	case !keep:
		w.dropped = true
	case w.dropped && line == "" && (len(w.lines) == 0 || w.lines[len(w.lines)-1] == ""):
	default:
		w.add(line)
	}
}

func (w *lineWriter) bytes() []byte { return []byte(strings.Join(w.lines, "\n")) }

// Starter parses and renders in one go, see File.Starter.
func Starter(name string, src []byte, open func(task string) bool) ([]byte, error) {
	f, err := Parse(name, src)
	if err != nil {
		return nil, err
	}
	return f.Starter(open), nil
}

// Strip removes the marks of solved regions from any file, a learner's too, in which they
// may be half removed already.
func Strip(name string, src []byte) []byte {
	f, err := Parse(name, src)
	if err == nil {
		return f.Clean()
	}
	sign, _ := signOf(name)
	w := &lineWriter{}
	for line := range strings.SplitSeq(string(src), "\n") {
		body, ok := sign.comment(line)
		body = strings.TrimSpace(body)
		w.keep(line, !ok || !headRE.MatchString(body) && !tailRE.MatchString(body))
	}
	return w.bytes()
}
