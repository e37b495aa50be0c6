// Package grade compiles a step with its pristine suite, runs it, and says what became of
// each task. It survives whatever the step does: a fault costs the task that it shows in,
// the others are graded all the same.
package grade

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"wsworkshop/scripts/internal/contract"
	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/workspace"
)

// Job says what to grade, and how.
type Job struct {
	Root workspace.Root // the workshop
	Step workspace.Step
	Dir  string // the module's folder on disk

	// Files is the module to grade in place of what is on disk. Nil means as on disk.
	Files files.Set

	// Suite is the pristine suite. Its imports of the solution become the module's own.
	Suite files.Set

	// Reference is the solution, which knows where a task is to be written. Nil is
	// allowed; then less is known.
	Reference files.Set

	// Fresh are files that are new in this step, the last resort for where to write.
	Fresh []string

	Title string            // of the step
	Rules contract.Contract // of the step, for failures to quote; may be empty
	Only  []string          // ids of the tasks to grade; none means all
	Race  bool              // with the race detector, where there is one
	Lean  bool              // without the files of the suite that those tasks do not need: it is built sooner
	Count int               // repetitions of each test; zero means one
	CPU   string            // for -test.cpu

	// Work is a folder of the workshop's own for the overlay and the program; a stable
	// one makes the next grading quicker. Empty means a temporary one.
	Work string

	// Program is a test program that has been built already from Files and Suite, to be
	// run with Env. Empty means that Grade builds one.
	Program string
	Env     []string

	Limits Limits

	// Say is told when compiling takes long. Nil means that nobody is.
	Say func(text string)
}

// Limits bound what a hostile step can cost. Zero fields have the usual values.
type Limits struct {
	Test   time.Duration // real time of one test
	Run    time.Duration // real time of all tests
	Slow   int           // tasks that may hang for long before the rest is given up
	Output int           // bytes that one test may print
}

func (l Limits) withDefaults() Limits {
	if l.Test == 0 {
		l.Test = 9 * time.Second
	}
	if l.Run == 0 {
		l.Run = 16 * time.Second
	}
	if l.Slow == 0 {
		l.Slow = 2
	}
	if l.Output == 0 {
		l.Output = 4 << 20
	}
	return l
}

// Built reports whether the job's program has been built before, so that what it needs is
// in the go command's cache.
func (j Job) Built() bool {
	_, err := os.Stat(j.program())
	return err == nil
}

// program is where the test program is built.
func (j Job) program() string {
	program := filepath.Join(j.Work, "step.test")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	return program
}

// Grade grades a job. An error means that the grading itself could not be done; whatever is
// wrong with the step is in the result.
func Grade(ctx context.Context, job Job) (*result.Result, error) {
	began := time.Now()
	g, err := begin(job)
	if err != nil {
		return nil, err
	}
	defer g.end()
	r, err := g.grade(ctx)
	if r != nil {
		r.RealMS = time.Since(began).Milliseconds()
	}
	return r, err
}

func (g *grading) grade(ctx context.Context) (*result.Result, error) {
	unlock, err := g.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if g.test2json, err = Test2JSON(ctx, g.job.Root); err != nil {
		return nil, err
	}
	bin := g.job.Program
	if bin == "" {
		if bin, err = g.compile(ctx); err != nil {
			return nil, err
		}
	}
	if bin == "" && g.withdraw() {
		if len(g.tasks) == 0 {
			return g.verdicts(), nil
		}
		if bin, err = g.compile(ctx); err != nil {
			return nil, err
		}
	}
	if bin == "" {
		return g.broken()
	}
	if err := g.run(ctx, bin); err != nil {
		return nil, err
	}
	return g.verdicts(), nil
}
