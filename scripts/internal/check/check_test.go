package check

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/table"
	"wsworkshop/scripts/internal/workspace"
)

// tree writes files into a new workshop.
func tree(t *testing.T, files map[string]string) workspace.Root {
	t.Helper()
	root := t.TempDir()
	for name, data := range files {
		file := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
		require.NoError(t, os.WriteFile(file, []byte(data), 0o666))
	}
	return workspace.Root(root)
}

func TestModulesAreFound(t *testing.T) {
	root := tree(t, map[string]string{
		"pkg/testclient/go.mod": "", "scripts/go.mod": "", "solutions/01/go.mod": "", "steps/01/go.mod": "",
		"steps/02/README.md": "", ".workshop/kept/steps/01/go.mod": "",
	})
	c, err := New(root)
	require.NoError(t, err)
	var names, authors, libraries []string
	for _, m := range c.Modules {
		names = append(names, m.Name)
		if !m.Starter() {
			authors = append(authors, m.Name)
		}
		if m.library() {
			libraries = append(libraries, m.Name)
		}
	}
	assert.Equal(t, []string{"pkg/testclient", "scripts", "solutions/01", "steps/01"}, names)
	assert.Equal(t, names[:3], authors)
	assert.Equal(t, names[:2], libraries)

	_, err = New(workspace.Root(t.TempDir()))
	assert.ErrorContains(t, err, "no modules")
}

func TestFormat(t *testing.T) {
	root := tree(t, map[string]string{
		"scripts/go.mod": "", "scripts/good.go": "package a\n", "scripts/bad.go": "package  a\n", "scripts/broken.go": "package\n",
		"scripts/testdata/bad.go": "package  a\n", "scripts/page.js": "  x",
	})
	c, err := New(root)
	require.NoError(t, err)
	row := c.format(t.Context())
	assert.Equal(t, table.Failed, row.State)
	assert.Equal(t, "3 files", row.Note)
	assert.Equal(t, []string{
		"scripts/bad.go is not formatted: gofmt -w does it",
		"scripts/broken.go:1:9: expected 'IDENT', found 'EOF'",
	}, row.Details)
}

func TestEachNamesTheModulesThatFail(t *testing.T) {
	root := tree(t, map[string]string{"pkg/a/go.mod": "", "scripts/go.mod": ""})
	c, err := New(root)
	require.NoError(t, err)
	row := c.each(t.Context(), table.Row{Name: "go vet", Note: "2 modules"}, c.Modules, func(m Module) []string {
		if m.Name == "scripts" {
			return []string{"go", "no-such-command"}
		}
		return []string{"go", "version"}
	})
	assert.Equal(t, table.Failed, row.State)
	assert.Equal(t, "not in order: scripts", row.Note)
	require.Len(t, row.Details, 1)
	assert.Contains(t, row.Details[0], "scripts:\ngo no-such-command: unknown command")

	row = c.each(t.Context(), table.Row{Note: "2 modules"}, c.Modules, func(Module) []string { return []string{"go", "version"} })
	assert.Equal(t, table.Row{Note: "2 modules"}, row)
}

func TestAnUnreachableDatabaseIsNoFault(t *testing.T) {
	assert.Equal(t, "no such host", unreachable("govulncheck: fetching vulnerabilities: Get \"https://vuln.example/index\": "+
		"dial tcp: lookup vuln.example on 192.0.2.53:53: no such host\n"))
	assert.Equal(t, "unexpected status code: 403", unreachable("govulncheck: fetching vulnerabilities: unexpected status code: 403"))
	assert.Empty(t, unreachable("Vulnerability #1: GO-2026-0001\n"))
}

func TestOnlyWhatFailedIsShown(t *testing.T) {
	assert.Equal(t, "scripts:\n--- FAIL: TestA\nFAIL\n", withoutPassed("scripts:\nok  \ta\t0.1s\n?   \tb\t[no test files]\n--- FAIL: TestA\nFAIL\n"))
}

func TestOtherSystemsAreVetted(t *testing.T) {
	root := tree(t, map[string]string{
		"go.work":        "go 1.26.0\n\nuse ./nowhere\n",
		"scripts/go.mod": "module a\n\ngo 1.26\n", "scripts/a.go": "package a\n",
		"scripts/a_windows.go": "package a\n\nvar _ int = \"windows\"\n",
		"scripts/a_darwin.go":  "package a\n\nvar _ int = \"darwin\"\n",
		"scripts/a_linux.go":   "package a\n\nvar _ int = \"linux\"\n",
		"steps/01/go.mod":      "module b\n\ngo 1.26\n", "steps/01/a.go": "package b\n\nvar _ int = \"anywhere\"\n",
	})
	c, err := New(root)
	require.NoError(t, err)
	checks := c.vetElsewhere()
	require.Len(t, checks, 2)
	for _, check := range checks {
		row := check(t.Context())
		assert.Equal(t, table.Failed, row.State)
		require.Len(t, row.Details, 1)
		assert.Contains(t, row.Details[0], "a_"+strings.TrimPrefix(row.Name, "vet ")+".go:3")
	}
}

func TestModulesAreAskedTogetherAndOneByOneWhenThatFails(t *testing.T) {
	good := "package a\n\nimport \"fmt\"\n\nfunc A() { fmt.Printf(\"%d\", 1) }\n"
	root := tree(t, map[string]string{
		"go.work":        "go 1.26.0\n\nuse ./nowhere\n",
		"scripts/go.mod": "module a\n\ngo 1.26\n", "scripts/a.go": good,
		"solutions/01/go.mod": "module b\n\ngo 1.26\n", "solutions/01/a.go": good,
	})
	c, err := New(root)
	require.NoError(t, err)
	var said []string
	c.Say = func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }

	row := c.vet(t.Context())
	assert.Equal(t, table.Passed, row.State)
	assert.Equal(t, []string{"go vet: all modules at once"}, said)

	bad := strings.ReplaceAll(good, "1)", "true)")
	require.NoError(t, os.WriteFile(root.Path("solutions", "01", "a.go"), []byte(bad), 0o666))
	row = c.vet(t.Context())
	assert.Equal(t, table.Failed, row.State)
	assert.Equal(t, "not in order: solutions/01", row.Note)
	require.Len(t, row.Details, 1)
	assert.Contains(t, row.Details[0], "wrong type bool")

	require.NoError(t, os.WriteFile(root.Path("solutions", "01", "go.mod"), []byte("nonsense\n"), 0o666))
	assert.Equal(t, "not in order: solutions/01", c.vet(t.Context()).Note, "a workspace that cannot be read")
}
