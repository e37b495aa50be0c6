package grade

import (
	"bytes"
	"context"
	"path/filepath"
	"regexp"
	"runtime"
	"time"

	"wsworkshop/scripts/internal/proc"
)

// noRace recognises the go command's reasons for not building with the race detector.
var noRace = regexp.MustCompile(`(?m)^go: (-race requires cgo.*|-race is (?:not supported|only supported) on .*)$` +
	`|(C compiler "[^"]*" not found)|(cgo: exec .*: executable file not found.*)`)

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
	program := filepath.Join(g.job.Work, "step.test")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	ok, err := g.gobuild(ctx, overlay, program)
	if why := noRace.Find(g.build); !ok && err == nil && g.race && why != nil {
		g.race, g.raceOff = false, string(bytes.TrimPrefix(why, []byte("go: ")))
		ok, err = g.gobuild(ctx, overlay, program)
	}
	if !ok {
		program = ""
	}
	return program, err
}

// long is when compiling takes long enough for a word.
const long = 3 * time.Second

func (g *grading) gobuild(ctx context.Context, overlay, program string) (bool, error) {
	if g.job.Say != nil {
		defer time.AfterFunc(long, func() { g.job.Say("Compiling; the first time this takes a minute or two …") }).Stop()
	}
	args := []string{"go", "test", "-c", "-vet=off", "-ldflags=-w", "-overlay", overlay, "-o", program}
	if g.race {
		args = append(args, "-race")
	}
	var out bytes.Buffer
	exit, err := proc.Run(ctx, proc.Spec{
		Args: append(args, "."),
		Dir:  g.job.Dir,
		Out:  &out,
	})
	g.build = out.Bytes()
	return exit.Code == 0, err
}
