package grade

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// lock keeps two gradings out of the same work folder, as when somebody tests what is being
// watched: the second waits for the first.
func (g *grading) lock(ctx context.Context) (unlock func(), err error) {
	type locked struct {
		unlock func()
		err    error
	}
	done := make(chan locked, 1)
	go func() {
		unlock, err := lockedfile.MutexAt(filepath.Join(g.job.Work, "lock")).Lock()
		done <- locked{unlock, err}
	}()
	select {
	case l := <-done:
		if l.err != nil {
			return nil, fmt.Errorf("lock %s: %w", g.job.Work, l.err)
		}
		return l.unlock, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
