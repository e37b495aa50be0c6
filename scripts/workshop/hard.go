package main

import (
	"fmt"
	"time"

	"wsworkshop/scripts/internal/backup"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/start"
	"wsworkshop/scripts/internal/state"
	"wsworkshop/scripts/internal/workspace"
)

// blank begins a step in hard mode.
func (c *startCmd) blank(a *app, step workspace.Step) error {
	set, err := start.Blank(a.Root, step)
	if err != nil {
		return err
	}
	changes, err := release.Replace(a.Root, "steps/"+string(step), set, backup.New(a.Root, time.Now()))
	if err != nil {
		return err
	}
	a.remember(state.BeginHard(a.Root, step))
	has := fmt.Sprintf("the reference of step %s", step.Prev())
	if step.Number() == 1 {
		has = "an empty package"
	}
	fmt.Fprintf(a.Out, "Hard mode: steps/%s has %s, with the suite and the given page of step %s.\n", step, has, step)
	if changes.Kept != "" {
		fmt.Fprintf(a.Out, "What was there is kept in %s/steps/%s\n", changes.Kept, step)
	}
	fmt.Fprintf(a.Out, "Write what the Contract in steps/%s/README.md names. The files listed there are those of the normal starter.\n", step)
	fmt.Fprintf(a.Out, "The score starts again at zero: `make test STEP=%s`. To leave hard mode: `make reset STEP=%s`.\n", step, step)
	return nil
}

// endHard takes the mark of hard mode off a step, whose files have been replaced.
func (a *app) endHard(step workspace.Step) { a.remember(state.EndHard(a.Root, step)) }

// remember says what went wrong with the progress, which is no reason to stop.
func (a *app) remember(warning string, err error) {
	a.warn(warning)
	if err != nil {
		a.warn(fmt.Sprintf("the progress could not be written: %v", err))
	}
}
