// Package start takes a learner's own code of one step into the next.
package start

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/region"
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
	t, err := read(root, step)
	if err != nil {
		return nil, err
	}
	t.ctx = ctx
	for _, name := range t.names() {
		if err := t.file(name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	t.imports()
	t.sums()
	t.res.Filled = t.filled()
	if err := t.compile(build); err != nil {
		return nil, err
	}
	return t.res, nil
}

// names lists all files that either side has, but for suites and checksums.
func (t *transfer) names() []string {
	all := t.mine.Clone()
	for _, set := range []files.Set{t.begun, t.starter} {
		for name := range set {
			all[name] = nil
		}
	}
	return slices.DeleteFunc(all.Paths(), func(name string) bool {
		return strings.HasSuffix(name, "_test.go") || path.Base(name) == "go.sum"
	})
}

// file brings one file.
func (t *transfer) file(name string) error {
	mine, has := t.mine[name]
	begun, had := t.begun[name]
	_, next := t.starter[name]
	switch {
	case has == had && bytes.Equal(mine, begun): // she did nothing to it
	case !has && !next: // neither has it any more
	case !has && bytes.Equal(t.bare[name], t.done[name]):
		delete(t.res.Files, name)
		t.res.Brought = append(t.res.Brought, name)
	case !has:
		t.left(name, "you removed it, and step %s changes it", t.step)
	case !had && !next && built(name, mine):
	case !had && !next:
		t.brought(name, mine)
	case !had:
		t.left(name, "you made it, and step %s has a file of that name", t.step)
	case !next:
		t.left(name, "step %s does not have it any more", t.step)
	case bytes.IndexByte(mine, 0) >= 0:
		t.left(name, "it is not a text")
	default:
		return t.merge(name)
	}
	return nil
}

// built reports whether a file looks like what a compiler left behind.
func built(name string, data []byte) bool {
	return bytes.IndexByte(data, 0) >= 0 && slices.Contains([]string{"", ".exe", ".test", ".out"}, path.Ext(name))
}

func (t *transfer) brought(name string, data []byte) {
	t.res.Files[name] = data
	t.res.Brought = append(t.res.Brought, name)
}

func (t *transfer) left(name, why string, args ...any) {
	t.res.Left = append(t.res.Left, Left{name, fmt.Sprintf(why, args...), t.mine[name]})
}

// filled lists the tasks of the step before that still stood as a TODO in her code, and do
// not in what was brought.
func (t *transfer) filled() []string {
	stands := func(set files.Set, task string) bool {
		for name, data := range set {
			if region.TODO(name, data, task) > 0 {
				return true
			}
		}
		return false
	}
	return slices.DeleteFunc(slices.Clone(t.tasksBefore), func(task string) bool {
		return !stands(t.mine, task) || stands(t.res.Files, task)
	})
}
