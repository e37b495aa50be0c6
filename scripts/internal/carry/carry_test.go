package carry

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/backup"
	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/workspace"
)

const hub = `package chat

import "wsworkshop/solutions/NN/store"

func a() {
	// task 1.1: Do.
	//- stub()
	store.A()
	// end task 1.1
}

func b() {}
`

// solutions lays out three of them; 03 has grown.
func solutions(t *testing.T) workspace.Root {
	t.Helper()
	root := t.TempDir()
	put := func(step, name, text string) {
		file := filepath.Join(root, "solutions", step, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(strings.ReplaceAll(text, "NN", step)), 0o644))
	}
	later := strings.Replace(hub, "\t//- stub()\n", "", 1)
	put("01", "hub.go", hub)
	put("02", "hub.go", later)
	put("03", "hub.go", later+"\nfunc c() {}\n")
	for _, step := range []string{"01", "02", "03"} {
		put(step, "go.mod", "module wsworkshop/solutions/NN\n")
		put(step, "go.sum", "a v1\nonly v"+step+"\n")
		put(step, "a_test.go", "package chat_test // NN\n")
		put(step, "old.go", "package chat\n")
		put(step, "variants/wrong.txtar", "what: "+step+"\n")
	}
	return workspace.Root(root)
}

// carried changes solution 01 by the edits, and carries that.
func carried(t *testing.T, root workspace.Root, edit func(files.Set)) []Step {
	t.Helper()
	before, err := release.Solution(root, "01")
	require.NoError(t, err)
	after := before.Clone()
	edit(after)
	steps, err := Through(t.Context(), root, "01", before, after)
	require.NoError(t, err)
	require.Len(t, steps, 2)
	return steps
}

func replace(set files.Set, name, old, new string) {
	set[name] = []byte(strings.Replace(string(set[name]), old, new, 1))
}

func TestChangeGoesThroughAllLaterSteps(t *testing.T) {
	steps := carried(t, solutions(t), func(set files.Set) {
		replace(set, "hub.go", "store.A()", "store.B()")
		set["new.go"] = []byte("package chat // wsworkshop/solutions/01\n")
		delete(set, "old.go")
		replace(set, "go.sum", "a v1", "a v2")
		replace(set, "a_test.go", "chat_test", "chat_test // more")
		set["new_test.go"] = []byte("package chat_test\n")
	})
	for _, s := range steps {
		assert.Equal(t, []string{"go.sum", "hub.go", "new.go", "old.go"}, s.Changed)
		assert.Empty(t, s.Conflicts)
		assert.Contains(t, string(s.Files["hub.go"]), "store.B()")
		assert.Contains(t, string(s.Files["hub.go"]), "solutions/"+string(s.Step)+"/store")
		assert.NotContains(t, string(s.Files["hub.go"]), "//-")
		assert.Equal(t, "package chat // wsworkshop/solutions/"+string(s.Step)+"\n", string(s.Files["new.go"]))
		assert.Equal(t, "a v2\nonly v"+string(s.Step)+"\n", string(s.Files["go.sum"]))
		assert.NotContains(t, s.Files, "old.go")
	}
	assert.Contains(t, string(steps[1].Files["hub.go"]), "func c()")
}

func TestStubsAreNotCarried(t *testing.T) {
	for _, s := range carried(t, solutions(t), func(set files.Set) { replace(set, "hub.go", "//- stub()", "//- other()") }) {
		assert.Empty(t, s.Changed)
		assert.Empty(t, s.Conflicts)
	}
}

func TestWhatIsCarriedAlreadyIsNoConflict(t *testing.T) {
	root := solutions(t)
	edit := func(set files.Set) { replace(set, "hub.go", "func b() {}", "func b() { a() }") }
	for _, s := range carried(t, root, edit) {
		_, err := release.Apply(root, "solutions/"+string(s.Step), release.Changes{Written: s.Changed}, s.Files, backup.New(root, time.Now()))
		require.NoError(t, err)
	}
	for _, s := range carried(t, root, edit) {
		assert.Empty(t, s.Changed)
		assert.Empty(t, s.Conflicts)
	}
}

// Step 03 has moved old.go into a package.
func TestChangeFollowsAMovedFile(t *testing.T) {
	const before = "package chat\n\n// A is a.\nconst A = 1\n\n// B is b.\nconst B = 1\n"
	root := solutions(t)
	put := func(step, name, text string) {
		file := filepath.Join(root.SolutionDir(workspace.Step(step)), filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	put("01", "old.go", before)
	put("02", "old.go", before)
	require.NoError(t, os.Remove(filepath.Join(root.SolutionDir("03"), "old.go")))
	put("03", "wire/const.go", strings.Replace(before, "package chat", "package wire", 1))
	put("03", "wire/other.go", "package wire\n\n// C is c.\nconst C = 1\n")

	steps := carried(t, root, func(set files.Set) { replace(set, "old.go", "B = 1", "B = 2") })
	assert.Equal(t, []string{"old.go"}, steps[0].Changed)
	assert.Equal(t, []string{"wire/const.go"}, steps[1].Changed)
	assert.Empty(t, steps[1].Conflicts)
	assert.Contains(t, string(steps[1].Files["wire/const.go"]), "package wire")
	assert.Contains(t, string(steps[1].Files["wire/const.go"]), "B = 2")
	assert.NotContains(t, steps[1].Files, "old.go")

	steps = carried(t, root, func(set files.Set) { delete(set, "old.go") })
	assert.Equal(t, []Conflict{{"wire/const.go", "it was removed, but has changed here", nil}}, steps[1].Conflicts)
}

func TestConflictsStopAtTheirStep(t *testing.T) {
	root := solutions(t)
	file := filepath.Join(root.SolutionDir("02"), "hub.go")
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, []byte(strings.Replace(string(data), "store.A()", "store.Z()", 1)), 0o644))
	require.NoError(t, os.Remove(filepath.Join(root.SolutionDir("03"), "old.go")))

	steps := carried(t, root, func(set files.Set) {
		replace(set, "hub.go", "store.A()", "store.B()")
		set["old.go"] = []byte("package chat // changed\n")
	})
	require.Len(t, steps[0].Conflicts, 1)
	assert.Equal(t, "hub.go", steps[0].Conflicts[0].File)
	assert.Contains(t, string(steps[0].Conflicts[0].Text), "<<<<<<< solutions/02")
	assert.Equal(t, []string{"old.go"}, steps[0].Changed)
	assert.Empty(t, steps[1].Changed)
	require.Len(t, steps[1].Conflicts, 1)
	assert.Equal(t, Conflict{"old.go", "it is not there any more", nil}, steps[1].Conflicts[0])
}

func TestAt(t *testing.T) {
	root := solutions(t)
	git := func(args ...string) {
		t.Helper()
		args = append([]string{"-C", string(root), "-c", "user.name=a", "-c", "user.email=a@example.com"}, args...)
		out, err := exec.Command("git", args...).CombinedOutput()
		require.NoError(t, err, string(out))
	}
	git("init", "-q")
	git("add", ".")
	git("commit", "-qm", "begin")
	want, err := release.Solution(root, "02")
	require.NoError(t, err)
	require.NoError(t, os.Remove(filepath.Join(root.SolutionDir("02"), "hub.go")))

	got, err := At(t.Context(), root, "02", "HEAD")
	require.NoError(t, err)
	assert.Equal(t, want, got)
	_, err = At(t.Context(), root, "02", "nowhere")
	assert.ErrorContains(t, err, "read solutions/02 of nowhere: ")
}
