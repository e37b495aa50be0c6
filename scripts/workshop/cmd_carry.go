package main

import (
	"fmt"
	"strings"
	"time"

	"wsworkshop/scripts/internal/backup"
	"wsworkshop/scripts/internal/carry"
	"wsworkshop/scripts/internal/release"
)

// carryCmd brings what has changed in one solution into all later ones.
type carryCmd struct {
	From string `help:"The step whose solution was changed." required:"" placeholder:"NN"`
	Base string `help:"The revision since which it was changed." default:"HEAD" placeholder:"REV"`
}

// Run computes all merges first; then it writes, step by step.
func (c *carryCmd) Run(a *app) error {
	from, err := knownStep(a.Root, c.From)
	if err != nil {
		return err
	}
	before, err := carry.At(a.Ctx, a.Root, from, c.Base)
	if err != nil {
		return err
	}
	after, err := release.Solution(a.Root, from)
	if err != nil {
		return err
	}
	steps, err := carry.Through(a.Ctx, a.Root, from, before, after)
	if err != nil {
		return err
	}
	kept := backup.New(a.Root, time.Now())
	carried, conflicts := 0, 0
	for _, s := range steps {
		if err := c.write(a, s, kept); err != nil {
			return err
		}
		carried += len(s.Changed)
		conflicts += len(s.Conflicts)
	}
	switch {
	case conflicts > 0:
		fmt.Fprintf(a.Out, "\n%s. Mend each by hand in the first step that has it, then `make carry FROM=` that step.\n",
			count(conflicts, "conflict"))
		return errRed
	case carried == 0:
		fmt.Fprintf(a.Out, "Nothing to carry: the later steps have all that changed in solutions/%s since %s.\n", from, c.Base)
	default:
		fmt.Fprintln(a.Out, "\nNow `make release` and `make verify`.")
	}
	return nil
}

// write puts one solution's changes on disk, and its conflicts into the kept folder.
func (c *carryCmd) write(a *app, s carry.Step, kept *backup.Folder) error {
	dir := "solutions/" + string(s.Step)
	if len(s.Changed) > 0 {
		changes, err := release.Apply(a.Root, dir, changesOf(s), s.Files, kept)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.Out, "%s: %s\n", dir, strings.Join(s.Changed, ", "))
		if changes.Kept != "" {
			fmt.Fprintf(a.Out, "  as they were: %s/%s\n", changes.Kept, dir)
		}
	}
	for _, conflict := range s.Conflicts {
		fmt.Fprintf(a.Out, "%s/%s: conflict, left as it is: %s\n", dir, conflict.File, conflict.Why)
		if conflict.Text == nil {
			continue
		}
		name := dir + "/" + conflict.File + ".conflict"
		if err := kept.Add(name, conflict.Text); err != nil {
			return err
		}
		fmt.Fprintf(a.Out, "  both versions: %s/%s\n", kept.Path(), name)
	}
	return nil
}

func changesOf(s carry.Step) release.Changes {
	var c release.Changes
	for _, name := range s.Changed {
		if _, ok := s.Files[name]; ok {
			c.Written = append(c.Written, name)
		} else {
			c.Removed = append(c.Removed, name)
		}
	}
	return c
}
