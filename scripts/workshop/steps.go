package main

import (
	"fmt"
	"os"
	"strings"

	"wsworkshop/scripts/internal/state"
	"wsworkshop/scripts/internal/workspace"
)

// knownStep is the step with that number. An error says which steps there are.
func knownStep(root workspace.Root, number string) (workspace.Step, error) {
	steps, err := root.Steps()
	if err != nil {
		return "", err
	}
	if len(steps) == 0 {
		return "", fmt.Errorf("solutions/ has no step: `git checkout -- solutions` brings them back")
	}
	all := fmt.Sprintf("say STEP=%s to STEP=%s", steps[0], steps[len(steps)-1])
	step, err := workspace.ParseStep(number)
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, all)
	}
	if _, err := os.Stat(root.SolutionDir(step)); err == nil {
		return step, nil
	}
	if _, err := os.Stat(root.StepDir(step)); err == nil {
		return "", fmt.Errorf("solutions/%s is missing: `git checkout -- solutions/%s` brings it back", step, step)
	}
	return "", fmt.Errorf("there is no step %s: %s", step, all)
}

// stepOrNext is the step with that number. Without one, it is the task's step or else the
// next step of the learner, and says so.
func (a *app) stepOrNext(number, task string) (workspace.Step, error) {
	if of, _, ok := strings.Cut(task, "."); number == "" && ok {
		number = of
	}
	if number != "" {
		return knownStep(a.Root, number)
	}
	step, done, err := a.nextStep()
	if err != nil {
		return "", err
	}
	if step == "" {
		return "", fmt.Errorf("all %d steps are done: say which one, for example STEP=01", done)
	}
	fmt.Fprintf(a.Err, "Your next step is STEP=%s.\n", step)
	return step, nil
}

// nextStep is the first step without full marks, and how many have them.
func (a *app) nextStep() (next workspace.Step, done int, err error) {
	steps, err := a.Root.Steps()
	if err != nil {
		return "", 0, err
	}
	progress, warning, err := state.ReadProgress(a.Root)
	if err != nil {
		return "", 0, err
	}
	a.warn(warning)
	for _, s := range steps {
		switch {
		case progress.Steps[s].Best == 100:
			done++
		case next == "":
			next = s
		}
	}
	return next, done, nil
}

// after is the step that follows another, or "" when that is the last.
func (a *app) after(step workspace.Step) string {
	steps, _ := a.Root.Steps()
	for _, s := range steps {
		if s.Number() > step.Number() {
			return string(s)
		}
	}
	return ""
}
