package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/workspace"
)

// TestVerifyScripts runs testdata/verify: each in a workshop of its own with one small step
// that has all that verify looks for, from testdata/fixture and testdata/verified.
func TestVerifyScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles and runs steps")
	}
	root, err := workspace.Find(".")
	if err != nil {
		t.Fatal(err)
	}
	base := fixture(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/verify",
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, "NO_COLOR=1", "TESTCLIENT="+root.Path("pkg", "testclient"))
			err := os.CopyFS(env.WorkDir, os.DirFS("testdata/verified"))
			if err == nil {
				err = os.CopyFS(filepath.Join(env.WorkDir, "pkg", "testclient"), os.DirFS(root.Path("pkg", "testclient")))
			}
			return firstOf(err, copySources(root, env.WorkDir), base(env))
		},
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"replace": replaceText},
		RequireExplicitExec: true,
	})
}

// copySources lays out the program's own sources: proofs depend on those that grade.
func copySources(root workspace.Root, work string) error {
	set, err := files.Read(root.Path("scripts"), func(p string) bool {
		return p == "workshop/" || strings.HasSuffix(p, "testdata/") || strings.HasSuffix(p, "_test.go")
	})
	return firstOf(err, set.Write(filepath.Join(work, "scripts")))
}
