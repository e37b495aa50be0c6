package grade

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"wsworkshop/scripts/internal/proc"
)

// compile makes the test program and returns its path, or "" when the step does not
// compile; g.build and g.modErr then say why.
func (g *grading) compile(ctx context.Context) (string, error) {
	if g.modErr != nil {
		return "", nil
	}
	overlay, err := g.overlay()
	if err != nil {
		return "", err
	}
	program := g.job.program()
	ok, err := g.gobuild(ctx, overlay, program)
	if !ok && err == nil && g.race && !g.blamesModule() {
		why := g.firstWords()
		g.race = false
		if ok, err = g.gobuild(ctx, overlay, program); ok {
			g.raceOff = why
		}
	}
	if !ok {
		program = ""
	}
	return program, err
}

// blamesModule reports whether the go command complained of a file of the module. If it did
// not, the fault may be the C compiler's, which only the race detector needs.
func (g *grading) blamesModule() bool {
	return slices.ContainsFunc(g.diagnostics(), func(d diagnostic) bool { return g.module[d.file] != nil })
}

// firstWords is the first thing that the go command complained of.
func (g *grading) firstWords() string {
	if all := g.diagnostics(); len(all) > 0 {
		return strings.TrimPrefix(all[0].text, "go: ")
	}
	return "the go command did not say why"
}

// After these times, compiling takes long enough for a word: when nothing of the step was
// built before, and when only what has changed should have to be built.
const (
	longFirst = 3 * time.Second
	longAgain = 15 * time.Second
)

// sayIfLong says that the program is being compiled when that takes long. The caller stops it.
func (g *grading) sayIfLong() *time.Timer {
	after, text := longFirst, "Compiling; the first time this takes a minute or two …"
	if g.job.Built() {
		after, text = longAgain, "Still compiling …"
	}
	return time.AfterFunc(after, func() { g.job.Say(text) })
}

func (g *grading) gobuild(ctx context.Context, overlay, program string) (bool, error) {
	if g.job.Say != nil {
		defer g.sayIfLong().Stop()
	}
	args := []string{"go", "test", "-c", "-vet=off", "-ldflags=-w", "-overlay", overlay, "-o", program}
	var env []string
	if g.race {
		args = append(args, "-race")
	} else {
		env = append(env, "CGO_ENABLED=0")
	}
	if g.job.Built() { // little is left to compile: memory for the compiler buys a tenth of the time
		env = append(env, "GOGC=400")
	}
	var out bytes.Buffer
	exit, err := proc.Run(ctx, proc.Spec{
		Args: append(args, "."),
		Dir:  g.job.Dir,
		Env:  env,
		Out:  &out,
	})
	g.build = out.Bytes()
	return exit.Code == 0, err
}
