package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"wsworkshop/scripts/internal/grade"
	"wsworkshop/scripts/internal/workspace"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"workshop": main})
}

// TestScripts runs testdata/script: each in a workshop of its own with one small step, whose
// solution is testdata/fixture and whose step is that solution, as a learner's.
func TestScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles and runs steps")
	}
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: withoutRaces(fixture(t)),
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"graded":  graded,
			"nothing": nothingLeft,
			"replace": replaceText,
			"until":   until,
		},
		RequireExplicitExec: true,
	})
}

// withoutRaces has steps built without the race detector, which takes half of the time, where
// a script is not about what it changes: races, and how deep a stack grows.
func withoutRaces(setup func(*testscript.Env) error) func(*testscript.Env) error {
	return func(env *testscript.Env) error {
		script := filepath.Base(env.WorkDir) // script-NAME
		if !strings.Contains(script, "race") && script != "script-solved" && script != "script-overflow" {
			env.Vars = append(env.Vars, "CGO_ENABLED=0")
		}
		return setup(env)
	}
}

// fixture lays out a script's workshop.
func fixture(t *testing.T) func(*testscript.Env) error {
	t.Helper()
	return tools(t, copyFixture)
}

// tools gives a script the Go tools, and what more brings along.
func tools(t *testing.T, more func(root workspace.Root, work string) error) func(*testscript.Env) error {
	t.Helper()
	root, err := workspace.Find(".")
	if err != nil {
		t.Fatal(err)
	}
	goEnv := goEnvironment(t)
	// The tool that reads test output is built once for all scripts.
	test2json, err := grade.Test2JSON(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	tool, err := os.ReadFile(test2json)
	if err != nil {
		t.Fatal(err)
	}
	return func(env *testscript.Env) error {
		env.Vars = append(env.Vars, goEnv...)
		env.Vars = append(env.Vars, "GOFLAGS=", "GOWORK=off", "GOTELEMETRY=off")
		bin := filepath.Join(env.WorkDir, ".workshop", "bin")
		if err := lay(filepath.Join(bin, filepath.Base(test2json)), tool); err != nil {
			return err
		}
		if err := os.Chmod(filepath.Join(bin, filepath.Base(test2json)), 0o777); err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(env.WorkDir, "scripts"), 0o777); err != nil {
			return err
		}
		return more(root, env.WorkDir)
	}
}

// copyFixture makes the solution and the step; what a script brings along stays.
func copyFixture(root workspace.Root, work string) error {
	const from = "testdata/fixture"
	err := filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(from, path)
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := lay(filepath.Join(work, rel), data); err != nil {
			return err
		}
		step := strings.Replace(filepath.ToSlash(rel), "solutions/", "steps/", 1)
		return lay(filepath.Join(work, step), bytes.ReplaceAll(data, []byte("wsworkshop/solutions/"), []byte("wsworkshop/steps/")))
	})
	for _, name := range []string{"go.mod", "go.sum"} {
		data, readErr := os.ReadFile(root.Path("solutions", "01", name))
		data = bytes.ReplaceAll(data, []byte("../../pkg/testclient"), []byte(root.Path("pkg", "testclient")))
		if err = firstOf(err, readErr); err != nil {
			return err
		}
		err = firstOf(lay(filepath.Join(work, "solutions", "01", name), data),
			lay(filepath.Join(work, "steps", "01", name), bytes.ReplaceAll(data, []byte("/solutions/"), []byte("/steps/"))))
	}
	return err
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// lay writes a file that is not there yet.
func lay(file string, data []byte) error {
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o666)
}

// goEnvironment lets the go command find its caches in a script, whose HOME is nowhere.
func goEnvironment(t *testing.T) []string {
	t.Helper()
	var vars []string
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH", "GOPROXY", "GOSUMDB", "GONOSUMDB", "GOTOOLCHAIN"} {
		out, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		vars = append(vars, name+"="+strings.TrimSpace(string(out)))
	}
	return vars
}
