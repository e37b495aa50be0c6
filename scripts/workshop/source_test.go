package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/tools/txtar"
)

// TestSourceScripts runs testdata/source: each script in a workshop of its own with two
// small steps, which are released already.
func TestSourceScripts(t *testing.T) {
	goEnv := goEnvironment(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/source",
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, goEnv...)
			env.Vars = append(env.Vars, "GOFLAGS=", "GOWORK=off", "NO_COLOR=1",
				"GIT_AUTHOR_NAME=ana", "GIT_AUTHOR_EMAIL=ana@example.com", "GIT_COMMITTER_NAME=ana", "GIT_COMMITTER_EMAIL=ana@example.com")
			return twoSteps(env.WorkDir)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"replace": replaceText,
			"kept":    keptText,
		},
		RequireExplicitExec: true,
	})
}

// twoSteps lays out the workshop on which the release itself is tested.
func twoSteps(dir string) error {
	archive, err := txtar.ParseFile("../internal/release/testdata/workspace.txtar")
	if err != nil {
		return err
	}
	for _, f := range archive.Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// keptText looks for a text in what was kept of a file: kept file text.
func keptText(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: kept file text")
	}
	found := false
	copies, err := filepath.Glob(ts.MkAbs(".workshop/kept/*/" + args[0]))
	ts.Check(err)
	for _, name := range copies {
		data, err := os.ReadFile(name)
		ts.Check(err)
		found = found || strings.Contains(string(data), args[1])
	}
	if found == neg {
		ts.Fatalf("%d copies of %s are kept; one with %q: %v", len(copies), args[0], args[1], found)
	}
}
