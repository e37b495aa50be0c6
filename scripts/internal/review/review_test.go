package review_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/review"
	"wsworkshop/scripts/internal/workspace"
)

// TestReferencesGetNoRemark reviews all of them, given code included: it is what learners copy.
func TestReferencesGetNoRemark(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles all solutions")
	}
	root, err := workspace.Find(".")
	require.NoError(t, err)
	steps, err := root.Steps()
	require.NoError(t, err)
	for _, step := range steps {
		t.Run(string(step), func(t *testing.T) {
			remarks, err := review.Review(t.Context(), root.SolutionDir(step), nil, true)
			require.NoError(t, err)
			require.Empty(t, remarks)
		})
	}
}
