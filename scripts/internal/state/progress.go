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
