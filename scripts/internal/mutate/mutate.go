// Package mutate measures how much of a step's code its suite guards. It makes mutants of the
// solution: versions in which one statement is left out, or one condition is forced to true or
// to false. A mutant that the suite accepts shows code that no test looks at.
//
// Mutants are made of the code that is new or changed against the step before: functions in Go,
// and the page's chat.js. Programs (package main) are left out, because suites start servers
// without them. Package verify grades the mutants, as alternatives of one program.
package mutate

import (
	"context"
	"fmt"
	"path"
	"regexp"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/region"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/suite"
	"wsworkshop/scripts/internal/verify"
	"wsworkshop/scripts/internal/workspace"
)

// Mutant is a version of a solution that is wrong in one place.
type Mutant struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Name string `json:"name"` // says what was changed; the same wherever the lines move
	Area Area   `json:"area"`

	Fate   verify.Fate `json:"fate"`
	Reason string      `json:"reason,omitempty"` // why no test can refuse it, from the file of survivors

	data []byte // of the file
}

// Area is a part of a step. The learner writes the regions of the step's own tasks; all else
// that is new or changed is given.
type Area struct {
	Part    string `json:"part"` // "server", "client" or "page"
	Learner bool   `json:"learner"`
}

// script is the page's file that the suites run.
const script = "web/chat.js"

// Options say what to measure.
type Options struct {
	verify.Options
	Step workspace.Step
	Only *regexp.Regexp // of names; nil means all
}

// Run makes the mutants of a step and has them graded.
func Run(ctx context.Context, opts Options) (*Report, error) {
	solution, before, err := solutions(opts.Root, opts.Step)
	if err != nil {
		return nil, err
	}
	mutants, err := Mutants(opts.Step, solution, before)
	if err != nil {
		return nil, err
	}
	reasons, err := readReasons(opts.Root, opts.Step)
	if err != nil {
		return nil, err
	}
	if opts.Only != nil {
		mutants = only(mutants, opts.Only)
		reasons = reasons.only(opts.Only)
	}
	if len(mutants) == 0 {
		return nil, fmt.Errorf("step %s has no mutants of that kind", opts.Step)
	}
	versions := make([]verify.Version, len(mutants))
	for i, m := range mutants {
		set := solution.Clone()
		set[m.File] = m.data
		versions[i] = verify.Version{Name: fmt.Sprintf("%s:%d", m.File, m.Line), Files: set}
	}
	fates, err := verify.Fates(ctx, opts.Options, opts.Step, versions)
	if err != nil {
		return nil, err
	}
	for i := range mutants {
		mutants[i].Fate = fates[i]
	}
	return newReport(opts.Step, mutants, reasons), nil
}

// solutions reads a step's solution, and that of the step before as if it were of this step.
func solutions(root workspace.Root, step workspace.Step) (now, before files.Set, err error) {
	if now, err = release.Solution(root, step); err != nil || step.Number() == 1 {
		return now, files.Set{}, err
	}
	before, err = release.Solution(root, step.Prev())
	return now, release.Move(before, release.SolutionModule(step.Prev()), release.SolutionModule(step)), err
}

func only(mutants []Mutant, re *regexp.Regexp) (kept []Mutant) {
	for _, m := range mutants {
		if re.MatchString(m.Name) {
			kept = append(kept, m)
		}
	}
	return kept
}

// Mutants makes all mutants of a step's solution, in the order of its files and lines.
func Mutants(step workspace.Step, solution, before files.Set) ([]Mutant, error) {
	var all []Mutant
	for _, name := range solution.Paths() {
		src := solution[name]
		var found []mutation
		var err error
		switch {
		case name == script:
			found, err = scriptMutations(src, changed(before[name], src))
		case path.Ext(name) == ".go" && !suite.IsFile(name):
			found, err = goMutations(src, oldFunctions(before, path.Dir(name)))
		}
		if err != nil {
			return nil, fmt.Errorf("solutions/%s/%s: %w", step, name, err)
		}
		regions, err := region.Parse(name, src)
		if err != nil {
			return nil, err
		}
		names := map[string]int{}
		for _, m := range found {
			all = append(all, m.mutant(step, regions, src, names))
		}
	}
	return all, nil
}
