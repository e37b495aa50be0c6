package grade

import (
	"context"
	"slices"
)

// exorcise looks for the test that left a process behind, by running each apart: those of
// a process that died have been charged already.
func (g *grading) exorcise(ctx context.Context, program string, s *session) error {
	if len(s.exit.Strays) == 0 || s.exit.Killed || len(s.order) == 0 {
		return nil
	}
	left := s.exit.Strays[0].Command
	suspects := slices.Clone(s.order)
	culprit := suspects[len(suspects)-1]
	for _, name := range suspects {
		if len(suspects) == 1 || g.worked > g.job.Limits.Run {
			break
		}
		apart, err := g.start(ctx, program, []string{name})
		if err != nil {
			return err
		}
		if len(apart.exit.Strays) > 0 {
			culprit, left = name, apart.exit.Strays[0].Command
			break
		}
	}
	if o := g.outcomes[culprit]; o.ok() {
		o.died, o.left = haunted, left
	}
	return nil
}
