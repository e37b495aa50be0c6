//go:build integration

package integration

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"wsworkshop/scripts/internal/workspace"
)

// interrupted ends with Ctrl-C. Every program that a test starts ends with it, so that none stays behind.
var interrupted context.Context

func TestMain(m *testing.M) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	interrupted = ctx
	code := m.Run()
	stop()
	os.RemoveAll(programs.dir)
	os.Exit(code)
}

// start is the beginning of each test: it skips unless the step is wanted, and returns a context that
// ends long before go test loses its patience.
func start(t *testing.T, step workspace.Step) context.Context {
	t.Helper()
	if wanted := os.Getenv("WORKSHOP_STEP"); wanted != "" {
		only, err := workspace.ParseStep(wanted)
		if err != nil {
			t.Fatalf("WORKSHOP_STEP: %v", err)
		}
		if only != step {
			t.Skipf("WORKSHOP_STEP is %s", only)
		}
	}
	if interrupted.Err() != nil {
		t.Fatal("interrupted")
	}
	ctx, cancel := context.WithTimeout(interrupted, 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// root is where the workshop lies.
func root(t *testing.T) workspace.Root {
	t.Helper()
	found, err := workspace.Find(".")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// missing reports a program that is not installed: a skip, or a failure where everything must be there.
func missing(t *testing.T, program, howToGet string) {
	t.Helper()
	if os.Getenv("REQUIRE_INTEGRATION") == "1" {
		t.Fatalf("%s is missing: %s", program, howToGet)
	}
	t.Skipf("%s is missing: %s", program, howToGet)
}
