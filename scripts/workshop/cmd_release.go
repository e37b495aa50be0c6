package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"wsworkshop/scripts/internal/backup"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/workspace"
)

// releaseCmd makes steps/NN from solutions/NN, and the generated parts of the documents.
type releaseCmd struct {
	Step string `help:"The step to release; all of them without it." placeholder:"NN"`
}

// Run computes everything first, so that a fault in one solution leaves all steps alone.
func (c *releaseCmd) Run(a *app) error {
	steps, err := c.steps(a)
	if err != nil {
		return err
	}
	var plans []*release.Plan
	for _, step := range steps {
		p, err := release.Prepare(a.Root, step)
		if err != nil {
			return err
		}
		plans = append(plans, p)
	}
	before, after, err := release.PlanText(a.Root, plans)
	if err != nil {
		return err
	}
	kept := backup.New(a.Root, time.Now())
	for _, p := range plans {
		if err := a.Ctx.Err(); err != nil {
			return err
		}
		changes, err := p.Write(a.Root, kept)
		if err != nil {
			return err
		}
		tellChanges(a.Out, "steps/"+string(p.Step), changes)
		a.endHard(p.Step)
	}
	return writePlan(a, kept, before, after)
}

func (c *releaseCmd) steps(a *app) ([]workspace.Step, error) {
	if c.Step == "" {
		return a.Root.Steps()
	}
	step, err := knownStep(a.Root, c.Step)
	return []workspace.Step{step}, err
}

// writePlan writes LEARNING_PLAN.md if it changes.
func writePlan(a *app, kept *backup.Folder, before, after string) error {
	if before == after {
		return nil
	}
	if _, err := kept.Copy("LEARNING_PLAN.md"); err != nil {
		return err
	}
	if err := os.WriteFile(a.Root.Path("LEARNING_PLAN.md"), []byte(after), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(a.Out, "LEARNING_PLAN.md: tasks brought up to date; kept in %s as it was\n", kept.Path())
	return nil
}

// tellChanges says in a line or two what happened to a folder.
func tellChanges(w io.Writer, dir string, c release.Changes) {
	if c.None() {
		fmt.Fprintf(w, "%s: as it should be\n", dir)
		return
	}
	fmt.Fprintf(w, "%s: %s written", dir, count(len(c.Written), "file"))
	if len(c.Removed) > 0 {
		fmt.Fprintf(w, ", %d removed", len(c.Removed))
	}
	fmt.Fprintln(w)
	if c.Kept != "" {
		fmt.Fprintf(w, "  what was there is kept in %s/%s\n", c.Kept, dir)
	}
}

// count is "1 file" or "2 files".
func count(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return fmt.Sprintf("%d %s", n, word)
}
