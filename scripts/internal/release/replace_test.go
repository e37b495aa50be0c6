package release

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/backup"
	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/workspace"
)

// worked is a step in which somebody has worked.
func worked(t *testing.T) workspace.Root {
	t.Helper()
	root := workspace.Root(t.TempDir())
	for name, text := range map[string]string{
		"hub.go": "mine", "same.go": "same", "own/own.go": "own", "notes.md": "notes", ".env": "x", "README.md": "lesson",
	} {
		require.NoError(t, write(root.StepDir("01"), name, []byte(text)))
	}
	return root
}

var starter = files.Set{"hub.go": []byte("starter"), "same.go": []byte("same"), "run.sh": []byte("#!/bin/sh\n"), "web/a.js": []byte("js")}

func TestReplaceKeepsWhatWasThere(t *testing.T) {
	root := worked(t)
	c, err := Replace(root, "steps/01", starter, backup.New(root, time.Now()))
	require.NoError(t, err)
	assert.Equal(t, []string{"hub.go", "run.sh", "web/a.js"}, c.Written)
	assert.Equal(t, []string{"own/own.go"}, c.Removed)

	have, err := files.Read(root.StepDir("01"), nil)
	require.NoError(t, err)
	assert.Equal(t, []string{".env", "README.md", "hub.go", "notes.md", "run.sh", "same.go", "web/a.js"}, have.Paths())
	assert.NoDirExists(t, filepath.Join(root.StepDir("01"), "own"))
	kept, err := files.Read(root.Path(filepath.FromSlash(c.Kept)), nil)
	require.NoError(t, err)
	assert.Equal(t, files.Set{"steps/01/hub.go": []byte("mine"), "steps/01/own/own.go": []byte("own")}, kept)

	again, err := Replace(root, "steps/01", starter, backup.New(root, time.Now()))
	require.NoError(t, err)
	assert.Equal(t, Changes{}, again)
	rest, err := os.ReadDir(root.Path("steps"))
	require.NoError(t, err)
	assert.Len(t, rest, 1, "nothing stays beside the step")
	if runtime.GOOS != "windows" {
		info, err := os.Stat(filepath.Join(root.StepDir("01"), "run.sh"))
		require.NoError(t, err)
		assert.NotZero(t, info.Mode()&0o100, "a script is executable")
	}
}

func TestReplaceIsAllOrNothing(t *testing.T) {
	root := worked(t)
	before, err := files.Read(root.StepDir("01"), nil)
	require.NoError(t, err)

	// A folder stands where a file is to go.
	want := starter.Clone()
	want["own"] = []byte("a file")
	_, err = Replace(root, "steps/01", want, backup.New(root, time.Now()))
	require.Error(t, err)
	assert.Contains(t, err.Error(), "steps/01 is as it was: ")
	after, err := files.Read(root.StepDir("01"), nil)
	require.NoError(t, err)
	assert.Equal(t, before, after)

	// The last file cannot be moved.
	stage := t.TempDir()
	m := &mover{dir: root.StepDir("01"), before: filepath.Join(stage, "before"), after: filepath.Join(stage, "after")}
	require.NoError(t, write(m.after, "hub.go", []byte("starter")))
	require.Error(t, m.move(Changes{Written: []string{"hub.go", "missing.go"}, Removed: []string{"own/own.go"}}))
	m.undo()
	after, err = files.Read(root.StepDir("01"), nil)
	require.NoError(t, err)
	assert.Equal(t, before, after)
}
