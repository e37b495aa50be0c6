package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"wsworkshop/scripts/internal/mutate"
	"wsworkshop/scripts/internal/table"
	"wsworkshop/scripts/internal/verify"
)

// mutateCmd finds code of a step that its suite does not guard.
type mutateCmd struct {
	Step   string `required:"" help:"The step whose new and changed code to mutate." placeholder:"05"`
	Run_   string `name:"run" help:"Only mutants whose name matches this regular expression, for example hub.go." placeholder:"REGEXP"`
	Format string `help:"How to report: ${enum}." enum:"text,json" default:"text"`
}

// Help says what the report means.
func (mutateCmd) Help() string {
	return `Makes mutants of the solution: versions in which one statement is left out, or one
condition is forced to true or to false. Only code that is new or changed against the step
before is mutated. A mutant that the suite accepts has survived: write a test that refuses
it, remove the code, or, if the mutant does the same as the solution, give the reason in
solutions/NN/SURVIVORS. A line of that file is the mutant's name as the report prints it,
two blanks, // and the reason. The exit status is 0 if all goals are reached.`
}

func (c mutateCmd) Run(a *app) error {
	step, err := knownStep(a.Root, c.Step)
	if err != nil {
		return err
	}
	began := time.Now()
	progress := table.NewProgress(a.Err)
	opts := mutate.Options{Options: verify.Options{Root: a.Root, Say: progress.Say}, Step: step}
	if c.Run_ != "" {
		if opts.Only, err = regexp.Compile(c.Run_); err != nil {
			return fmt.Errorf("RUN=%s: %w", c.Run_, err)
		}
	}
	report, err := mutate.Run(a.Ctx, opts)
	progress.Clear()
	if err != nil {
		return err
	}
	if c.Format == "json" {
		err = json.NewEncoder(a.Out).Encode(report)
	} else {
		table.Print(a.Out, "Step "+string(step)+" · "+a.title(step), report.Rows())
		fmt.Fprintf(a.Out, "%s in %.0f s\n", table.Plural(len(report.Mutants), "mutant"), time.Since(began).Seconds())
	}
	if err == nil && !report.Met() {
		err = errRed
	}
	return err
}
