package schemata

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/files"
)

// Files is the module. The compiler takes each file, and each body, for the one of that name at
// the place that at returns.
func (s *Schemata) Files(at func(name string) string) files.Set {
	return s.write(at, func(_ int, name string) string { return at(name) })
}

// Traced is the module in which the places name the versions, for Spoilers.
func (s *Schemata) Traced() files.Set {
	return s.write(func(name string) string { return name },
		func(version int, name string) string { return fmt.Sprintf("%s-%d/%s", prefix, version, name) })
}

func (s *Schemata) write(base func(string) string, version func(int, string) string) files.Set {
	out := s.base.Clone()
	for name, f := range s.files {
		out[name] = s.file(name, f, base, version)
	}
	s.writeWebs(out)
	out[path.Join(prefix, "version.go")] = fmt.Appendf(nil, `package %s

import (
	"os"
	"strconv"
)

// Version is the number of the version that the program is, -1 for the base.
var Version = chosen()

func chosen() int {
	n, err := strconv.Atoi(os.Getenv(%q))
	if err != nil {
		return -1
	}
	return n
}
`, prefix, Env)
	return out
}

// edit replaces bytes of a file.
type edit struct {
	from, to int
	text     string
}

// file is a file of the base with all bodies of its functions.
func (s *Schemata) file(name string, f *source, base func(string) string, version func(int, string) string) []byte {
	back := func(line int) string { return fmt.Sprintf("\n//line %s:%d\n", base(name), line) }
	var edits []edit
	for n, fn := range f.functions {
		bodies := s.bodies[place{name, n}]
		if len(bodies) == 0 {
			continue
		}
		var b strings.Builder
		fmt.Fprintf(&b, "{ switch %s.Version {", prefix)
		for _, other := range bodies {
			fmt.Fprintf(&b, "\ncase %s: {\n//line %s:%d\n%s", numbers(other.versions), version(other.versions[0], name), other.line, other.text)
		}
		b.WriteString("\ndefault: {" + back(fn.line) + fn.body + back(fn.end) + "} }")
		edits = append(edits, edit{fn.from, fn.to, b.String()})
	}
	if len(edits) > 0 {
		imports := fmt.Sprintf("; import %q", path.Join(s.module, prefix))
		for _, add := range s.adds[name] {
			imports += fmt.Sprintf("\n//line %s:1\nimport %s", version(add.versions[0], name), add.spec)
		}
		imports += back(1 + bytes.Count(f.src[:f.pkgEnd], []byte("\n")))
		edits = append(edits, edit{f.pkgEnd, f.pkgEnd, imports})
	}
	edits = append(edits, s.webEdit(name, f.src)...)
	return apply(f.src, edits, fmt.Sprintf("//line %s:1\n", base(name)))
}

func apply(src []byte, edits []edit, first string) []byte {
	slices.SortFunc(edits, func(a, b edit) int { return a.from - b.from })
	b := []byte(first)
	done := 0
	for _, e := range edits {
		b = append(append(b, src[done:e.from]...), e.text...)
		done = e.to
	}
	return append(b, src[done:]...)
}

func numbers(versions []int) string {
	var all []string
	for _, v := range slices.Sorted(slices.Values(versions)) {
		all = append(all, fmt.Sprint(v))
	}
	return strings.Join(all, ", ")
}
