package main

import (
	"fmt"
	"slices"

	"wsworkshop/scripts/internal/grade"
	"wsworkshop/scripts/internal/report"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/state"
	"wsworkshop/scripts/internal/workspace"
)

// gradeFlags are the arguments of the commands that grade.
type gradeFlags struct {
	Step   string        `help:"The step, as 05; without it, the task's or your next one." placeholder:"NN"`
	Task   string        `help:"Only this task, as 5.3." placeholder:"N.K"`
	All    bool          `help:"Tell every failure at length."`
	Format report.Format `help:"text, json, junit or github." default:"text" enum:"text,json,junit,github"`
}

// testCmd grades the learner's step.
type testCmd struct{ gradeFlags }

// Run grades and remembers the score. It succeeds only at full marks.
func (c *testCmd) Run(a *app) error {
	step, err := a.stepOrNext(c.Step, c.Task)
	if err != nil {
		return err
	}
	job, err := a.gradeJob(step, a.Root.StepDir(step))
	if err != nil {
		return err
	}
	job.Only, job.Lean = c.tasks(), c.Task != ""
	before := a.stepProgress(step)
	last := before.Last
	first := c.first(a, job, last)
	r, err := grade.Grade(a.Ctx, job)
	first()
	if err != nil {
		return err
	}
	r.Hard = before.Hard
	opts := report.Options{All: c.All, Next: a.after(step)}
	if c.Task != "" {
		opts.OneTask, opts.NextTask = true, nextTask(last, r)
		return c.tell(a, r, opts)
	}
	a.remember(state.Record(a.Root, r))
	if r.Full() {
		a.review(step, r)
	}
	return c.tell(a, r, opts)
}

// stepProgress is what is known of the learner's step: zero if it was never graded as a whole.
func (a *app) stepProgress(step workspace.Step) state.StepProgress {
	progress, warning, err := state.ReadProgress(a.Root)
	a.warn(warning)
	if err != nil {
		return state.StepProgress{} // Record will say why
	}
	return progress.Steps[step]
}

// nextTask is the task to do after those of now: of those that had not passed when the whole step
// was graded last, the first that stands below, or else above. It is "" where nothing is known.
// Tasks above may have been graded alone since then, and that is not recorded.
func nextTask(last, now *result.Result) string {
	if last == nil {
		return ""
	}
	var above, others result.Result
	for _, t := range last.Tasks {
		if slices.ContainsFunc(now.Tasks, func(done result.Task) bool { return done.ID == t.ID }) {
			above.Tasks = append(above.Tasks, others.Tasks...)
			others.Tasks = nil
			continue
		}
		others.Tasks = append(others.Tasks, t)
	}
	others.Tasks = append(others.Tasks, above.Tasks...)
	if first := others.FirstFailure(); first != nil {
		return first.ID
	}
	return ""
}

// solutionCmd grades the reference.
type solutionCmd struct{ gradeFlags }

// Run grades the reference with the same suite.
func (c *solutionCmd) Run(a *app) error {
	step, err := knownStep(a.Root, c.Step)
	if err != nil {
		return err
	}
	job, err := a.gradeJob(step, a.Root.SolutionDir(step))
	if err != nil {
		return err
	}
	job.Only, job.Lean = c.tasks(), c.Task != ""
	r, err := grade.Grade(a.Ctx, job)
	if err != nil {
		return err
	}
	return c.tell(a, r, report.Options{All: c.All, Reference: true})
}

// tasks are those to be graded; none means all.
func (c *gradeFlags) tasks() []string {
	if c.Task == "" {
		return nil
	}
	return []string{c.Task}
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

// warn says something that is no reason to stop.
func (a *app) warn(text string) {
	if text != "" {
		fmt.Fprintln(a.Err, "workshop:", text)
	}
}
