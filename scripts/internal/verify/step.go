package verify

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/contract"
	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/suite"
	"wsworkshop/scripts/internal/workspace"
)

// step is all that a step's rows look at.
type step struct {
	root     workspace.Root
	id       workspace.Step
	title    string
	release  *release.Plan
	solution files.Set // what release.Plan has of it
	suite    *suite.Suite
	tests    files.Set // the suite's files
	rules    contract.Contract
	marked   files.Set // the solution's files that answer a task of this step
	err      error     // why there is no more than id and title

	rulesErr error // what is wrong with the lesson's rules

	variantsDir  string
	surroundings string // names what all its gradings depend on
	built        string // names the released module that builds, "" if it does not
	known        proofs
	tally        tally

	compared    int // specimens graded both ways
	differences []string
}

func (l *lab) load(id workspace.Step) *step {
	root := l.opts.Root
	st := &step{root: root, id: id, title: title(root, id),
		variantsDir: filepath.Join(root.SolutionDir(id), "variants"), known: l.read(id)}
	st.rules, st.rulesErr = contract.Read(root, id)
	st.release, st.err = release.Prepare(root, id)
	if st.err == nil {
		st.solution, st.suite = st.release.Solution, st.release.Suite
		st.tests = suite.Files(st.solution)
		st.marked = st.answering()
		st.surroundings, st.err = l.knowledge.surroundings(st)
	}
	return st
}

var tasksRE = regexp.MustCompile(`\btask ((?:\d+\.\d+(?:, )?)+)`)

// answering finds the files that have a region of one of this step's tasks, and perhaps some
// that only seem to.
func (st *step) answering() files.Set {
	out := files.Set{}
	for name, data := range st.solution {
		for _, m := range tasksRE.FindAllSubmatch(data, -1) {
			if slices.ContainsFunc(strings.Split(string(m[1]), ", "), st.mine) {
				out[name] = data
			}
		}
	}
	return out
}

// reference is what a grading has to know of the solution to say where a task is written.
// To read all of it takes longer than many a test; whatever compiles needs no more than the
// files that answer its tasks.
func (st *step) reference(s *specimen, compiled bool) files.Set {
	if compiled && sameSet(s.suite, st.tests) {
		return st.marked
	}
	return st.solution
}

// title is the lesson's, "" where there is none.
func title(root workspace.Root, id workspace.Step) string {
	data, _ := os.ReadFile(root.Path("steps", string(id), "README.md"))
	for line := range strings.Lines(string(data)) {
		if heading, ok := strings.CutPrefix(line, "# "); ok {
			_, after, found := strings.Cut(heading, " · ")
			if found {
				heading = after
			}
			return strings.TrimSpace(heading)
		}
	}
	return ""
}

// passing and failing make specimens of a changed solution, of which that is expected.
func (st *step) passing(name string, set files.Set) *specimen {
	return &specimen{name: name, files: set, suite: st.tests, race: true}
}

func (st *step) failing(name string, set files.Set) *specimen {
	return &specimen{name: name, files: set, suite: st.tests}
}

// mine reports whether a task is one of this step.
func (st *step) mine(task string) bool {
	return strings.HasPrefix(task, fmt.Sprintf("%d.", st.id.Number()))
}

// builtOn reports whether the task was declared to come after any of the others, directly
// or through tasks between.
func (st *step) builtOn(task string, others []string) bool {
	t := st.suite.Task(task)
	return t != nil && slices.ContainsFunc(t.After, func(id string) bool {
		return slices.Contains(others, id) || st.builtOn(id, others)
	})
}
