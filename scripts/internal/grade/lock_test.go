package grade

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAnInterruptedGradingLeavesNoLock(t *testing.T) {
	g := &grading{job: Job{Work: t.TempDir()}}
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 {
		if unlock, err := g.lock(interrupted); err == nil {
			unlock()
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	unlock, err := g.lock(ctx)
	require.NoError(t, err, "nobody holds the lock")
	unlock()
}
