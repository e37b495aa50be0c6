package bring

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

// bringing is one step's way into the next. All sets have the new step's module name; those
// of the step before are without marks.
type bringing struct {
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
func read(root workspace.Root, step workspace.Step) (*bringing, error) {
	before := step.Prev()
	if before.Number() < 1 {
		return nil, fmt.Errorf("step %s is the first: there is nothing to bring into it", step)
	}
	b := &bringing{step: step, res: &Result{}}
	mine, err := files.Read(root.StepDir(before), func(name string) bool { return !release.Part(name) })
	if err != nil {
		return nil, fmt.Errorf("read your step %s: %w", before, err)
	}
	solution, err := release.Solution(root, before)
	if err != nil {
		return nil, err
	}
	next, err := release.Solution(root, step)
	if err != nil {
		return nil, err
	}
	if b.starter, err = release.Starter(step, next); err != nil {
		return nil, err
	}
	if err := b.past(before, mine, solution); err != nil {
		return nil, err
	}
	own := fmt.Sprintf("%d.", step.Number())
	b.bare, err = release.Bare(next, func(task string) bool { return strings.HasPrefix(task, own) })
	b.bare = release.Move(b.bare, release.SolutionModule(step), release.StepModule(step))
	b.follow(b.done.Moved(b.bare))
	b.res.Files = b.starter.Clone()
	return b, err
}

// follow puts the files that the new step has moved where they are there.
func (b *bringing) follow(moved map[string]string) {
	for from, to := range moved {
		for _, set := range []files.Set{b.mine, b.begun, b.done} {
			if data, ok := set[from]; ok {
				set[to] = data
				delete(set, from)
			}
		}
	}
}

// past reads what has to do with the step before.
func (b *bringing) past(before workspace.Step, mine, solution files.Set) error {
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
	b.tasksBefore = tasks.IDs()
	b.begun = release.Move(begun, release.SolutionModule(before), release.StepModule(b.step))
	b.done = release.Move(done, release.SolutionModule(before), release.StepModule(b.step))
	b.mine = release.Move(mine, release.StepModule(before), release.StepModule(b.step))
	for name, data := range b.mine {
		b.mine[name] = tidy(name, data)
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
