package start

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/region"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/suite"
	"wsworkshop/scripts/internal/workspace"
)

// Blank is what hard mode begins with: the server of the step before, without marks, and
// around it what step gives apart from Go code, which is its suite, its module and the given
// files of its page. The first step begins with an empty package.
func Blank(root workspace.Root, step workspace.Step) (files.Set, error) {
	next, _, err := release.Reference(root, step)
	if err != nil {
		return nil, err
	}
	set := firstServer(next)
	if before := step.Prev(); before.Number() > 0 {
		if set, err = server(root, before); err != nil {
			return nil, err
		}
		set = release.Move(set, release.SolutionModule(before), release.SolutionModule(step))
	}
	for name, data := range next {
		if path.Ext(name) == ".go" && !suite.IsFile(name) {
			continue
		}
		theirs, err := toWrite(step, name, data)
		if err != nil {
			return nil, err
		}
		if !theirs {
			set[name] = region.Strip(name, data)
		}
	}
	return release.Move(set, release.SolutionModule(step), release.StepModule(step)), nil
}

// server is the reference of a step without its marks and its suite.
func server(root workspace.Root, step workspace.Step) (files.Set, error) {
	solution, _, err := release.Reference(root, step)
	if err != nil {
		return nil, err
	}
	set, err := release.Clean(solution)
	for name := range suite.Files(solution) {
		delete(set, name)
	}
	return set, err
}

// firstServer is what the first step has instead of a step before: an empty package, and the
// programs that run it.
func firstServer(first files.Set) files.Set {
	set := files.Set{"chat.go": []byte("// Package chat is the server that the Contract in README.md describes.\npackage chat\n")}
	for name, data := range first {
		if strings.HasPrefix(name, "cmd/") {
			set[name] = region.Strip(name, data)
		}
	}
	return set
}

// toWrite reports whether a file has a part that step's learner writes.
func toWrite(step workspace.Step, name string, data []byte) (bool, error) {
	f, err := region.Parse(name, data)
	if err != nil {
		return false, err
	}
	own := fmt.Sprintf("%d.", step.Number())
	return slices.ContainsFunc(f.Regions, func(r region.Region) bool {
		return slices.ContainsFunc(r.Tasks, func(task string) bool { return strings.HasPrefix(task, own) })
	}), nil
}
