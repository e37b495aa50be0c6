package start

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/workspace"
)

// learner is a workshop in which step 01 is what the edits make of its starter.
func learner(t *testing.T, edit func(files.Set)) workspace.Root {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/workspace.txtar")
	require.NoError(t, err)
	root := workspace.Root(t.TempDir())
	set := files.Set{}
	for _, f := range archive.Files {
		set[f.Name] = f.Data
	}
	require.NoError(t, release.WriteAll(string(root), set))
	solution, err := release.Solution(root, "01")
	require.NoError(t, err)
	mine, err := release.Starter("01", solution)
	require.NoError(t, err)
	edit(mine)
	require.NoError(t, release.WriteAll(root.StepDir("01"), mine))
	return root
}

func replace(set files.Set, name string, oldNew ...string) {
	text := string(set[name])
	for i := 0; i < len(oldNew); i += 2 {
		text = strings.Replace(text, oldNew[i], oldNew[i+1], 1)
	}
	set[name] = []byte(text)
}

// solve writes tasks 1.1 to 1.3 in a way of her own, which needs another import.
func solve(set files.Set) {
	replace(set, "hub.go",
		"package chat\n", "package chat\n\nimport \"slices\"\n",
		"\treturn \"\"\n", "\th.names = slices.Insert(h.names, 0, name)\n\treturn \"hello \" + name\n",
		"\t// TODO(1.2): Count them.\n", "\tn := 0\n\tfor range h.names {\n\t\tn++\n\t}\n\treturn n\n")
	replace(set, "log.go", "// TODO(1.3): Print it.", "println(text)")
	replace(set, "kind.go", "\t// TODO(1.3): Name it.\n\treturn \"\"\n", "\tif k == 1 {\n\t\treturn \"talk\"\n\t}\n\treturn \"noise\"\n")
}

// start brings with the real compiler.
func start(t *testing.T, root workspace.Root) *Result {
	t.Helper()
	res, err := FromMine(t.Context(), root, "02", Build(root))
	require.NoError(t, err)
	rest, err := os.ReadDir(root.Path("steps"))
	require.NoError(t, err)
	assert.Len(t, rest, 1, "nothing stays beside the steps")
	return res
}

func TestOwnCodeAndTheNextStepMeet(t *testing.T) {
	res := start(t, learner(t, func(set files.Set) {
		solve(set)
		set["extra.go"] = []byte("package chat // wsworkshop/steps/01\n")
		set["own_test.go"] = []byte("package chat_test\n")
		set["NOTES.md"] = []byte("notes")
		set["server"] = []byte("\x7fELF\x00")
	}))
	assert.Equal(t, []string{"extra.go", "hub.go"}, res.Brought)
	assert.Empty(t, res.Left)
	assert.Empty(t, res.Filled)
	assert.Equal(t, `// Package chat is a server with rooms.
package chat

import (
	"slices"
	"strings"
)

// Hub greets.
type Hub struct {
	names []string
	rooms rooms
}

// Join adds a name.
func (h *Hub) Join(name string) string {
	// TODO(1.1): Remember the name.
	h.names = slices.Insert(h.names, 0, name)
	return "hello " + name
}

// Count says how many are here.
func (h *Hub) Count() int {
	n := 0
	for range h.names {
		n++
	}
	return n
}

// Names lists them.
func (h *Hub) Names() string { return strings.Join(h.names, ", ") }
`, string(res.Files["hub.go"]))
	assert.Contains(t, string(res.Files["room.go"]), "// TODO(2.1): Count.")
	assert.Contains(t, string(res.Files["log.go"]), `println("chat:", text)`, "hers is the reference's, so the next step's counts")
	assert.Equal(t, "package chat // wsworkshop/steps/02\n", string(res.Files["extra.go"]))
	assert.NotContains(t, res.Files, "own_test.go")
	assert.NotContains(t, res.Files, "server")
	assert.Contains(t, string(res.Files["hub_test.go"]), "Task 2.1")
}

func TestOwnCodeFollowsAMovedFile(t *testing.T) {
	res := start(t, learner(t, func(set files.Set) {
		solve(set)
		replace(set, "kind.go",
			"package chat\n", "package chat\n\nimport \"fmt\"\n",
			"return \"noise\"", "return fmt.Sprint(\"kind \", int(k))")
	}))
	assert.Equal(t, []string{"hub.go", "wire/kind.go"}, res.Brought)
	assert.Empty(t, res.Left)
	assert.NotContains(t, res.Files, "kind.go")
	assert.Contains(t, string(res.Files["wire/kind.go"]), "package wire\n\nimport \"fmt\"\n")
	assert.Contains(t, string(res.Files["wire/kind.go"]), "\treturn fmt.Sprint(\"kind \", int(k))\n")
}

