package start

import (
	"context"
	"fmt"
	"go/format"
	"path"
	"strings"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/region"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/suite"
	"wsworkshop/scripts/internal/workspace"
)

// transfer is one step's way into the next. All sets have the new step's module name; those
// of the step before are without marks.
type transfer struct {
	ctx  context.Context
	step workspace.Step

	mine        files.Set // hers, as she has it
	begun       files.Set // what she began with
	done        files.Set // the reference of the step before
	starter     files.Set // of the new step, marks and all
	bare        files.Set // the same without the marks of earlier steps
	tasksBefore []string

	res *Result
}

// read collects all sides.
func read(root workspace.Root, step workspace.Step) (*transfer, error) {
	before := step.Prev()
	if before.Number() < 1 {
		return nil, fmt.Errorf("step %s is the first: there is nothing to bring into it", step)
	}
	t := &transfer{step: step, res: &Result{}}
	mine, err := files.Read(root.StepDir(before), func(name string) bool { return !release.Part(name) })
	if err != nil {
		return nil, fmt.Errorf("read your step %s: %w", before, err)
	}
	solution, _, err := release.Reference(root, before)
	if err != nil {
		return nil, err
	}
	next, starter, err := release.Reference(root, step)
	if err != nil {
		return nil, err
	}
	t.starter = starter
	if err := t.past(before, mine, solution); err != nil {
		return nil, err
	}
	own := fmt.Sprintf("%d.", step.Number())
	t.bare, err = release.Bare(next, func(task string) bool { return strings.HasPrefix(task, own) })
	t.bare = release.Move(t.bare, release.SolutionModule(step), release.StepModule(step))
	t.follow(t.done.Moved(t.bare))
	t.res.Files = t.starter.Clone()
	return t, err
}

// follow puts the files that the new step has moved where they are there.
func (t *transfer) follow(moved map[string]string) {
	for from, to := range moved {
		for _, set := range []files.Set{t.mine, t.begun, t.done} {
			if data, ok := set[from]; ok {
				set[to] = data
				delete(set, from)
			}
		}
	}
}

// past reads what has to do with the step before.
func (t *transfer) past(before workspace.Step, mine, solution files.Set) error {
	own := fmt.Sprintf("%d.", before.Number())
	begun, err := release.Bare(solution, func(task string) bool { return strings.HasPrefix(task, own) })
	if err != nil {
		return err
	}
	done, err := release.Clean(solution)
	if err != nil {
		return err
	}
	tasks, err := suite.Parse(solution)
	if err != nil {
		return err
	}
	t.tasksBefore = tasks.IDs()
	t.begun = release.Move(begun, release.SolutionModule(before), release.StepModule(t.step))
	t.done = release.Move(done, release.SolutionModule(before), release.StepModule(t.step))
	t.mine = release.Move(mine.LF(), release.StepModule(before), release.StepModule(t.step))
	for name, data := range t.mine {
		t.mine[name] = tidy(name, data)
	}
	return nil
}

// tidy is her file without marks, formatted if it is Go.
func tidy(name string, data []byte) []byte {
	data = region.Strip(name, data)
	if path.Ext(name) == ".go" {
		if formatted, err := format.Source(data); err == nil {
			return formatted
		}
	}
	return data
}
