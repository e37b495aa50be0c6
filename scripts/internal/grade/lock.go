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
	done := make(chan locked)
	go func() {
		unlock, err := lockedfile.MutexAt(filepath.Join(g.job.Work, "lock")).Lock()
		select {
		case done <- locked{unlock, err}:
		case <-ctx.Done(): // nobody waits for the lock any more; lockedfile panics if it is never unlocked
			if err == nil {
				unlock()
			}
		}
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
