package main

import (
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"wsworkshop/scripts/internal/backup"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/start"
	"wsworkshop/scripts/internal/workspace"
)

// startCmd begins a step with the learner's own code of the step before, or in hard mode.
type startCmd struct {
	Step string `help:"The step to begin." required:"" placeholder:"NN"`
	From string `help:"What to begin with: \"mine\", your own code of the step before; or \"blank\", hard mode." placeholder:"mine|blank"`
}

func (c *startCmd) Run(a *app) error {
	step, err := knownStep(a.Root, c.Step)
	if err != nil {
		return err
	}
	switch {
	case c.From == "blank":
		return c.blank(a, step)
	case step.Number() == 1:
		return errors.New("step 01 is the first: there is nothing to bring into it; `make reset STEP=01` is the starter, " +
			"and `make start STEP=01 FROM=blank` is hard mode")
	case c.From == "mine":
		return c.mine(a, step)
	}
	return fmt.Errorf("say `make start STEP=%s FROM=mine` for your own code of step %s, or FROM=blank for hard mode; "+
		"`make reset STEP=%s` is the starter, with the reference's code", step, step.Prev(), step)
}

// mine brings the learner's code of the step before.
func (c *startCmd) mine(a *app, step workspace.Step) error {
	res, err := start.FromMine(a.Ctx, a.Root, step, start.Build(a.Root))
	if err != nil {
		return err
	}
	kept := backup.New(a.Root, time.Now())
	if err := c.tellLeft(a.Out, step, res, kept); err != nil {
		return err
	}
	if len(res.Brought) == 0 {
		fmt.Fprintf(a.Out, "Nothing of step %s could be brought that step %s does not have already; steps/%s is as it was.\n",
			step.Prev(), step, step)
		return nil
	}
	changes, err := release.Replace(a.Root, "steps/"+string(step), res.Files, kept)
	if err != nil {
		return err
	}
	a.endHard(step)
	c.tell(a.Out, step, res, changes)
	return nil
}

// tellLeft says what could not be brought, and puts it where it can be looked up.
func (c *startCmd) tellLeft(w io.Writer, step workspace.Step, res *start.Result, kept *backup.Folder) error {
	for _, left := range res.Left {
		fmt.Fprintf(w, "not brought: %s: %s\n", left.File, left.Why)
		if left.Data == nil {
			continue
		}
		name := path.Join("from-"+string(step.Prev()), left.File)
		if err := kept.Add(name, left.Data); err != nil {
			return err
		}
		fmt.Fprintf(w, "  yours: %s/%s\n", kept.Path(), name)
	}
	return nil
}

func (c *startCmd) tell(w io.Writer, step workspace.Step, res *start.Result, changes release.Changes) {
	fmt.Fprintf(w, "steps/%s has your %s from step %s: it compiles.\n", step, strings.Join(res.Brought, ", "), step.Prev())
	if len(res.Filled) > 0 {
		fmt.Fprintf(w, "Not done in step %s, so the reference's answer stands there: %s\n", step.Prev(), strings.Join(res.Filled, ", "))
	}
	if changes.Kept != "" {
		fmt.Fprintf(w, "What was there is kept in %s/steps/%s\n", changes.Kept, step)
	}
	fmt.Fprintf(w, "Go on with `make test STEP=%s`; `make reset STEP=%s` is the starter, with the reference's code.\n", step, step)
}
