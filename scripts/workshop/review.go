package main

import (
	"context"
	"time"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/review"
	"wsworkshop/scripts/internal/start"
	"wsworkshop/scripts/internal/workspace"
)

// reviewTime bounds what remarks may cost. Only on a machine that has to compile much for
// them they take that long; the next grading has them.
const reviewTime = 5 * time.Second

// review adds a reviewer's remarks to a step with full marks. What is wrong with the review
// is no reason to stop.
func (a *app) review(step workspace.Step, r *result.Result) {
	ctx, cancel := context.WithTimeout(a.Ctx, reviewTime)
	defer cancel()
	given, err := a.given(step, r.Hard)
	if err == nil {
		r.Remarks, err = review.Review(ctx, a.Root.StepDir(step), given, r.Race)
	}
	if err != nil && ctx.Err() == nil {
		a.warn("no remarks: " + err.Error())
	}
}

// given is what the learner has begun with.
func (a *app) given(step workspace.Step, hard bool) (files.Set, error) {
	if hard {
		return start.Blank(a.Root, step)
	}
	solution, err := release.Solution(a.Root, step)
	if err != nil {
		return nil, err
	}
	return release.Starter(step, solution)
}
