package proof

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
)

func TestASetIsNamedByWhatItMeans(t *testing.T) {
	var d Digester
	base := files.Set{"a.go": []byte("package a // x\n"), "b.js": []byte("x")}
	assert.Equal(t, d.Set(base), d.Set(files.Set{"a.go": []byte("package a // y\n"), "b.js": []byte("x")}))
	for what, other := range map[string]files.Set{
		"code":   {"a.go": []byte("package b // x\n"), "b.js": []byte("x")},
		"a page": {"a.go": base["a.go"], "b.js": []byte("y")},
		"a name": {"a.go": base["a.go"], "c.js": []byte("x")},
		"less":   {"a.go": base["a.go"]},
	} {
		assert.NotEqual(t, d.Set(base), d.Set(other), what)
	}
	doc := []byte("package a\n\n// A.\nfunc TestA() {}\n")
	other := []byte("package a\n\n// B.\nfunc TestA() {}\n")
	assert.Equal(t, d.Set(files.Set{"a.go": doc}), d.Set(files.Set{"a.go": other}))
	assert.NotEqual(t, d.Set(files.Set{"a_test.go": doc}), d.Set(files.Set{"a_test.go": other}), "the same bytes are a suite here")
}

// program lays out a module whose package verify imports package grade and a module.
func program(t *testing.T) files.Set {
	t.Helper()
	return files.Set{
		"go.mod":                      []byte("module x.y/scripts\n\nrequire (\n\tgrader.org/a v1.0.0\n\tgrader.org/a/b v1.0.0\n\tother.org/c v1.0.0\n)\n"),
		"cmd/main.go":                 []byte("package main\n\nimport _ \"x.y/scripts/internal/verify\"\n"),
		"internal/verify/verify.go":   []byte("package verify\n\nimport (\n\t\"fmt\"\n\t\"x.y/scripts/internal/grade\"\n)\n"),
		"internal/verify/w_test.go":   []byte("package verify\n\nimport _ \"other.org/c\"\n"),
		"internal/verify/sub/sub.go":  []byte("package sub\n"),
		"internal/grade/grade.go":     []byte("package grade\n\nimport _ \"grader.org/a/b/c\"\n"),
		"internal/grade/windows.go":   []byte("//go:build windows\n\npackage grade\n\nimport _ \"x.y/scripts/internal/win\"\n"),
		"internal/grade/names.txt":    []byte("embedded\n"),
		"internal/win/win.go":         []byte("package win\n"),
		"internal/unrelated/other.go": []byte("package unrelated\n\nimport _ \"other.org/c\"\n"),
	}
}

func TestAProgramIsWhatItsGradingImports(t *testing.T) {
	digest := func(change func(files.Set)) string {
		set := program(t)
		change(set)
		dir := t.TempDir()
		require.NoError(t, set.Write(dir))
		sum, err := new(Digester).Program(dir, "internal/verify")
		require.NoError(t, err)
		return sum
	}
	add := func(file, text string) func(files.Set) {
		return func(set files.Set) { set[file] = append(set[file], text...) }
	}
	swap := func(file, text string) func(files.Set) {
		return func(set files.Set) { set[file] = []byte(text) }
	}
	base := digest(func(files.Set) {})
	for what, change := range map[string]func(files.Set){
		"nothing":                     func(files.Set) {},
		"a comment":                   add("internal/grade/grade.go", "\n// A comment.\n"),
		"a command":                   add("cmd/main.go", "\nvar x int\n"),
		"a package of others":         add("internal/unrelated/other.go", "\nvar x int\n"),
		"a folder below":              add("internal/verify/sub/sub.go", "\nvar x int\n"),
		"a test":                      add("internal/verify/w_test.go", "\nvar x int\n"),
		"a module of others":          swap("go.mod", "module x.y/scripts\n\nrequire (\n\tgrader.org/a v1.0.0\n\tgrader.org/a/b v1.0.0\n\tother.org/c v1.1.0\n)\n"),
		"a module with a like name":   swap("go.mod", "module x.y/scripts\n\nrequire (\n\tgrader.org/a v1.1.0\n\tgrader.org/a/b v1.0.0\n\tother.org/c v1.0.0\n)\n"),
		"the document of the package": add("internal/grade/README.md", "words\n"),
	} {
		assert.Equal(t, base, digest(change), what)
	}
	for what, change := range map[string]func(files.Set){
		"code":               add("internal/verify/verify.go", "\nvar x int\n"),
		"code that it calls": add("internal/grade/grade.go", "\nvar x int\n"),
		"another system's":   add("internal/win/win.go", "\nvar x int\n"),
		"what is embedded":   add("internal/grade/names.txt", "more\n"),
		"a new file":         add("internal/grade/more.go", "package grade\n"),
		"a module":           swap("go.mod", "module x.y/scripts\n\nrequire (\n\tgrader.org/a v1.0.0\n\tgrader.org/a/b v1.1.0\n\tother.org/c v1.0.0\n)\n"),
	} {
		assert.NotEqual(t, base, digest(change), what)
	}
}

func TestAModuleIsWhatOthersImportOfIt(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, files.Set{"a.go": []byte("package a\n"), "sub/b.js": []byte("x\n")}.Write(dir))
	sum := func() string {
		s, err := new(Digester).Module(dir)
		require.NoError(t, err)
		return s
	}
	base := sum()
	require.NoError(t, files.Set{"a_test.go": []byte("package a\n"), "README.md": []byte("x\n"), "testdata/x": []byte("x\n")}.Write(dir))
	assert.Equal(t, base, sum(), "nobody who imports it sees those")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "sub", "b.js"), []byte("y\n"), 0o666))
	assert.NotEqual(t, base, sum())
	_, err := new(Digester).Module(filepath.Join(dir, "nowhere"))
	assert.Error(t, err)
}
