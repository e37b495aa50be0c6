package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/state"
	"wsworkshop/scripts/internal/suite"
	"wsworkshop/scripts/internal/workspace"
)

// hintCmd shows the hints of a task, one at a time.
type hintCmd struct {
	Step string `help:"The step, as 05; without it, the task's or your next one." placeholder:"NN"`
	Task string `help:"The task, as 5.3; without it, the first that has not passed." placeholder:"N.K"`
}

// Run shows the next hint, and begins again after the last.
func (c *hintCmd) Run(a *app) error {
	step, err := a.stepOrNext(c.Step, c.Task)
	if err != nil {
		return err
	}
	task, err := c.task(a, step)
	if err != nil {
		return err
	}
	hints, err := a.hints(step, task.ID)
	if err != nil {
		return err
	}
	n, warning, err := state.NextHint(a.Root, task.ID, len(hints))
	a.warn(warning)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.Out, "%s  %s\nHint %d of %d\n\n%s\n\n", task.ID, task.Title, n, len(hints), hints[n-1])
	if n < len(hints) {
		fmt.Fprintf(a.Out, "Once more, and you get the next one.\n")
	} else {
		fmt.Fprintf(a.Out, "That was the last one. make diff STEP=%s TASK=%s shows how the reference does it.\n", step, task.ID)
	}
	return nil
}

// task is the one asked for, or the first that has not passed the last time.
func (c *hintCmd) task(a *app, step workspace.Step) (*suite.Task, error) {
	solution, err := release.Solution(a.Root, step)
	if err != nil {
		return nil, err
	}
	s, err := suite.Parse(solution)
	if err != nil {
		return nil, err
	}
	if c.Task != "" {
		return s.Find(c.Task)
	}
	progress, warning, err := state.ReadProgress(a.Root)
	if err != nil {
		return nil, err
	}
	a.warn(warning)
	if last := progress.Steps[step].Last; last != nil {
		if first := last.FirstFailure(); first != nil && s.Task(first.ID) != nil {
			return s.Task(first.ID), nil
		}
	}
	return &s.Tasks[0], nil
}

// hints reads a task's hints.
func (a *app) hints(step workspace.Step, task string) ([]string, error) {
	name := "steps/" + string(step) + "/hints.md"
	data, err := os.ReadFile(a.Root.Path("steps", string(step), "hints.md"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is missing: git checkout %s brings it back", name, name)
	}
	if err != nil {
		return nil, err
	}
	all, err := suite.ParseHints(name, data)
	if err != nil {
		return nil, err
	}
	hints := all.Task(task)
	if hints == nil {
		return nil, fmt.Errorf("%s has no hints for task %s", name, task)
	}
	return hints.Hints, nil
}
