package main

import (
	"fmt"

	"wsworkshop/scripts/internal/proc"
)

type integrationCmd struct {
	Step string `help:"Your code of that step; without it, the references of all steps." placeholder:"05"`
}

func (c integrationCmd) Run(a *app) error {
	tests := "."
	env := []string{"WORKSHOP_STEP=", "WORKSHOP_MINE="}
	if c.Step != "" {
		step, err := knownStep(a.Root, c.Step)
		if err != nil {
			return err
		}
		env = append(env, "WORKSHOP_STEP="+string(step), "WORKSHOP_MINE=1")
		tests = "^TestStep" + string(step)
		fmt.Fprintf(a.Out, "Your step %s with real programs; this takes a minute …\n", step)
	} else {
		fmt.Fprintln(a.Out, "The references of all steps with real programs; this takes a minute …")
	}
	exit, err := proc.Run(a.Ctx, proc.Spec{
		Args: []string{"go", "test", "-tags", "integration", "-count=1", "-v", "-run", tests, "./integration"},
		Dir:  a.Root.Path("scripts"), Env: env, Out: a.Out,
	})
	if err != nil {
		return err
	}
	if exit.Code != 0 {
		return errRed
	}
	return nil
}
