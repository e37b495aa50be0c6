package state

import (
	"time"

	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/workspace"
)

// Progress is how far the learner has come.
type Progress struct {
	Steps map[workspace.Step]StepProgress `json:"steps"`
}

// StepProgress is what is known of one step.
type StepProgress struct {
	Best   int            `json:"best"`
	BestAt time.Time      `json:"best_at"`
	LastAt time.Time      `json:"last_at"`
	Last   *result.Result `json:"last"`

	// Hard says that the step was begun in hard mode: all that is above was reached in it.
	// Before is what the learner had reached until then.
	Hard   bool          `json:"hard,omitempty"`
	Before *StepProgress `json:"before,omitempty"`
}

func progressFile(root workspace.Root) string { return root.Path(".workshop", "progress.json") }

// ReadProgress reads it; warning is a word to the learner, or empty.
func ReadProgress(root workspace.Root) (p *Progress, warning string, err error) {
	p = &Progress{}
	warning, err = read(progressFile(root), p, time.Now())
	if warning != "" || p.Steps == nil {
		p = &Progress{Steps: map[workspace.Step]StepProgress{}}
	}
	return p, warning, err
}

// Record takes a result of a whole step into the progress and writes it.
func Record(root workspace.Root, r *result.Result) (warning string, err error) {
	p, warning, err := ReadProgress(root)
	if err != nil {
		return warning, err
	}
	step := workspace.Step(r.Step)
	s := p.Steps[step]
	s.LastAt = time.Now().UTC().Truncate(time.Second)
	s.Last = r
	if r.Score > s.Best || s.BestAt.IsZero() {
		s.Best, s.BestAt = r.Score, s.LastAt
	}
	p.Steps[step] = s
	return warning, write(progressFile(root), p)
}

// BeginHard notes that a step begins in hard mode. Its score starts again at zero.
func BeginHard(root workspace.Root, step workspace.Step) (warning string, err error) {
	p, warning, err := ReadProgress(root)
	if err != nil {
		return warning, err
	}
	before := p.Steps[step].normal()
	p.Steps[step] = StepProgress{Hard: true, Before: &before}
	return warning, write(progressFile(root), p)
}

// EndHard notes that a step's files are no longer those of hard mode. The best score stays
// the best of both modes.
func EndHard(root workspace.Root, step workspace.Step) (warning string, err error) {
	p, warning, err := ReadProgress(root)
	if err != nil || !p.Steps[step].Hard {
		return warning, err
	}
	p.Steps[step] = p.Steps[step].normal()
	return warning, write(progressFile(root), p)
}

// normal is the progress without hard mode.
func (s StepProgress) normal() StepProgress {
	if s.Before != nil {
		if s.Before.Best >= s.Best {
			s.Best, s.BestAt = s.Before.Best, s.Before.BestAt
		}
		if s.Last == nil {
			s.Last, s.LastAt = s.Before.Last, s.Before.LastAt
		}
	}
	s.Hard, s.Before = false, nil
	return s
}
