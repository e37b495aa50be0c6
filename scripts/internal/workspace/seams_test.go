package workspace

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// solutions calls f with the folder of each solution that has a path.
func solutions(t *testing.T, has string, f func(t *testing.T, dir string)) {
	root, err := Find(".")
	require.NoError(t, err)
	steps, err := root.Steps()
	require.NoError(t, err)
	found := 0
	for _, step := range steps {
		dir := root.SolutionDir(step)
		if _, err := os.Stat(filepath.Join(dir, has)); err != nil {
			continue
		}
		found++
		t.Run(string(step), func(t *testing.T) { f(t, dir) })
	}
	require.NotZero(t, found, "no solution has %s", has)
}

// A program that only connects must not have to link the server.
func TestGoClientDoesNotImportTheServer(t *testing.T) {
	solutions(t, "client", func(t *testing.T, dir string) {
		cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "./client")
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOWORK=off")
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		require.NoError(t, err)
		server := "wsworkshop/solutions/" + filepath.Base(dir)
		deps := slices.DeleteFunc(strings.Fields(string(out)), func(dep string) bool {
			return !strings.HasPrefix(dep, "wsworkshop/")
		})
		assert.Contains(t, deps, server+"/client")
		assert.NotContains(t, deps, server, "client/ imports wire, and never the server")
	})
}

// A later step puts another kind of connection beside gorilla's, and replaces one file for that.
func TestOneFileKnowsTheConnection(t *testing.T) {
	solutions(t, "socket.go", func(t *testing.T, dir string) {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		require.NoError(t, err)
		var know []string
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			if !strings.HasSuffix(file, "_test.go") && strings.Contains(string(text), "websocket.Conn") {
				know = append(know, filepath.Base(file))
			}
		}
		assert.Equal(t, []string{"socket.go"}, know)
	})
}
