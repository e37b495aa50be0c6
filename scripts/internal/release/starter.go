// Package release makes a learner's step from the author's solution.
package release

import (
	"bytes"
	"errors"
	"fmt"
	"go/format"
	"path"
	"regexp"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/imports"
	"wsworkshop/scripts/internal/region"
	"wsworkshop/scripts/internal/suite"
	"wsworkshop/scripts/internal/workspace"
)

// SolutionModule and StepModule are the module paths of a step's two modules.
func SolutionModule(s workspace.Step) string { return "wsworkshop/solutions/" + string(s) }
func StepModule(s workspace.Step) string     { return "wsworkshop/steps/" + string(s) }

// Proven is the file beside a solution that says what `make verify` has proved of it.
const Proven = "PROVEN"

// Survivors is the file beside a solution with the mutants that no test can refuse: see package
// mutate.
const Survivors = "SURVIVORS"

// Part reports whether a file of a solution's folder, or a folder with its slash, belongs to
// the solution itself.
func Part(name string) bool {
	return !strings.HasPrefix(name, "variants/") && name != Proven && name != Survivors && !byHand(name)
}

// byHand are the files that live in the step itself, and all that a learner may note there.
func byHand(name string) bool {
	return path.Ext(name) == ".md" || strings.HasPrefix(path.Base(name), ".")
}

// Starter is what steps/NN has of the solution: this step's regions stubbed, the module
// called after the step.
func Starter(step workspace.Step, solution files.Set) (files.Set, error) {
	if err := checkRegions(step, solution); err != nil {
		return nil, within("solutions/"+string(step), err)
	}
	prefix := fmt.Sprintf("%d.", step.Number())
	set, err := Stub(solution, func(task string) bool { return strings.HasPrefix(task, prefix) })
	if err != nil {
		return nil, within("solutions/"+string(step), err)
	}
	return Move(set, SolutionModule(step), StepModule(step)), nil
}

// Stub returns the solution with the regions stubbed of which open names a task. The
// others stay solved between plain marks. The module keeps its name.
func Stub(solution files.Set, open func(task string) bool) (files.Set, error) {
	rendered := solution.Clone()
	var errs []error
	for _, name := range solution.Paths() {
		src, err := region.Starter(name, solution[name], open)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		rendered[name] = src
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return tidy(rendered, solution)
}

// Clean returns the solution without any marks, as a reader would like to see it.
func Clean(solution files.Set) (files.Set, error) {
	return Bare(solution, func(string) bool { return false })
}

// Bare is Stub without the marks of the regions that stay solved.
func Bare(solution files.Set, open func(task string) bool) (files.Set, error) {
	bare := solution.Clone()
	for _, name := range solution.Paths() {
		f, err := region.Parse(name, solution[name])
		if err != nil {
			return nil, err
		}
		bare[name] = f.Unmarked(open)
	}
	return tidy(bare, solution)
}

// tidy mends imports and makes sure that gofmt has nothing left to do.
func tidy(rendered, solution files.Set) (files.Set, error) {
	set, err := imports.Fix(rendered, solution)
	if err != nil {
		return nil, err
	}
	for _, name := range set.Paths() {
		if path.Ext(name) != ".go" || bytes.Equal(set[name], solution[name]) {
			continue
		}
		once, err := format.Source(set[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		twice, err := format.Source(once)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if !bytes.Equal(once, twice) {
			return nil, fmt.Errorf("%s: formatting the starter twice is not the same as once: look for a stub line in a doc comment", name)
		}
		set[name] = once
	}
	return set, nil
}

// Move returns the module under another name: in go.mod, in imports and wherever else the
// name stands.
func Move(set files.Set, from, to string) files.Set {
	old := regexp.MustCompile(regexp.QuoteMeta(from) + `\b`)
	out := files.Set{}
	for name, data := range set {
		if bytes.Contains(data, []byte(from)) {
			data = old.ReplaceAllLiteral(data, []byte(to))
		}
		out[name] = data
	}
	return out
}

// checkRegions looks for regions that have no place in this step's solution.
func checkRegions(step workspace.Step, solution files.Set) error {
	tasks, _ := suite.Parse(solution) // its own faults are told elsewhere
	var errs []error
	for _, name := range solution.Paths() {
		f, err := region.Parse(name, solution[name])
		if err != nil {
			errs = append(errs, err)
			continue
		}
		for i := range f.Regions {
			errs = append(errs, checkRegion(step, tasks, f, &f.Regions[i]))
		}
	}
	return errors.Join(errs...)
}

func checkRegion(step workspace.Step, tasks *suite.Suite, f *region.File, r *region.Region) error {
	var ours bool
	for _, task := range r.Tasks {
		number := stepOf(task)
		switch {
		case number > step.Number():
			return &region.Error{Path: f.Path, Line: r.Begin, Msg: fmt.Sprintf("task %s is one of a later step", task)}
		case number == step.Number() && tasks != nil && tasks.Task(task) == nil:
			return &region.Error{Path: f.Path, Line: r.Begin, Msg: fmt.Sprintf("task %s is none of this step: its tasks are %s",
				task, strings.Join(tasks.IDs(), ", "))}
		}
		ours = ours || number == step.Number()
	}
	if !ours && len(r.Stub) > 0 {
		return &region.Error{Path: f.Path, Line: r.Begin, Msg: fmt.Sprintf(
			"stub lines of task %s, which belongs to an earlier step: they stand only in that step, remove them here",
			strings.Join(r.Tasks, ", "))}
	}
	return nil
}

// stepOf is the step's number in a task's id.
func stepOf(task string) int {
	var step, number int
	_, _ = fmt.Sscanf(task, "%d.%d", &step, &number)
	return step
}

// within puts a folder in front of each of the errors, which begin with a file's name.
func within(dir string, err error) error {
	if list, ok := err.(interface{ Unwrap() []error }); ok {
		errs := slices.Clone(list.Unwrap())
		for i := range errs {
			errs[i] = within(dir, errs[i])
		}
		return errors.Join(errs...)
	}
	return fmt.Errorf("%s/%w", dir, err)
}
