package main

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"

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
	var said bytes.Buffer
	exit, err := proc.Run(a.Ctx, proc.Spec{
		Args: []string{"go", "test", "-tags", "integration", "-count=1", "-timeout=30m", "-v", "-run", tests, "./integration"},
		Dir:  a.Root.Path("scripts"), Env: env, Out: io.MultiWriter(a.Out, &said),
	})
	if err != nil {
		return err
	}
	if exit.Code == 0 {
		return nil
	}
	for _, name := range notPassed(said.String()) {
		fmt.Fprintln(a.Out, "✗", name, "has not passed: what it found is above")
	}
	return errRed
}

var (
	begunRE  = regexp.MustCompile(`(?m)^=== RUN   (\w+)$`)
	passedRE = regexp.MustCompile(`(?m)^--- (?:PASS|SKIP): (\w+) `)
)

// notPassed finds the tests in the output of go test -v that have failed, or not come to their end.
func notPassed(output string) []string {
	passed := names(passedRE, output)
	return slices.DeleteFunc(names(begunRE, output), func(name string) bool { return slices.Contains(passed, name) })
}

func names(re *regexp.Regexp, output string) (all []string) {
	for _, m := range re.FindAllStringSubmatch(output, -1) {
		all = append(all, m[1])
	}
	return all
}
