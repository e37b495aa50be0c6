package main

import (
	"fmt"

	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/report"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/state"
	"wsworkshop/scripts/internal/suite"
	"wsworkshop/scripts/internal/workspace"
)

// progressCmd shows how far the learner has come.
type progressCmd struct {
	Format report.Format `help:"text, json, junit or github." default:"text" enum:"text,json,junit,github"`
}

// Run tells the last result of every step; nothing is graded.
func (c *progressCmd) Run(a *app) error {
	steps, err := a.Root.Steps()
	if err != nil {
		return err
	}
	progress, warning, err := state.ReadProgress(a.Root)
	if err != nil {
		return err
	}
	a.warn(warning)
	if c.Format == report.Text {
		return a.progressText(steps, progress)
	}
	all := []*result.Result{}
	for _, s := range steps {
		r := progress.Steps[s].Last
		if r == nil {
			if r, err = a.ungraded(s); err != nil {
				return err
			}
		}
		r.Dir, r.Hard = "steps/"+string(s), progress.Steps[s].Hard
		all = append(all, r)
	}
	return report.WriteAll(a.Out, c.Format, all)
}

// ungraded is the result of a step that nobody has graded yet.
func (a *app) ungraded(step workspace.Step) (*result.Result, error) {
	solution, err := release.Solution(a.Root, step)
	if err != nil {
		return nil, err
	}
	s, err := suite.Parse(solution)
	if err != nil {
		return nil, err
	}
	r := &result.Result{Step: string(step), Title: a.title(step)}
	for _, t := range s.Tasks {
		r.Tasks = append(r.Tasks, result.Task{ID: t.ID, Title: t.Title, Points: t.Points, After: t.After, Message: "not graded yet"})
	}
	r.Settle()
	return r, nil
}

func (a *app) progressText(steps []workspace.Step, progress *state.Progress) error {
	rows := make([]report.ProgressRow, 0, len(steps))
	for _, s := range steps {
		p := progress.Steps[s]
		row := report.ProgressRow{Step: string(s), Title: a.title(s), Best: p.Best, Graded: p.Last != nil, Hard: p.Hard, LastAt: p.LastAt}
		if p.Last != nil {
			row.Score = p.Last.Score
		}
		rows = append(rows, row)
	}
	next, _, err := a.nextStep()
	if err != nil {
		return err
	}
	if err := report.Progress(a.Out, rows); err != nil {
		return err
	}
	if next != "" {
		fmt.Fprintf(a.Out, "\nNext: make test STEP=%s\n", next)
	}
	return nil
}
