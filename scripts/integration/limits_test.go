//go:build integration

package integration

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestServersDropClientsThatStandStill tests the http.Server of each step's program in virtual time, by
// testdata/limits_test.go. An overlay puts that file beside main.go, so that no learner has to read it.
func TestServersDropClientsThatStandStill(t *testing.T) {
	steps, err := root(t).Steps()
	require.NoError(t, err)
	suite, err := filepath.Abs(filepath.Join("testdata", "limits_test.go"))
	require.NoError(t, err)
	for _, step := range steps {
		t.Run(string(step), func(t *testing.T) {
			ctx := start(t, step)
			dir := root(t).SolutionDir(step)
			overlay := filepath.Join(t.TempDir(), "overlay.json")
			data, err := json.Marshal(map[string]any{
				"Replace": map[string]string{filepath.Join(dir, "cmd", "server", "limits_test.go"): suite},
			})
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(overlay, data, 0o666))
			cmd := exec.CommandContext(ctx, "go", "test", "-count=1", "-vet=off", "-overlay", overlay, "./cmd/server")
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "GOWORK=off")
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", out)
			require.NotContains(t, string(out), "no test", "the overlay has added none")
		})
	}
}
