// Package bring takes a learner's own code of one step into the next.
package bring

import (
	"bytes"
	"context"
	"fmt"
	"go/format"
	"path"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/region"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/suite"
	"wsworkshop/scripts/internal/workspace"
)

// Result is a step with a learner's own code in it.
type Result struct {
	Files   files.Set // all but documents
	Brought []string  // files that have code of her own
	Left    []Left    // files that could not be brought
	Filled  []string  // tasks that were not done: the reference's answers stand there
}

// Left is a file of the step before that could not be brought, and why.
type Left struct {
	File string
	Why  string
	Data []byte // hers, under the new step's module name
}

// Builder tries to compile a step. It returns the compiler's lines, none if all is well.
type Builder func(ctx context.Context, set files.Set) ([]string, error)

// FromMine brings what a learner has in the step before into step: where only she has
// changed a file, or she and the new step other places of it, the result has both. Files
// that are touched by both in the same place, or with which the step does not compile, are
// left, and those of the starter stand there.
func FromMine(ctx context.Context, root workspace.Root, step workspace.Step, build Builder) (*Result, error) {
	b, err := read(root, step)
	if err != nil {
		return nil, err
	}
	b.ctx = ctx
	for _, name := range b.names() {
		if err := b.file(name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	b.imports()
	b.sums()
	b.res.Filled = b.filled()
	if err := b.compile(build); err != nil {
		return nil, err
	}
	return b.res, nil
}

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
	b.res.Files = b.starter.Clone()
	return b, err
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

// names lists all files that either side has, but for suites and checksums.
func (b *bringing) names() []string {
	all := b.mine.Clone()
	for _, set := range []files.Set{b.begun, b.starter} {
		for name := range set {
			all[name] = nil
		}
	}
	return slices.DeleteFunc(all.Paths(), func(name string) bool {
		return strings.HasSuffix(name, "_test.go") || path.Base(name) == "go.sum"
	})
}

// file brings one file.
func (b *bringing) file(name string) error {
	mine, has := b.mine[name]
	begun, had := b.begun[name]
	_, next := b.starter[name]
	switch {
	case has == had && bytes.Equal(mine, begun): // she did nothing to it
	case !has && !next: // neither has it any more
	case !has && bytes.Equal(b.bare[name], b.done[name]):
		delete(b.res.Files, name)
		b.res.Brought = append(b.res.Brought, name)
	case !has:
		b.left(name, "you removed it, and step %s changes it", b.step)
	case !had && !next:
		b.brought(name, mine)
	case !had:
		b.left(name, "you made it, and step %s has a file of that name", b.step)
	case !next:
		b.left(name, "step %s does not have it any more", b.step)
	case bytes.IndexByte(mine, 0) >= 0:
		b.left(name, "it is not a text")
	default:
		return b.merge(name)
	}
	return nil
}

func (b *bringing) brought(name string, data []byte) {
	b.res.Files[name] = data
	b.res.Brought = append(b.res.Brought, name)
}

func (b *bringing) left(name, why string, args ...any) {
	b.res.Left = append(b.res.Left, Left{name, fmt.Sprintf(why, args...), b.mine[name]})
}

// filled lists the tasks of the step before that still stood as a TODO in her code, and do
// not in what was brought.
func (b *bringing) filled() []string {
	stands := func(set files.Set, task string) bool {
		for name, data := range set {
			if region.TODO(name, data, task) > 0 {
				return true
			}
		}
		return false
	}
	return slices.DeleteFunc(slices.Clone(b.tasksBefore), func(task string) bool {
		return !stands(b.mine, task) || stands(b.res.Files, task)
	})
}
