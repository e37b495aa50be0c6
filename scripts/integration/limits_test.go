//go:build integration

package integration

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestServersDropClientsThatStandStill tests the http.Server of each step's program in virtual time, by
// testdata/limits_test.go. An overlay puts that file beside newHTTPServer, which is in cmd/server until step 10 gives
// the server a Serve of its own, so that no learner has to read it.
func TestServersDropClientsThatStandStill(t *testing.T) {
	steps, err := root(t).Steps()
	require.NoError(t, err)
	suite, err := os.ReadFile(filepath.Join("testdata", "limits_test.go"))
	require.NoError(t, err)
	for _, step := range steps {
		t.Run(string(step), func(t *testing.T) {
			ctx := start(t, step)
			dir, in, text := root(t).SolutionDir(step), "./cmd/server", string(suite)
			if step >= "10" {
				in, text = ".", strings.Replace(text, "package main", "package chat", 1)
			}
			file, overlay := filepath.Join(t.TempDir(), "limits_test.go"), filepath.Join(t.TempDir(), "overlay.json")
			require.NoError(t, os.WriteFile(file, []byte(text), 0o666))
			data, err := json.Marshal(map[string]any{
				"Replace": map[string]string{filepath.Join(dir, in, "limits_of_the_program_test.go"): file},
			})
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(overlay, data, 0o666))
			cmd := exec.CommandContext(ctx, "go", "test", "-count=1", "-vet=off", "-overlay", overlay, "-run", "^(TestClientsThatStandStillAreDropped|TestClientThatDoesNotReadIsDropped|TestWebSocketHasNoSuchLimit)$", in)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "GOWORK=off")
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", out)
			require.NotContains(t, string(out), "no test", "the overlay has added none")
		})
	}
}
