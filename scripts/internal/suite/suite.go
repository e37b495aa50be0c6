// Package suite reads a step's tasks: from the doc comments of its tests, and the hints
// from hints.md.
package suite

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/workspace"
)

// Suite is what the tests of one step ask for.
type Suite struct {
	Step  workspace.Step
	Tasks []Task // in order: 1.1, 1.2, …
}

// Task is one check-box of a step.
type Task struct {
	ID     string // "1.2"
	Title  string // one sentence, with its full stop
	Points int
	After  []string // tasks that are shown as blocked without this one's
	Tests  []Test   // all of them must pass; the one that has the points first
}

// Test is a graded test function.
type Test struct {
	Name string
	File string // relative to the module
	Line int    // of the word func
	Rule string // the sentence of its own header

	Rules []string // ids of the rules of the Contract that it guards: "1.b"
}

// Max is the sum of all points.
func (s *Suite) Max() int {
	sum := 0
	for _, t := range s.Tasks {
		sum += t.Points
	}
	return sum
}

// Task finds a task by its id, nil if there is none.
func (s *Suite) Task(id string) *Task {
	i := slices.IndexFunc(s.Tasks, func(t Task) bool { return t.ID == id })
	if i < 0 {
		return nil
	}
	return &s.Tasks[i]
}

// Find is like Task, with an error that names the tasks there are. "3" and "1.3" both name
// the third task of step 01.
func (s *Suite) Find(id string) (*Task, error) {
	full := id
	if !strings.Contains(id, ".") {
		full = fmt.Sprintf("%d.%s", s.Step.Number(), id)
	}
	if t := s.Task(full); t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("step %s has no task %q: its tasks are %s", s.Step, id, strings.Join(s.IDs(), ", "))
}

// IDs lists the ids of all tasks, in order.
func (s *Suite) IDs() []string {
	ids := make([]string, len(s.Tasks))
	for i, t := range s.Tasks {
		ids[i] = t.ID
	}
	return ids
}

// TestTask returns the task of the test with that name, nil if it is none of the suite's.
func (s *Suite) TestTask(name string) *Task {
	for i := range s.Tasks {
		if slices.ContainsFunc(s.Tasks[i].Tests, func(t Test) bool { return t.Name == name }) {
			return &s.Tasks[i]
		}
	}
	return nil
}

// IsFile reports whether a file of a module belongs to its suite: the tests in the root.
func IsFile(name string) bool {
	return path.Dir(name) == "." && strings.HasSuffix(name, "_test.go")
}

// Files returns the suite's files of a module.
func Files(set files.Set) files.Set {
	out := files.Set{}
	for name, data := range set {
		if IsFile(name) {
			out[name] = data
		}
	}
	return out
}
