package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"wsworkshop/scripts/internal/table"
	"wsworkshop/scripts/internal/verify"
	"wsworkshop/scripts/internal/workspace"
)

// verifyCommands prove that the workshop itself is right.
type verifyCommands struct {
	Variants    variantsCmd    `cmd:"" help:"Run the wrong and right variants of a step, and show what a learner would see."`
	Verify      verifyCmd      `cmd:"" help:"Prove that the suites refuse what is wrong and accept what is right."`
	Mutate      mutateCmd      `cmd:"" help:"Leave out statements and force conditions of a step, and show which of that its suite accepts."`
	Check       checkCmd       `cmd:"" help:"Formatting, linters, tidy modules, unit tests."`
	Integration integrationCmd `cmd:"" help:"Run the servers and their pages in real programs."`
}

type verifyCmd struct {
	Step    string  `help:"The step to verify; without it, all of them." placeholder:"05"`
	All     bool    `help:"Grade everything, whatever has been proved."`
	Seed    *uint64 `help:"Grade again the sample of an earlier run." placeholder:"NUMBER"`
	Compare bool    `help:"Grade everything both ways, together and as a module of its own, and compare."`
}

func (c verifyCmd) Run(a *app) error {
	began := time.Now()
	opts := verify.Options{Root: a.Root, All: c.All || c.Compare, Compare: c.Compare, Seed: rand.Uint64N(1e6)}
	if c.Seed != nil {
		opts.Seed = *c.Seed
	}
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
		progress.Above(func() {
			table.Print(a.Out, r.Heading, r.Rows)
			fmt.Fprintln(a.Out)
		})
		rows = append(rows, r.Rows...)
		steps++
	})
	progress.Clear()
	if err != nil {
		return err
	}
	passed, failed, skipped := table.Count(rows)
	fmt.Fprintf(a.Out, "%s, %s\n", table.Plural(steps, "step"), tally("check", passed, failed, skipped))
	fmt.Fprintf(a.Out, "%s in %.0f s; %d taken from the proofs, %d remembered\n",
		table.Plural(sum.Graded, "grading"), time.Since(began).Seconds(), sum.Taken, sum.Remembered)
	if how := sum.How(); how != "" {
		fmt.Fprintln(a.Out, how)
	}
	if !c.All {
		fmt.Fprintf(a.Out, "the random sample of 5 %% had SEED=%d\n", opts.Seed)
	}
	if failed > 0 {
		return errRed
	}
	return nil
}
