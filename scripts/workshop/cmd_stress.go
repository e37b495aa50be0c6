package main

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/term"

	"wsworkshop/scripts/internal/grade"
)

// stressCmd runs a suite many times: a grader that fails by chance is worse than none.
type stressCmd struct {
	Step string `help:"The step, as 05." required:"" placeholder:"NN"`
	N    int    `help:"Runs of the suite." default:"300"`
	Run_ string `name:"run" help:"Only tests that match this regular expression." placeholder:"REGEXP"`
	CPU  string `name:"cpu" help:"Run each test with so many processors in turn, as 1,4." placeholder:"LIST"`
}

// Run stresses the reference. It succeeds when not one run failed.
func (c *stressCmd) Run(a *app) error {
	step, err := knownStep(a.Root, c.Step)
	if err != nil {
		return err
	}
	if _, err := regexp.Compile(c.Run_); err != nil {
		return fmt.Errorf("RUN=%s: %w", c.Run_, err)
	}
	job, err := a.gradeJob(step, a.Root.SolutionDir(step))
	if err != nil {
		return err
	}
	job.Work += "-stress"
	began := time.Now()
	kept := &keeper{dir: a.Root.Path(".workshop", "stress", string(step)+"-"+began.Format("20060102-150405"))}
	count, err := grade.RunStress(a.Ctx, job, grade.Stress{N: c.N, Run: c.Run_, CPU: c.CPU, Say: c.say(a), Keep: kept.keep})
	c.endLine(a)
	if err != nil {
		return err
	}
	return c.tell(a, count, kept, time.Since(began))
}

func (c *stressCmd) tell(a *app, count grade.StressCount, kept *keeper, took time.Duration) error {
	if count.Problems != "" {
		fmt.Fprint(a.Out, count.Problems)
		return errRed
	}
	race := "with the race detector"
	if count.RaceOff != "" {
		race = "WITHOUT the race detector (" + count.RaceOff + ")"
	}
	fmt.Fprintf(a.Out, "step %s: %d runs of the suite %s, %d failed, in %v\n", c.Step, count.Done, race, count.Failed, took.Round(100*time.Millisecond))
	if count.Crashes > 0 {
		fmt.Fprintf(a.Out, "the race detector itself crashed %d times; those runs were repeated\n", count.Crashes)
	}
	for _, name := range slices.Sorted(maps.Keys(count.Tests)) {
		fmt.Fprintf(a.Out, "  ✗ %s failed in %d\n", name, count.Tests[name])
	}
	if count.Failed > 0 {
		fmt.Fprintf(a.Out, "what they printed is in %s\n", kept.dir)
		return errRed
	}
	return nil
}

// say shows on a terminal how far it is.
func (c *stressCmd) say(a *app) func(grade.StressCount) {
	if !terminal(a.Err) {
		return nil
	}
	return func(n grade.StressCount) {
		fmt.Fprintf(a.Err, "\r%d of %d runs, %d failed ", n.Done, c.N, n.Failed)
	}
}

func (c *stressCmd) endLine(a *app) {
	if terminal(a.Err) {
		fmt.Fprint(a.Err, "\r\x1b[K")
	}
}

func terminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// keeper writes what failing processes printed into files of one folder.
type keeper struct {
	dir string
	n   atomic.Int64
}

func (k *keeper) keep(output []byte) error {
	if err := os.MkdirAll(k.dir, 0o777); err != nil {
		return err
	}
	return os.WriteFile(fmt.Sprintf("%s/failure-%03d.txt", k.dir, k.n.Add(1)), output, 0o666)
}
