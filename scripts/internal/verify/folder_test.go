package verify

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFoldersOfDeadLabsAreRemoved(t *testing.T) {
	dead := exec.Command(os.Args[0], "-test.run=^$")
	require.NoError(t, dead.Run())

	parent := filepath.Join(t.TempDir(), "verify")
	mine := fmt.Sprintf("run-%d-17", os.Getpid())
	orphan := fmt.Sprintf("run-%d-42", dead.Process.Pid)
	for _, name := range []string{mine, orphan, "01", "run-by-hand"} {
		require.NoError(t, os.MkdirAll(filepath.Join(parent, name, "copies"), 0o777))
	}
	dir, err := newFolder(parent)
	require.NoError(t, err)
	assert.DirExists(t, dir)
	assert.Equal(t, os.Getpid(), owner(filepath.Base(dir)))
	assert.NoDirExists(t, filepath.Join(parent, orphan))
	for _, name := range []string{mine, "01", "run-by-hand"} {
		assert.DirExists(t, filepath.Join(parent, name))
	}
}
