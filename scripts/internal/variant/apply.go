package variant

import (
	"fmt"
	"path"
	"strings"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/imports"
	"wsworkshop/scripts/internal/region"
)

// Apply returns the solution with the variant's sections in the place of its own. Marks
// stay where they are; imports are mended. The solution itself is not altered.
func (v *Variant) Apply(solution files.Set) (files.Set, error) {
	a := &applied{v: v, solution: solution, parsed: map[string]*region.File{}, bodies: map[string]map[int]string{}}
	for _, name := range solution.Paths() {
		f, err := region.Parse(name, solution[name])
		if err != nil {
			return nil, err
		}
		a.parsed[name] = f
	}
	out := solution.Clone()
	for _, s := range v.sections {
		if s.edit {
			continue
		}
		if err := a.replace(s, out); err != nil {
			return nil, err
		}
	}
	for name, bodies := range a.bodies {
		src, err := a.parsed[name].Replace(bodies)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", v.file, err)
		}
		out[name] = src
	}
	if err := a.edits(out); err != nil {
		return nil, err
	}
	out, err := imports.Fix(out, solution)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", v.file, err)
	}
	return out, nil
}

// replace notes a section's region, or does what it says of a whole file.
func (a *applied) replace(s section, out files.Set) error {
	_, exists := out[s.path]
	switch {
	case s.tasks != nil:
		return a.region(s)
	case len(strings.TrimSpace(string(s.data))) > 0:
		out[s.path] = s.data
	case !exists:
		return a.fault(s, "there is no %s to remove", s.path)
	default:
		delete(out, s.path)
	}
	return nil
}

// applied is a variant on its way to a solution.
type applied struct {
	v        *Variant
	solution files.Set
	parsed   map[string]*region.File
	bodies   map[string]map[int]string // file, index of the region, new text
}

func (a *applied) fault(s section, format string, args ...any) error {
	return &Fault{a.v.file, s.line, fmt.Sprintf(format, args...)}
}

// match is a region that a section may mean.
type match struct {
	file  string
	index int // in its file's regions
	nth   int // of those with the same tasks in its file, from 1
}

// region notes the new text of the one region that s means.
func (a *applied) region(s section) error {
	all := a.matches(s, func(string) bool { return true })
	fitting := all
	if s.path != "" {
		fitting = a.matches(s, func(name string) bool { return name == s.path || path.Base(name) == s.path })
	}
	if s.nth > 0 {
		fitting = only(fitting, s.nth)
	}
	tasks := strings.Join(s.tasks, ", ")
	switch {
	case len(all) == 0:
		return a.fault(s, "no region of the solution is marked with task %s", tasks)
	case len(fitting) == 0:
		return a.fault(s, "no such region: task %s has %s", tasks, names(all))
	case len(fitting) > 1:
		return a.fault(s, "task %s has %d regions, %s: name the one that you mean", tasks, len(fitting), names(fitting))
	}
	m := fitting[0]
	if _, whole := a.whole(m.file); whole {
		return a.fault(s, "%s is replaced whole, and a region in it too", m.file)
	}
	if a.bodies[m.file] == nil {
		a.bodies[m.file] = map[int]string{}
	}
	if _, twice := a.bodies[m.file][m.index]; twice {
		return a.fault(s, "another section replaces this region already")
	}
	a.bodies[m.file][m.index] = string(s.data)
	return nil
}

// matches lists the regions that answer all of the section's tasks.
func (a *applied) matches(s section, in func(name string) bool) []match {
	var out []match
	for _, name := range a.solution.Paths() {
		nth := 0
		for i := range a.parsed[name].Regions {
			if !in(name) || !answers(&a.parsed[name].Regions[i], s.tasks) {
				continue
			}
			nth++
			out = append(out, match{name, i, nth})
		}
	}
	return out
}

func answers(r *region.Region, tasks []string) bool {
	for _, task := range tasks {
		if !r.Has(task) {
			return false
		}
	}
	return true
}

// whole finds the section that replaces a file as a whole.
func (a *applied) whole(name string) (section, bool) {
	for _, s := range a.v.sections {
		if s.tasks == nil && !s.edit && s.path == name {
			return s, true
		}
	}
	return section{}, false
}

func only(all []match, nth int) []match {
	var out []match
	for _, m := range all {
		if m.nth == nth {
			out = append(out, m)
		}
	}
	return out
}

// names lists regions as a section would name them.
func names(all []match) string {
	var out []string
	for _, m := range all {
		out = append(out, fmt.Sprintf("%s#%d", m.file, m.nth))
	}
	return strings.Join(out, ", ")
}
