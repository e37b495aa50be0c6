package main

import (
	"fmt"
	"io"
	"time"

	"wsworkshop/scripts/internal/report"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/table"
	"wsworkshop/scripts/internal/verify"
	"wsworkshop/scripts/internal/workspace"
)

// verifyCommands prove that the workshop itself is right.
type verifyCommands struct {
	Variants    variantsCmd    `cmd:"" help:"Run the wrong and right variants of a step, and show what a learner would see."`
	Verify      verifyCmd      `cmd:"" help:"Prove that the suites refuse what is wrong and accept what is right."`
	Check       checkCmd       `cmd:"" help:"Formatting, linters, tidy modules, unit tests."`
	Integration integrationCmd `cmd:"" help:"Run the servers and their pages in real programs."`
}

type verifyCmd struct {
	Step    string `help:"The step to verify; without it, all of them." placeholder:"05"`
	Compare bool   `help:"Grade everything both ways, together and as a module of its own, and compare."`
}

func (c verifyCmd) Run(a *app) error {
	began := time.Now()
	opts := verify.Options{Root: a.Root, Report: seen, Compare: c.Compare}
	if c.Step != "" {
		step, err := workspace.ParseStep(c.Step)
		if err != nil {
			return err
		}
		opts.Steps = []workspace.Step{step}
	}
	progress := table.NewProgress(a.Err)
	opts.Say = progress.Say
	var rows []table.Row
	steps := 0
	sum, err := verify.Verify(a.Ctx, opts, func(r verify.Report) {
		progress.Clear()
		table.Print(a.Out, r.Heading, r.Rows)
		fmt.Fprintln(a.Out)
		rows = append(rows, r.Rows...)
		steps++
	})
	progress.Clear()
	if err != nil {
		return err
	}
	passed, failed, skipped := table.Count(rows)
	fmt.Fprintf(a.Out, "%s, %s\n", table.Plural(steps, "step"), tally("check", passed, failed, skipped))
	fmt.Fprintf(a.Out, "%s in %.0f s, %d remembered from before\n", table.Plural(sum.Graded, "grading"),
		time.Since(began).Seconds(), sum.Remembered)
	if how := sum.How(); how != "" {
		fmt.Fprintln(a.Out, how)
	}
	if failed > 0 {
		return errRed
	}
	return nil
}

// seen writes what a learner would see of a result.
func seen(w io.Writer, r *result.Result) {
	// Writing to memory does not fail.
	_ = report.Write(w, report.Text, r, report.Options{})
}