func TestTasksThatWereNotDoneAreTheReferences(t *testing.T) {
	res := start(t, learner(t, func(set files.Set) {
		replace(set, "hub.go", "\treturn \"\"\n", "\treturn \"hi \" + name\n")
		replace(set, "hub.go", "\t// TODO(1.2): Count them.\n", "\t// TODO(1.2): Count them.\n")
	}))
	assert.Equal(t, []string{"hub.go"}, res.Brought)
	assert.Equal(t, []string{"1.2", "1.3"}, res.Filled)
	assert.Contains(t, string(res.Files["hub.go"]), "return \"hi \" + name")
	assert.Contains(t, string(res.Files["hub.go"]), "return len(h.names)")
}

func TestNothingWasDone(t *testing.T) {
	res := start(t, learner(t, func(files.Set) {}))
	assert.Empty(t, res.Brought)
	assert.Empty(t, res.Left)
}

func TestConflictKeepsTheStarters(t *testing.T) {
	res := start(t, learner(t, func(set files.Set) {
		solve(set)
		replace(set, "log.go", "println(text)", "print(text)")
		set["room.go"] = []byte("package chat\n\ntype mine int\n")
	}))
	assert.Equal(t, []string{"hub.go"}, res.Brought)
	require.Len(t, res.Left, 2)
	assert.Equal(t, "log.go", res.Left[0].File)
	assert.Equal(t, "you and step 02 have changed the same lines", res.Left[0].Why)
	assert.Contains(t, string(res.Left[0].Data), "print(text)")
	assert.Equal(t, "you made it, and step 02 has a file of that name", res.Left[1].Why)
	assert.Contains(t, string(res.Files["log.go"]), `println("chat:", text)`)
}

// log.go cannot be brought, and hub.go needs what she wrote there.
func TestWhatDoesNotCompileIsLeft(t *testing.T) {
	res := start(t, learner(t, func(set files.Set) {
		solve(set)
		replace(set, "log.go", "println(text)", "shout(text)\n}\n\nfunc shout(text string) {\n\tprintln(text)")
		replace(set, "hub.go", "\treturn \"hello \" + name", "\tshout(name)\n\treturn \"hello \" + name")
		set["extra.go"] = []byte("package chat\n\nvar extra int\n")
	}))
	assert.Equal(t, []string{"extra.go"}, res.Brought)
	require.Len(t, res.Left, 2)
	assert.Equal(t, "log.go", res.Left[0].File)
	assert.Equal(t, "hub.go", res.Left[1].File)
	assert.Regexp(t, `^with it the step does not compile: \./hub\.go:\d+:.*undefined: shout`, res.Left[1].Why)
	assert.Contains(t, string(res.Files["hub.go"]), "return fmt.Sprintf")
}

// The compiler's complaint names a file that is not hers: without one of hers the step compiles.
func TestCulpritIsFoundByTrying(t *testing.T) {
	root := learner(t, func(set files.Set) {
		solve(set)
		set["extra.go"] = []byte("package chat\n")
		set["culprit.go"] = []byte("package chat\n")
	})
	res, err := FromMine(t.Context(), root, "02", func(_ context.Context, set files.Set) ([]string, error) {
		if _, ok := set["culprit.go"]; ok {
			return []string{"./room.go:3:1: say redeclared"}, nil
		}
		return nil, nil
	})
	require.NoError(t, err)
	assert.Equal(t, []string{"extra.go", "hub.go"}, res.Brought)
	require.Len(t, res.Left, 1)
	assert.Equal(t, Left{"culprit.go", "with it the step does not compile: ./room.go:3:1: say redeclared", []byte("package chat\n")}, res.Left[0])
}

func TestRemovedFiles(t *testing.T) {
	root := learner(t, solve)
	require.NoError(t, os.Remove(filepath.Join(root.StepDir("01"), "log.go")))
	require.NoError(t, os.Remove(filepath.Join(root.StepDir("01"), "cmd/server/main.go")))
	res, err := FromMine(t.Context(), root, "02", func(context.Context, files.Set) ([]string, error) { return nil, nil })
	require.NoError(t, err)
	assert.Equal(t, []string{"cmd/server/main.go", "hub.go"}, res.Brought)
	assert.NotContains(t, res.Files, "cmd/server/main.go")
	assert.Equal(t, []Left{{File: "log.go", Why: "you removed it, and step 02 changes it"}}, res.Left)
}

func TestFirstStepHasNoStepBefore(t *testing.T) {
	_, err := FromMine(t.Context(), learner(t, solve), "01", nil)
	assert.EqualError(t, err, "step 01 is the first: there is nothing to bring into it")
}
