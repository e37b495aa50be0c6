package main

import (
	"fmt"
	"time"

	"wsworkshop/scripts/internal/backup"
	"wsworkshop/scripts/internal/release"
)

// resetCmd gives a learner the starter again.
type resetCmd struct {
	Step string `help:"The step to begin again." required:"" placeholder:"NN"`
}

// Run writes the starter; lesson, hints and notes stay.
func (c *resetCmd) Run(a *app) error {
	step, err := knownStep(a.Root, c.Step)
	if err != nil {
		return err
	}
	_, starter, err := release.Reference(a.Root, step)
	if err != nil {
		return err
	}
	changes, err := release.Replace(a.Root, "steps/"+string(step), starter, backup.New(a.Root, time.Now()))
	if err != nil {
		return err
	}
	a.endHard(step)
	if changes.None() {
		fmt.Fprintf(a.Out, "steps/%s is the starter already.\n", step)
		return nil
	}
	fmt.Fprintf(a.Out, "steps/%s is the starter again: %s written, %d removed.\n", step, count(len(changes.Written), "file"), len(changes.Removed))
	if changes.Kept != "" {
		fmt.Fprintf(a.Out, "What you had is kept in %s/steps/%s\n", changes.Kept, step)
		fmt.Fprintf(a.Out, "To have it back: cp -R %s/steps/%s/. steps/%s/\n", changes.Kept, step, step)
	}
	return nil
}
