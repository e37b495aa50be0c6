//go:build integration

package integration

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"
)

// howToGetOthers goes with a skip.
const howToGetOthers = "scripts/setup-integration installs it on Debian"

// program is another program that runs beside the servers, until the test ends.
type program struct {
	*os.Process
	output *tail
	ended  chan struct{}
}

// findProgram returns the path of a program, or skips the test.
func findProgram(t *testing.T, name string) string {
	t.Helper()
	for _, path := range []string{name, "/usr/sbin/" + name, root(t).Path(".workshop", "bin", name)} {
		if found, err := exec.LookPath(path); err == nil {
			return found
		}
	}
	missing(t, name, howToGetOthers)
	return ""
}

// runProgram runs a program with these arguments, and further variables in its environment.
func runProgram(t *testing.T, ctx context.Context, name string, env []string, args ...string) *program {
	t.Helper()
	p := &program{output: new(tail), ended: make(chan struct{})}
	ctx, cancel := context.WithCancel(ctx)
	cmd := exec.CommandContext(ctx, findProgram(t, name), args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = p.output, p.output
	cmd.Cancel = func() error { return interrupt(cmd.Process) }
	cmd.WaitDelay = 5 * time.Second // then it is killed
	if err := cmd.Start(); err != nil {
		cancel()
		t.Fatalf("start %s: %v", name, err)
	}
	p.Process = cmd.Process
	go func() {
		defer close(p.ended)
		cmd.Wait()
	}()
	t.Cleanup(func() {
		cancel()
		<-p.ended
		if t.Failed() {
			t.Logf("%s said:\n%s", name, p.output)
		}
	})
	return p
}

// tool runs a command to its end in a folder, and returns what it has printed.
func tool(t *testing.T, ctx context.Context, dir string, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q in %s: %v\n%s", name, args, dir, err, out)
	}
	return string(out)
}

// eventually fails unless ok returns true within d.
func eventually(t *testing.T, d time.Duration, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(d); ; time.Sleep(50 * time.Millisecond) {
		if ok() {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", d, what)
		}
	}
}
