package release

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"wsworkshop/scripts/internal/backup"
	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/workspace"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// workshop lays out the fixture in a temporary folder.
func workshop(t *testing.T) workspace.Root {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/workspace.txtar")
	require.NoError(t, err)
	root := t.TempDir()
	for _, f := range archive.Files {
		require.NoError(t, write(root, f.Name, f.Data))
	}
	return workspace.Root(root)
}

// golden compares the set with an archive in testdata.
func golden(t *testing.T, name string, set files.Set) {
	t.Helper()
	name = filepath.Join("testdata", name)
	archive := &txtar.Archive{}
	for _, path := range set.Paths() {
		archive.Files = append(archive.Files, txtar.File{Name: path, Data: set[path]})
	}
	got := txtar.Format(archive)
	if *update {
		require.NoError(t, os.WriteFile(name, got, 0o644))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err, "go test -update writes it")
	assert.Equal(t, string(want), string(got), name)
}

func TestRelease(t *testing.T) {
	root := workshop(t)
	var plans []*Plan
	for _, step := range []workspace.Step{"01", "02"} {
		p, err := Prepare(root, step)
		require.NoError(t, err)
		plans = append(plans, p)
		golden(t, "step"+string(step)+".txtar", p.All())
		c, err := p.Write(root, backup.New(root, time.Now()))
		require.NoError(t, err)
		assert.NotEmpty(t, c.Written)
		again, err := p.Compare(root)
		require.NoError(t, err)
		assert.True(t, again.None(), "%v", again)
	}
	_, text, err := PlanText(root, plans)
	require.NoError(t, err)
	golden(t, "plan.txtar", files.Set{"LEARNING_PLAN.md": []byte(text)})
}

// With the tasks up to the first filled in, that is what a learner has on the way.
func TestStubOfSomeTasks(t *testing.T) {
	solution, err := Solution(workshop(t), "01")
	require.NoError(t, err)
	set, err := Stub(solution, func(task string) bool { return task == "1.2" })
	require.NoError(t, err)
	assert.Contains(t, string(set["hub.go"]), "// task 1.1: Remember the name")
	assert.Contains(t, string(set["hub.go"]), "// TODO(1.2): Join the names")
	assert.Contains(t, string(set["hub.go"]), "import (\n\t\"fmt\"\n)")
	assert.Contains(t, string(set["go.mod"]), "module wsworkshop/solutions/01\n")

	clean, err := Clean(solution)
	require.NoError(t, err)
	assert.NotContains(t, string(clean["hub.go"]), "task")
}

func TestRegionsThatHaveNoPlace(t *testing.T) {
	for _, c := range []struct{ name, file, src, want string }{
		{"later step", "a.js", "// task 3.1: Do.\n// end task 3.1\n", "solutions/02/a.js:1: task 3.1 is one of a later step"},
		{"unknown task", "a.js", "// task 2.7: Do.\n// end task 2.7\n", "solutions/02/a.js:1: task 2.7 is none of this step: its tasks are 2.1"},
		{"old stub", "a.js", "// task 1.1: Do.\n//- x\n// end task 1.1\n",
			"solutions/02/a.js:1: stub lines of task 1.1, which belongs to an earlier step: they stand only in that step, remove them here"},
		{"faulty", "a.js", "// task 2.1: Do.\n", `solutions/02/a.js:1: the region of task 2.1 is never closed: write "// end task 2.1" after its last line`},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := workshop(t)
			require.NoError(t, write(root.SolutionDir("02"), c.file, []byte(c.src)))
			_, err := Prepare(root, "02")
			assert.EqualError(t, err, c.want)
		})
	}
}

func TestBlocks(t *testing.T) {
	_, _, err := block("a\n<!-- tasks -->\nb", "tasks", "x\n")
	assert.EqualError(t, err, "2: <!-- tasks --> is never closed: write <!-- end tasks --> below it")

	root := workshop(t)
	p, err := Prepare(root, "01")
	require.NoError(t, err)
	p.Step = "03"
	_, _, err = PlanText(root, []*Plan{p})
	assert.EqualError(t, err, "LEARNING_PLAN.md has no place for the tasks of step 03: write <!-- tasks 03 --> and <!-- end tasks 03 --> there")
}
