package verify

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/proc"
	"wsworkshop/scripts/internal/schemata"
	"wsworkshop/scripts/internal/table"
	"wsworkshop/scripts/internal/workspace"
)

// batch is many specimens of one step in one test program. Those that fit are versions of one
// package, see package schemata; the others are packages of their own, which still costs a
// quarter of programs of their own: most of the work of building one is linking. Environment
// variables choose whose tests are run, each specimen's in a process of its own. Positions in
// the code are those of the module on disk.
type batch struct {
	root    workspace.Root
	step    workspace.Step
	dir     string // a folder for the generated module
	race    bool
	program string

	copies   map[*specimen]string // names of packages
	blended  map[*specimen]int    // numbers of versions
	schemata *schemata.Schemata   // that have those versions
	suites   []files.Set          // that its specimens have
}

// batchModule is the generated module's path, blendName the package of many versions in it,
// copyEnv the variable that chooses the tests of a copy, or of the versions.
const (
	batchModule = "wsworkshop/copies"
	blendName   = "blend"
	copyEnv     = "WSWORKSHOP_COPY"
)

// newBatch builds one program of as many of the specimens as can live in one. The others
// have to be graded alone; if that is all of them, the batch is empty.
func (l *lab) newBatch(ctx context.Context, st *step, specimens []*specimen, race bool) (*batch, error) {
	b := &batch{
		root: l.opts.Root, step: st.id, dir: filepath.Join(l.folder(st), "copies"), race: race,
		copies: map[*specimen]string{}, blended: map[*specimen]int{},
	}
	for i, s := range specimens {
		if fitsInto(st.solution, s.files) {
			b.copies[s] = fmt.Sprintf("c%d", i)
		}
	}
	if !l.opts.Copies {
		b.mix(st, specimens)
	}
	for range 3 {
		if b.size() < 2 {
			break
		}
		if err := b.write(st.solution); err != nil {
			return nil, err
		}
		l.opts.Say("step %s: building a program of %s and %s", st.id,
			table.Plural(len(b.blended), "alternative"), plural(len(b.copies), "copy", "copies"))
		out, ok, err := b.build(ctx)
		if err != nil {
			return nil, err
		}
		if ok && b.starts(ctx) {
			l.count(func(s *Summary) {
				s.Programs++
				s.Blended += len(b.blended)
				s.Copies += len(b.copies)
			})
			return b, nil
		}
		again, err := b.drop(ctx, st, specimens, out)
		if err != nil {
			return nil, err
		}
		if !again {
			break
		}
	}
	clear(b.copies)
	clear(b.blended)
	return b, nil
}

// size is how many specimens the program has.
func (b *batch) size() int { return len(b.copies) + len(b.blended) }

// has reports whether the program has the specimen.
func (b *batch) has(s *specimen) bool {
	_, blended := b.blended[s]
	return blended || b.copies[s] != ""
}

// env is the environment in which the program is s. Without the race detector one processor
// and a lazy collector of garbage save a third of the time: much of it is goroutines that
// look for work. Whatever comes out otherwise than wanted has all processors afterwards.
func (b *batch) env(s *specimen) []string {
	env := []string{copyEnv + "=" + b.copies[s]}
	if n, ok := b.blended[s]; ok {
		env = []string{copyEnv + "=" + b.suiteOf(s), fmt.Sprintf("%s=%d", schemata.Env, n)}
	}
	if b.race {
		return env
	}
	return append(env, "GOMAXPROCS=1", "GOGC=400")
}

// fitsInto reports whether a specimen needs the same modules as the solution.
func fitsInto(solution, set files.Set) bool {
	return bytes.Equal(solution["go.mod"], set["go.mod"]) && bytes.Equal(solution["go.sum"], set["go.sum"])
}

// build compiles the program. What it prints names the packages that do not compile.
func (b *batch) build(ctx context.Context) (out string, ok bool, err error) {
	b.program = filepath.Join(b.dir, "copies.test")
	if runtime.GOOS == "windows" {
		b.program += ".exe"
	}
	args := []string{"go", "test", "-c", "-vet=off", "-ldflags=-w", "-o", b.program}
	if b.race {
		args = append(args, "-race")
	} else {
		args = append(args, "-gcflags="+batchModule+"/...=-N -l") // compiled in three quarters of the time
	}
	var said strings.Builder
	exit, err := proc.Run(ctx, proc.Spec{
		Args: append(args, "."),
		Dir:  b.dir, Out: &said,
	})
	return said.String(), err == nil && exit.Code == 0, err
}

var brokenRE = regexp.MustCompile(`(?m)^# ` + batchModule + `/([bc]\d+|` + blendName + `)\b`)

// drop takes out what does not compile, and reports whether there was anything.
func (b *batch) drop(ctx context.Context, st *step, specimens []*specimen, out string) (bool, error) {
	broken := map[string]bool{}
	for _, m := range brokenRE.FindAllStringSubmatch(out, -1) {
		broken[m[1]] = true
	}
	for s, name := range b.copies {
		if broken[name] {
			delete(b.copies, s)
		}
	}
	if broken[blendName] {
		return true, b.sift(ctx, st, specimens)
	}
	return len(broken) > 0, nil
}

// starts reports whether the copies bear each other: some things can be registered only
// once in a program.
func (b *batch) starts(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	exit, err := proc.Run(ctx, proc.Spec{Args: []string{b.program, "-test.run=^$"}, Dir: b.dir, Env: []string{"GORACE=atexit_sleep_ms=0"}})
	return err == nil && exit.Code == 0
}
