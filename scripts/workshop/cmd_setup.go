package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"wsworkshop/scripts/internal/grade"
	"wsworkshop/scripts/internal/proc"
)

// setupCmd prepares a machine, so that nothing needs the network afterwards.
type setupCmd struct{}

// Run checks the tools and downloads every module.
func (c setupCmd) Run(a *app) error {
	missing := 0
	for _, check := range []func(*app) (string, error){checkGo, checkGit, checkRace} {
		said, err := check(a)
		switch {
		case err == nil:
			fmt.Fprintln(a.Out, "  ✓", said)
		default:
			missing++
			fmt.Fprintln(a.Out, "  ✗", strings.ReplaceAll(err.Error(), "\n", "\n    "))
		}
		if a.Ctx.Err() != nil {
			return a.Ctx.Err()
		}
	}
	if err := c.download(a); err != nil {
		return err
	}
	if _, err := grade.Test2JSON(a.Ctx, a.Root); err != nil {
		return err
	}
	fmt.Fprintln(a.Out)
	if missing > 0 {
		fmt.Fprintln(a.Out, "Mend what is marked, then say make setup again.")
		return errRed
	}
	fmt.Fprintln(a.Out, "Ready; from here on no network is needed. Begin with make test STEP=01.")
	return nil
}

// download fetches the modules of every go.mod in the workshop.
func (setupCmd) download(a *app) error {
	mods, err := a.modules()
	if err != nil {
		return err
	}
	for _, dir := range mods {
		name, _ := filepath.Rel(string(a.Root), dir)
		fmt.Fprintf(a.Err, "  … modules of %s\n", filepath.ToSlash(name))
		var out bytes.Buffer
		exit, err := proc.Run(a.Ctx, proc.Spec{
			Args: []string{"go", "mod", "download"}, Dir: dir, Out: &out,
		})
		if err != nil {
			return err
		}
		if exit.Code != 0 {
			return fmt.Errorf("go mod download in %s: %s\nIs the network there? After that, say make setup again", name, strings.TrimSpace(out.String()))
		}
	}
	fmt.Fprintf(a.Out, "  ✓ modules downloaded (%d go.mod files)\n", len(mods))
	return nil
}

// modules lists the folders with a go.mod.
func (a *app) modules() ([]string, error) {
	var dirs []string
	for _, pattern := range []string{"scripts", "pkg/*", "steps/*", "solutions/*"} {
		found, err := filepath.Glob(a.Root.Path(pattern, "go.mod"))
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			dirs = append(dirs, filepath.Dir(f))
		}
	}
	return dirs, nil
}

// checkGo asks for the Go that this program was built with: it was new enough for that.
func checkGo(a *app) (string, error) {
	out, err := exec.CommandContext(a.Ctx, "go", "env", "GOVERSION").Output()
	if err != nil {
		return "", fmt.Errorf("go does not work (%w): install Go 1.26 or newer from https://go.dev/dl/", err)
	}
	return "Go: " + strings.TrimSpace(string(out)), nil
}

func checkGit(a *app) (string, error) {
	out, err := exec.CommandContext(a.Ctx, "git", "--version").Output()
	if err != nil {
		return "", fmt.Errorf("git does not work (%w): install it from https://git-scm.com/", err)
	}
	return "git: " + strings.TrimPrefix(strings.TrimSpace(string(out)), "git version "), nil
}

// checkRace builds a program with the race detector, which on most systems needs cgo and a
// C compiler. That also makes the next build quick.
func checkRace(a *app) (string, error) {
	dir, err := os.MkdirTemp("", "workshop-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	src := filepath.Join(dir, "main.go")
	err = os.WriteFile(src, []byte("package main\n\nimport _ \"net/http\"\n\nfunc main() {}\n"), 0o666)
	if err != nil {
		return "", err
	}
	fmt.Fprintln(a.Err, "  … building with the race detector")
	var out bytes.Buffer
	exit, err := proc.Run(a.Ctx, proc.Spec{
		Args: []string{"go", "build", "-race", "-o", filepath.Join(dir, "main.exe"), src},
		Dir:  dir, Out: &out,
	})
	if err != nil {
		return "", err
	}
	if exit.Code != 0 {
		return "", errors.New("the race detector cannot be built, so data races will not be found:\n" +
			strings.TrimSpace(out.String()) + "\n" + howToGetCompiler())
	}
	return "race detector: works", nil
}

func howToGetCompiler() string {
	switch runtime.GOOS {
	case "darwin":
		return "Install the command line tools: xcode-select --install"
	case "windows":
		return "Install gcc, for example with MSYS2 (mingw-w64), put it on PATH, and set CGO_ENABLED=1"
	}
	return "Install a C compiler (Debian, Ubuntu: apt install gcc libc6-dev; Fedora: dnf install gcc), and unset CGO_ENABLED"
}
