package release

import (
	"errors"
	"fmt"
	"os"

	"wsworkshop/scripts/internal/backup"
	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/suite"
	"wsworkshop/scripts/internal/workspace"
)

// Plan is all that the release of one step writes, computed before anything is written.
type Plan struct {
	Step     workspace.Step
	Suite    *suite.Suite
	Solution files.Set // as on disk
	Files    []File    // the list in the lesson
	Starter  files.Set // generated whole
	Docs     files.Set // README.md and hints.md with their generated parts, as far as they exist
}

// Prepare computes the release of a step.
func Prepare(root workspace.Root, step workspace.Step) (*Plan, error) {
	p := &Plan{Step: step}
	var err error
	if p.Solution, err = Solution(root, step); err != nil {
		return nil, err
	}
	if p.Suite, err = suite.Parse(p.Solution); err != nil {
		return nil, within("solutions/"+string(step), err)
	}
	if p.Suite.Step != step {
		return nil, fmt.Errorf("solutions/%s: its suite has the tasks of step %s", step, p.Suite.Step)
	}
	if p.Starter, err = Starter(step, p.Solution); err != nil {
		return nil, err
	}
	before := files.Set{}
	if step.Number() > 1 {
		if before, err = Solution(root, step.Prev()); err != nil {
			return nil, err
		}
	}
	if p.Files, err = Inventory(step, p.Solution, before); err != nil {
		return nil, err
	}
	p.Docs, err = p.docs(root)
	return p, err
}

// docs rewrites the generated parts of the lesson and the hints.
func (p *Plan) docs(root workspace.Root) (files.Set, error) {
	docs := files.Set{}
	lesson, err := os.ReadFile(root.Path("steps", string(p.Step), "README.md"))
	switch {
	case err == nil:
		text, _, err := block(string(lesson), "tasks", taskTable(p.Suite))
		if err == nil {
			text, _, err = block(text, "files", table(p.Step, p.Files))
		}
		if err != nil {
			return nil, fmt.Errorf("steps/%s/README.md:%w", p.Step, err)
		}
		docs["README.md"] = []byte(text)
	case !errors.Is(err, os.ErrNotExist):
		return nil, err
	}
	hints, err := os.ReadFile(root.Path("steps", string(p.Step), "hints.md"))
	switch {
	case err == nil:
		docs["hints.md"] = []byte(hintHeadings(string(hints), p.Suite))
	case !errors.Is(err, os.ErrNotExist):
		return nil, err
	}
	return docs, nil
}

// All is everything that the step's folder holds after the release.
func (p *Plan) All() files.Set {
	all := p.Starter.Clone()
	all[Stamp] = []byte(stampOf(p.Starter))
	for name, data := range p.Docs {
		all[name] = data
	}
	return all
}

// Compare says in what the step on disk differs from its release.
func (p *Plan) Compare(root workspace.Root) (Changes, error) {
	return Compare(root.StepDir(p.Step), p.All())
}

// Write releases the step.
func (p *Plan) Write(root workspace.Root, kept *backup.Folder) (Changes, error) {
	return Replace(root, "steps/"+string(p.Step), p.All(), kept)
}

// learningPlan is where the tasks of all steps are listed.
const learningPlan = "LEARNING_PLAN.md"

// PlanText returns LEARNING_PLAN.md as it is, and with the tasks of the given steps. Where
// it has no block for a step, that is an error.
func PlanText(root workspace.Root, plans []*Plan) (before, after string, err error) {
	data, err := os.ReadFile(root.Path(learningPlan))
	if err != nil {
		return "", "", err
	}
	before = string(data)
	after = before
	for _, p := range plans {
		name := "tasks " + string(p.Step)
		text, found, err := block(after, name, checkBoxes(p.Suite, after))
		if err != nil {
			return "", "", fmt.Errorf("%s:%w", learningPlan, err)
		}
		if !found {
			return "", "", fmt.Errorf("%s has no place for the tasks of step %s: write <!-- %s --> and <!-- end %s --> there", learningPlan, p.Step, name, name)
		}
		after = text
	}
	return before, after, nil
}
