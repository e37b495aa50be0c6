package mutate

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"wsworkshop/scripts/internal/region"
	"wsworkshop/scripts/internal/workspace"
)

// The kinds of mutations, as they stand in names.
const (
	deleted = "deleted" // a statement
	always  = "always"  // a condition, or a case of a switch
	never   = "never"
)

// mutation is a change of a file.
type mutation struct {
	function string // around it
	kind     string
	code     string // that it is about
	line     int
	edits    []edit // in order
}

// edit replaces the bytes of a file between two offsets. No edit adds or removes a line.
type edit struct {
	from, to int
	text     string
}

// wrap puts text before and behind a part of a file.
func wrap(from, to int, before, behind string) []edit {
	return []edit{{from, from, before}, {to, to, behind}}
}

func byLine(all []mutation) []mutation {
	slices.SortStableFunc(all, func(a, b mutation) int { return cmp.Compare(a.line, b.line) })
	return all
}

func apply(src []byte, edits []edit) []byte {
	var out []byte
	done := 0
	for _, e := range edits {
		out = append(append(out, src[done:e.from]...), e.text...)
		done = e.to
	}
	return append(out, src[done:]...)
}

// blank is as many lines as some code has, with nothing in them.
func blank(code []byte) string { return strings.Repeat("\n", strings.Count(string(code), "\n")) }

// mutant makes the mutant of a file's mutation. names counts what has a name already.
func (m mutation) mutant(step workspace.Step, f *region.File, src []byte, names map[string]int) Mutant {
	name := strings.Join([]string{f.Path, m.function, m.kind + ":", clip(m.code)}, " ")
	if names[name]++; names[name] > 1 {
		name += fmt.Sprintf(" (%d)", names[name])
	}
	area := Area{Part: "server", Learner: slices.ContainsFunc(f.Regions, func(r region.Region) bool {
		return r.Begin < m.line && m.line < r.End && slices.ContainsFunc(r.Tasks, func(task string) bool {
			return strings.HasPrefix(task, strconv.Itoa(step.Number())+".")
		})
	})}
	switch {
	case f.Path == script:
		area.Part = "page"
	case path.Dir(f.Path) == "client":
		area.Part = "client"
	}
	return Mutant{File: f.Path, Line: m.line, Name: name, Area: area, data: apply(src, m.edits)}
}

// longest is how much code a name quotes, in runes.
const longest = 70

// clip is code in one line.
func clip(code string) string {
	code = strings.Join(strings.Fields(code), " ")
	if utf8.RuneCountInString(code) <= longest {
		return code
	}
	return string([]rune(code)[:longest-1]) + "…"
}
