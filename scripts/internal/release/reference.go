package release

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/workspace"
)

// Solution reads a step's reference from disk: what a learner could get of it, that is
// without variants and documents.
func Solution(root workspace.Root, step workspace.Step) (files.Set, error) {
	set, err := files.Read(root.SolutionDir(step), func(name string) bool { return !Part(name) })
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(set) == 0 {
		return nil, fmt.Errorf("solutions/%s is missing or empty: `git checkout -- solutions/%s` brings it back", step, step)
	}
	if err != nil {
		return nil, fmt.Errorf("read the solution of step %s: %w", step, err)
	}
	return set.LF(), nil
}

// Reference reads a step's reference and its starter. It refuses a reference that is not
// whole, because the result replaces a learner's files or is shown beside them. A reference
// is whole if its starter is the one that was released last.
func Reference(root workspace.Root, step workspace.Step) (solution, starter files.Set, err error) {
	if solution, err = Solution(root, step); err != nil {
		return nil, nil, err
	}
	starter, err = Starter(step, solution)
	stamp, noStamp := os.ReadFile(root.Path("steps", string(step), Stamp))
	if err == nil && (noStamp != nil || string(stamp) == stampOf(starter)) {
		return solution, starter, nil
	}
	if err == nil {
		err = fmt.Errorf("steps/%s was released from another one", step)
	}
	return nil, nil, fmt.Errorf("solutions/%s is not whole, or has been changed: %w\n"+
		"`git checkout -- solutions/%s` brings it back. If you changed it on purpose, say `make release STEP=%s` first", step, err, step, step)
}

// Stamp is the file of a step that holds the digest of the starter that was released into
// it. While that is the digest of the present starter, whatever else differs was changed by
// somebody who works in the step; after that, the solution waits to be released.
const Stamp = ".released"

func stampOf(starter files.Set) string { return starter.Digest() + "\n" }
