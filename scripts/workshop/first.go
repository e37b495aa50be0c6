package main

import (
	"context"

	"wsworkshop/scripts/internal/grade"
	"wsworkshop/scripts/internal/report"
	"wsworkshop/scripts/internal/result"
)

// first begins to grade the task that the learner works on, while the whole step is graded.
// That task is the first that failed last time. A program of that task alone, without the
// race detector, is built sooner, so its verdict comes long before the report. The caller
// calls end when the report is ready; by then, a verdict that comes later helps nobody.
//
// Other programs that read the output get the report alone.
func (c *testCmd) first(a *app, job grade.Job, last *result.Result) (end func()) {
	if !terminal(a.Out) || c.Format != report.Text || c.Task != "" || last == nil || !job.Built() {
		return func() {}
	}
	task := last.FirstFailure()
	if task == nil || task.Verdict == result.Race { // which that program would not find
		return func() {}
	}
	ctx, cancel := context.WithCancel(a.Ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tellFirst(ctx, a, job, task.ID)
	}()
	return func() {
		cancel()
		<-done
	}
}

// tellFirst grades one task and tells how it went. What is wrong with the grading itself is
// the report's to say.
func tellFirst(ctx context.Context, a *app, job grade.Job, task string) {
	job.Only, job.Lean, job.Race = []string{task}, true, false
	job.Work += "-first"
	job.Say = nil
	r, err := grade.Grade(ctx, job)
	if err != nil || ctx.Err() != nil || len(r.Compile) > 0 {
		return
	}
	report.First(a.Out, &r.Tasks[0])
}
