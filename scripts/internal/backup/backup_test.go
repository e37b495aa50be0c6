package backup

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/workspace"
)

var now = time.Date(2026, 11, 22, 15, 4, 5, 0, time.UTC)

func TestCopiesStandUnderTheirPaths(t *testing.T) {
	root := workspace.Root(t.TempDir())
	require.NoError(t, os.MkdirAll(root.Path("steps", "01"), 0o755))
	require.NoError(t, os.WriteFile(root.Path("steps", "01", "hub.go"), []byte("mine"), 0o644))

	f := New(root, now)
	copied, err := f.Copy("steps/01/none.go")
	require.NoError(t, err)
	assert.False(t, copied)
	assert.Empty(t, f.Path())
	assert.NoDirExists(t, root.Path(".workshop"))

	copied, err = f.Copy("steps/01/hub.go")
	require.NoError(t, err)
	assert.True(t, copied)
	require.NoError(t, f.Add("steps/01/web/page.js", []byte("x")))
	assert.Equal(t, ".workshop/kept/2026-11-22_15-04-05", f.Path())
	got, err := os.ReadFile(filepath.Join(root.Path(f.Path()), "steps", "01", "hub.go"))
	require.NoError(t, err)
	assert.Equal(t, "mine", string(got))
}

func TestOccasionsDoNotMix(t *testing.T) {
	root := workspace.Root(t.TempDir())
	a, b := New(root, now), New(root, now)
	require.NoError(t, a.Add("x", []byte("a")))
	require.NoError(t, b.Add("x", []byte("b")))
	assert.Equal(t, ".workshop/kept/2026-11-22_15-04-05_2", b.Path())
}
