package state_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/state"
	"wsworkshop/scripts/internal/workspace"
)

func TestProgressKeepsTheBestAndTheLast(t *testing.T) {
	root := workspace.Root(t.TempDir())
	for _, score := range []int{40, 100, 60} {
		warning, err := state.Record(root, &result.Result{Step: "02", Score: score, Max: 100})
		require.NoError(t, err)
		require.Empty(t, warning)
	}
	p, _, err := state.ReadProgress(root)
	require.NoError(t, err)
	require.Equal(t, 100, p.Steps["02"].Best)
	require.Equal(t, 60, p.Steps["02"].Last.Score)
	require.False(t, p.Steps["02"].BestAt.After(p.Steps["02"].LastAt))
}

func TestHardModeBeginsAnewAndTheBestScoreStays(t *testing.T) {
	root := workspace.Root(t.TempDir())
	record := func(score int) {
		_, err := state.Record(root, &result.Result{Step: "02", Score: score, Max: 100})
		require.NoError(t, err)
	}
	progress := func() state.StepProgress {
		p, _, err := state.ReadProgress(root)
		require.NoError(t, err)
		return p.Steps["02"]
	}
	record(80)
	for range 2 { // a second start keeps what was there before the first
		_, err := state.BeginHard(root, "02")
		require.NoError(t, err)
		require.True(t, progress().Hard)
		require.Zero(t, progress().Best)
		require.Nil(t, progress().Last)
	}
	record(60)
	require.True(t, progress().Hard)
	require.Equal(t, 60, progress().Best)
	_, err := state.EndHard(root, "02")
	require.NoError(t, err)
	require.False(t, progress().Hard)
	require.Equal(t, 80, progress().Best)
	require.Equal(t, 60, progress().Last.Score)

	_, err = state.BeginHard(root, "02")
	require.NoError(t, err)
	record(100)
	_, err = state.EndHard(root, "02")
	require.NoError(t, err)
	require.Equal(t, 100, progress().Best)
	_, err = state.EndHard(root, "02")
	require.NoError(t, err)
	require.Equal(t, 100, progress().Best)
}

func TestABrokenFileIsSetAside(t *testing.T) {
	root := workspace.Root(t.TempDir())
	file := root.Path(".workshop", "progress.json")
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
	require.NoError(t, os.WriteFile(file, []byte(`{"steps": {"01`), 0o666))
	p, warning, err := state.ReadProgress(root)
	require.NoError(t, err)
	require.Empty(t, p.Steps)
	require.Contains(t, warning, "progress.json.broken-")
	aside, err := filepath.Glob(file + ".broken-*")
	require.NoError(t, err)
	require.Len(t, aside, 1)
	warning, err = state.Record(root, &result.Result{Step: "01", Score: 5, Max: 100})
	require.NoError(t, err)
	require.Empty(t, warning)
}

func TestHintsComeOneAtATime(t *testing.T) {
	root := workspace.Root(t.TempDir())
	var numbers []int
	for range 4 {
		n, warning, err := state.NextHint(root, "5.3", 3)
		require.NoError(t, err)
		require.Empty(t, warning)
		numbers = append(numbers, n)
	}
	require.Equal(t, []int{1, 2, 3, 1}, numbers)
	n, _, err := state.NextHint(root, "5.4", 2)
	require.NoError(t, err)
	require.Equal(t, 1, n)
}
