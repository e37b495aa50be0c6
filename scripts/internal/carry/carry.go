// Package carry brings a change in one solution forward through all later ones.
package carry

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/merge"
	"wsworkshop/scripts/internal/region"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/suite"
	"wsworkshop/scripts/internal/workspace"
)

// Step is what carrying does to one solution.
type Step struct {
	Step      workspace.Step
	Files     files.Set // the whole solution, but for variants and documents
	Changed   []string  // written or removed
	Conflicts []Conflict
}

// Conflict is a file that could not be brought up to date, and stays as it is.
type Conflict struct {
	File string
	Why  string
	Text []byte // both versions between marks; nil if there is nothing to merge
}

// Through carries what differs between two states of the solution of step from through the
// later steps, one after the other: each passes on what it got itself.
func Through(ctx context.Context, root workspace.Root, from workspace.Step, before, after files.Set) ([]Step, error) {
	steps, err := root.Steps()
	if err != nil {
		return nil, err
	}
	var out []Step
	last := from
	for _, step := range steps {
		if step.Number() <= from.Number() {
			continue
		}
		ours, err := release.Solution(root, step)
		if err != nil {
			return nil, err
		}
		b := &bringing{
			ctx: ctx, step: step, ours: ours,
			before: state(before, last, step),
			after:  state(after, last, step),
			out:    Step{Step: step, Files: ours.Clone()},
		}
		if err := b.all(); err != nil {
			return nil, err
		}
		out = append(out, b.out)
		before, after, last = ours, b.out.Files, step
	}
	return out, nil
}

// state is a solution as a later step would have it: without stubs, under its module name.
func state(set files.Set, from, to workspace.Step) files.Set {
	plain := files.Set{}
	for name, data := range set {
		plain[name] = data
		if f, err := region.Parse(name, data); err == nil {
			plain[name] = f.Plain()
		}
	}
	return release.Move(plain, release.SolutionModule(from), release.SolutionModule(to))
}

// bringing is a change on its way into one solution.
type bringing struct {
	ctx                 context.Context
	step                workspace.Step
	before, after, ours files.Set
	moved               map[string]string // where files of before are in ours
	out                 Step
}

func (b *bringing) all() error {
	b.moved = b.before.Moved(b.ours)
	both := b.before.Clone()
	for name, data := range b.after {
		both[name] = data
	}
	for _, name := range both.Paths() {
		before, had := b.before[name]
		after, has := b.after[name]
		if had == has && bytes.Equal(before, after) {
			continue
		}
		if err := b.file(name, had, has); err != nil {
			return err
		}
	}
	return nil
}

// file brings the change of one file, of which one side at least is there.
func (b *bringing) file(name string, had, has bool) error {
	before, after := b.before[name], b.after[name]
	name = cmp.Or(b.moved[name], name)
	ours, here := b.ours[name]
	switch {
	case here == has && bytes.Equal(ours, after): // it has the change already
	case !here && suite.IsFile(name): // a later step does not get a new test
	case here == had && bytes.Equal(ours, before):
		b.set(name, after, has)
	case suite.IsFile(name): // each step's own
	case name == "go.sum":
		b.set(name, sums(ours, before, after), true)
	case !here:
		b.conflict(name, "it is not there any more", nil)
	case !has:
		b.conflict(name, "it was removed, but has changed here", nil)
	default:
		return b.merge(name, before, ours, after)
	}
	return nil
}

func (b *bringing) merge(name string, before, ours, after []byte) error {
	if bytes.IndexByte(slices.Concat(before, ours, after), 0) >= 0 {
		b.conflict(name, "it is not a text", nil)
		return nil
	}
	text, conflicts, err := merge.Three(b.ctx, merge.Input{
		Base: before, Ours: ours, Theirs: after,
		Labels: [3]string{"solutions/" + string(b.step), "before", "the change"},
	})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if conflicts > 0 {
		why := "both have changed the same place"
		if conflicts > 1 {
			why = fmt.Sprintf("both have changed the same %d places", conflicts)
		}
		b.conflict(name, why, text)
		return nil
	}
	b.set(name, text, true)
	return nil
}

func (b *bringing) set(name string, data []byte, has bool) {
	if has {
		b.out.Files[name] = data
	} else {
		delete(b.out.Files, name)
	}
	if ours, here := b.ours[name]; here != has || !bytes.Equal(ours, data) {
		b.out.Changed = append(b.out.Changed, name)
	}
}

func (b *bringing) conflict(name, why string, text []byte) {
	b.out.Conflicts = append(b.out.Conflicts, Conflict{name, why, text})
}

// sums adds the lines that are new in after to ours, and drops those that are gone.
func sums(ours, before, after []byte) []byte {
	old, now := lines(before), lines(after)
	out := slices.DeleteFunc(lines(ours), func(line string) bool {
		return slices.Contains(old, line) && !slices.Contains(now, line)
	})
	for _, line := range now {
		if !slices.Contains(old, line) && !slices.Contains(out, line) {
			out = append(out, line)
		}
	}
	slices.Sort(out)
	return []byte(strings.Join(out, "\n") + "\n")
}

func lines(data []byte) []string { return strings.Split(strings.TrimSpace(string(data)), "\n") }
