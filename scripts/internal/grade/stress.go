package grade

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"sync"

	"wsworkshop/scripts/internal/proc"
)

// Stress says how often to run a suite.
type Stress struct {
	N     int    // runs of the suite
	Run   string // regular expression of tests; empty means all
	CPU   string // for -test.cpu
	Batch int    // runs in one process; zero means 5
	Say   func(StressCount)
	Keep  func(output []byte) error // is given what each failing process printed
}

// StressCount is what a stress has found so far.
type StressCount struct {
	Done     int // runs of the suite, failed ones included
	Failed   int // processes that failed
	Crashes  int // of the race detector itself; those runs were repeated
	Tests    map[string]int
	RaceOff  string
	Problems string // set when the suite does not compile
}

// RunStress runs a job's suite many times, as many processes at once as there are cores.
// A failing process counts as one failure, however many of its runs failed.
func RunStress(ctx context.Context, job Job, s Stress) (StressCount, error) {
	if s.Batch == 0 {
		s.Batch = 5
	}
	g, err := begin(job)
	if err != nil {
		return StressCount{}, err
	}
	defer g.end()
	program, err := g.compile(ctx)
	if err != nil {
		return StressCount{}, err
	}
	r := &stressing{grading: g, s: s, program: program}
	r.count.Tests = map[string]int{}
	r.count.RaceOff = g.raceOff
	if program == "" {
		r.count.Problems = string(g.build)
		if g.modErr != nil {
			r.count.Problems = g.modErr.Error()
		}
		return r.count, nil
	}
	return r.count, r.all(ctx)
}

type stressing struct {
	*grading
	s       Stress
	program string

	mu    sync.Mutex // guards what follows
	begun int
	count StressCount
}

// all keeps every core busy until the runs are done.
func (r *stressing) all(ctx context.Context) error {
	var wg sync.WaitGroup
	errs := make([]error, runtime.NumCPU())
	for i := range errs {
		wg.Go(func() {
			for n := r.take(); n > 0 && errs[i] == nil; n = r.take() {
				errs[i] = r.batch(ctx, n)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// take reserves the next runs and returns how many.
func (r *stressing) take() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := min(r.s.Batch, r.s.N-r.begun)
	r.begun += n
	return n
}

// batch runs the suite n times in one process.
func (r *stressing) batch(ctx context.Context, n int) error {
	for range 3 {
		var out bytes.Buffer
		exit, err := proc.Run(ctx, proc.Spec{
			Args: append([]string{r.program}, r.stressFlags(n)...),
			Dir:  r.job.Dir,
			Env:  []string{"GORACE=atexit_sleep_ms=0"},
			Out:  &out,
		})
		if err != nil {
			return err
		}
		if exit.Code != 0 && crashed.Match(out.Bytes()) {
			r.note(func(c *StressCount) { c.Crashes++ })
			continue
		}
		if exit.Code != 0 {
			if err := r.s.Keep(out.Bytes()); err != nil {
				return err
			}
		}
		r.note(func(c *StressCount) { c.batch(n, exit.Code, out.Bytes()) })
		return nil
	}
	return fmt.Errorf("the race detector crashed three times in a row: this machine is not fit for a stress")
}

func (r *stressing) stressFlags(n int) []string {
	run := r.s.Run
	if run == "" {
		run = "."
	}
	flags := []string{"-test.paniconexit0", "-test.timeout=10m", "-test.count=" + strconv.Itoa(n), "-test.run=" + run}
	if r.s.CPU != "" {
		flags = append(flags, "-test.cpu="+r.s.CPU)
	}
	return flags
}

func (r *stressing) note(change func(*StressCount)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.count)
	if r.s.Say != nil {
		r.s.Say(r.count)
	}
}

var failedTest = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

func (c *StressCount) batch(n, code int, out []byte) {
	c.Done += n
	if code == 0 {
		return
	}
	c.Failed++
	var names []string
	for _, m := range failedTest.FindAllSubmatch(out, -1) {
		names = append(names, string(m[1]))
	}
	if len(names) == 0 {
		names = []string{"(the process died)"}
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		c.Tests[name]++
	}
}
