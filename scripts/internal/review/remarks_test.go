package review

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/result"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// bad is the module with the mistakes.
func bad(t *testing.T) files.Set {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", "bad.txtar"))
	require.NoError(t, err)
	set := files.Set{}
	for _, f := range archive.Files {
		set[f.Name] = f.Data
	}
	return set
}

// reviewed writes a module and returns all remarks on it, in the order of the code.
func reviewed(t *testing.T, module, given files.Set) []result.Remark {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, module.Write(dir))
	byCheck, err := remarks(t.Context(), dir, given, false)
	require.NoError(t, err)
	var all []result.Remark
	for _, found := range byCheck {
		all = append(all, found...)
	}
	slices.SortFunc(all, before)
	return all
}

func TestEachMistakeGetsARemarkWithItsReason(t *testing.T) {
	var got strings.Builder
	for _, r := range reviewed(t, bad(t), nil) {
		fmt.Fprintf(&got, "%s:%d\n%s\n\n", r.File, r.Line, r.Text)
	}
	golden := filepath.Join("testdata", "bad.txt")
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got.String()), 0o666))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got.String(), "go test ./internal/review -update rewrites it")
}

func TestGivenDeclarationsGetNoRemark(t *testing.T) {
	module := bad(t)
	module["dropped.go"] = bytes.Replace(module["dropped.go"], []byte("this one too"), []byte("and this one"), 1)
	var got []string
	for _, r := range reviewed(t, module, bad(t)) {
		got = append(got, fmt.Sprint(r.File, ":", r.Line))
	}
	require.Equal(t, []string{"dropped.go:11", "dropped.go:12", "others.go:12"}, got, "a changed function, and a TODO that nothing encloses")
}

func TestALearnerGetsThreeRemarks(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, bad(t).Write(dir))
	got, err := Review(t.Context(), dir, nil, false)
	require.NoError(t, err)
	require.Len(t, got, 3)
	require.Equal(t, []string{"tools.go", "dropped.go", "others.go"}, []string{got[0].File, got[1].File, got[2].File})
}
