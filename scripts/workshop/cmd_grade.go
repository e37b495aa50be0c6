package main

import (
	"fmt"

	"wsworkshop/scripts/internal/report"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/state"
	"wsworkshop/scripts/internal/workspace"
)

// gradeFlags are the arguments of the commands that grade.
type gradeFlags struct {
	Step   string        `help:"The step, 01 to 17." required:"" placeholder:"NN"`
	Task   string        `help:"Only this task, as 5.3." placeholder:"N.K"`
	All    bool          `help:"Tell every failure at length."`
	Format report.Format `help:"text, json, junit or github." default:"text" enum:"text,json,junit,github"`
}

// testCmd grades the learner's step.
type testCmd struct{ gradeFlags }

// Run grades and remembers the score. It succeeds only at full marks.
func (c *testCmd) Run(a *app) error {
	step, r, err := c.grade(a, false)
	if err != nil {
		return err
	}
	if c.Task == "" {
		warning, err := state.Record(a.Root, r)
		a.warn(warning)
		if err != nil {
			a.warn(fmt.Sprintf("the progress could not be written: %v", err))
		}
	}
	return c.tell(a, r, report.Options{All: c.All, Next: a.next(step)})
}

// solutionCmd grades the reference.
type solutionCmd struct{ gradeFlags }

// Run grades the reference with the same suite.
func (c *solutionCmd) Run(a *app) error {
	_, r, err := c.grade(a, true)
	if err != nil {
		return err
	}
	return c.tell(a, r, report.Options{All: c.All, Reference: true})
}

func (c *gradeFlags) grade(a *app, reference bool) (workspace.Step, *result.Result, error) {
	step, err := knownStep(a.Root, c.Step)
	if err != nil {
		return "", nil, err
	}
	var tasks []string
	if c.Task != "" {
		tasks = append(tasks, c.Task)
	}
	r, err := a.gradeStep(step, reference, tasks...)
	return step, r, err
}

func (c *gradeFlags) tell(a *app, r *result.Result, opts report.Options) error {
	if err := report.Write(a.Out, c.Format, r, opts); err != nil {
		return err
	}
	if !r.Full() {
		return errRed
	}
	return nil
}

// next is the step after step, or "" when it was the last.
func (a *app) next(step workspace.Step) string {
	steps, _ := a.Root.Steps()
	for _, s := range steps {
		if s.Number() > step.Number() {
			return string(s)
		}
	}
	return ""
}

// warn says something that is no reason to stop.
func (a *app) warn(text string) {
	if text != "" {
		fmt.Fprintln(a.Err, "workshop:", text)
	}
}
