package main

import (
	"fmt"
	"io"
	"strings"

	"wsworkshop/scripts/internal/diff"
	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/suite"
	"wsworkshop/scripts/internal/table"
	"wsworkshop/scripts/internal/workspace"
)

// diffCmd shows a learner's code beside the reference.
type diffCmd struct {
	Step string `help:"The step to compare." required:"" placeholder:"NN"`
	Task string `help:"Only the part that answers this task." placeholder:"N.K"`
}

func (c *diffCmd) Run(a *app) error {
	step, err := knownStep(a.Root, c.Step)
	if err != nil {
		return err
	}
	pairs, err := c.pairs(a.Root, step)
	if err != nil {
		return err
	}
	differ := 0
	for _, p := range pairs {
		if !p.Same() {
			differ++
		}
		tellPair(a.Out, step, p)
	}
	if differ == 0 {
		fmt.Fprintln(a.Out, "Yours is the same as the reference.")
	}
	return nil
}

// pairs reads both sides, and the reference without its marks and under the step's name.
func (c *diffCmd) pairs(root workspace.Root, step workspace.Step) ([]diff.Pair, error) {
	solution, _, err := release.Reference(root, step)
	if err != nil {
		return nil, err
	}
	clean, err := release.Clean(solution)
	if err != nil {
		return nil, fmt.Errorf("solutions/%s/%w", step, err)
	}
	reference := release.Move(clean, release.SolutionModule(step), release.StepModule(step))
	mine, err := files.Read(root.StepDir(step), func(name string) bool { return !release.Part(name) })
	if err != nil {
		return nil, fmt.Errorf("read your step %s: %w; `make reset STEP=%s` makes it anew", step, err, step)
	}
	mine = mine.LF()
	if c.Task == "" {
		return diff.Whole(mine, reference), nil
	}
	tasks, err := suite.Parse(solution)
	if err != nil {
		return nil, err
	}
	task, err := tasks.Find(c.Task)
	if err != nil {
		return nil, err
	}
	pairs, err := diff.Task(task.ID, mine, reference, solution)
	if err == nil && len(pairs) == 0 {
		err = fmt.Errorf("no part of the reference is marked with task %s: try `make diff STEP=%s`", task.ID, step)
	}
	return pairs, err
}

// tellPair prints one piece; colours are for terminals.
func tellPair(w io.Writer, step workspace.Step, p diff.Pair) {
	where := fmt.Sprintf("steps/%s/%s:%d", step, p.File, p.Line)
	if p.Line == 0 {
		where = fmt.Sprintf("in solutions/%s/%s, not in your step", step, p.File)
	}
	colour := table.Terminal(w)
	fmt.Fprintf(w, "%s\n", paint(colour, "1", p.Title+" · "+where))
	if p.Same() {
		fmt.Fprint(w, "  the same\n\n")
		return
	}
	for line := range strings.Lines(p.Unified()) {
		line = strings.TrimSuffix(line, "\n")
		fmt.Fprintln(w, paint(colour, lineColours[line[:min(1, len(line))]], line))
	}
	fmt.Fprintln(w)
}

// lineColours are the colours of a diff's lines by their first sign.
var lineColours = map[string]string{"-": "31", "+": "32", "@": "36"}

func paint(colour bool, code, text string) string {
	if !colour || code == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
