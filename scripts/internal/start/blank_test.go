package start

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/suite"
	"wsworkshop/scripts/internal/workspace"
)

var markRE = regexp.MustCompile(`TODO\(|(?m)^\s*// (?:end )?task \d+\.\d+`)

// The real steps: each begins with a server that compiles, and without a mark.
func TestHardModeCompiles(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles all steps")
	}
	root, err := workspace.Find(".")
	require.NoError(t, err)
	steps, err := root.Steps()
	require.NoError(t, err)
	for _, step := range steps {
		set, err := Blank(root, step)
		require.NoError(t, err)
		for name, data := range set {
			if !suite.IsFile(name) {
				assert.Empty(t, markRE.FindString(string(data)), "steps/%s/%s", step, name)
			}
		}
		complaints, err := Build(root)(t.Context(), set)
		require.NoError(t, err)
		if step.Number() == 1 {
			for _, c := range complaints {
				assert.True(t, strings.HasPrefix(c, "cmd/server/main.go:"), c)
			}
			continue
		}
		assert.Empty(t, complaints, "step %s", step)
	}
}
