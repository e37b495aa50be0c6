package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"wsworkshop/scripts/internal/workspace"
)

// TestPageScripts runs testdata/page: each in a workshop of its own whose step has a script
// that runs in a page, and a package below the root.
func TestPageScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles and runs steps")
	}
	root, err := workspace.Find(".")
	if err != nil {
		t.Fatal(err)
	}
	base := tools(t, paged)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/page",
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, "NO_COLOR=1",
				"GIT_AUTHOR_NAME=ana", "GIT_AUTHOR_EMAIL=ana@example.com", "GIT_COMMITTER_NAME=ana", "GIT_COMMITTER_EMAIL=ana@example.com")
			return firstOf(copySources(root, env.WorkDir), base(env))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"graded":  graded,
			"replace": replaceText,
		},
		RequireExplicitExec: true,
	})
}

// paged lays out the workshop, with packages of its own.
func paged(root workspace.Root, work string) error {
	err := os.CopyFS(work, os.DirFS("testdata/paged"))
	for _, name := range []string{"testclient", "testpage"} {
		err = firstOf(err, os.CopyFS(filepath.Join(work, "pkg", name), os.DirFS(root.Path("pkg", name))))
	}
	return err
}
