package grade

import (
	"context"
	"regexp"
	"strings"
	"sync"
	"time"

	"gotest.tools/gotestsum/testjson"

	"wsworkshop/scripts/internal/proc"
)

// session is one process of the test program.
type session struct {
	mu       sync.Mutex
	outcomes map[string]*outcome
	order    []string // tests in the order in which they began
	since    time.Time
	worked   time.Duration // since then, as far as others did not have the processors
	loose    ring          // printed before the first test
	exit     proc.Exit
	flooded  bool
	late     bool // it did not end in time, and was stopped
}

// Event implements testjson.EventHandler.
func (s *session) Event(e testjson.TestEvent, _ *testjson.Execution) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, _, _ := strings.Cut(e.Test, "/")
	o := s.outcomes[name]
	switch e.Action {
	case testjson.ActionRun:
		s.begin(e.Test)
	case "attr":
		if o != nil {
			o.attr(e.Key, e.Value)
		}
	case testjson.ActionOutput:
		switch {
		case o != nil:
			o.print(e.Output)
		case len(s.order) > 0: // after the last test: a panic's text, a late race
			s.outcomes[s.order[len(s.order)-1]].print(e.Output)
		default:
			s.loose.add(e.Output)
		}
	case testjson.ActionPass, testjson.ActionFail, testjson.ActionSkip:
		if o != nil && name == e.Test {
			o.passed = e.Action == testjson.ActionPass && (o.passed || !o.ended)
			o.ended = true
		}
	}
	return nil
}

// Err implements testjson.EventHandler.
func (s *session) Err(string) error { return nil }

// begin notes that a test has begun; with -count it may be the same again.
func (s *session) begin(name string) {
	s.since, s.worked = time.Now(), 0
	if s.outcomes[name] == nil && !strings.Contains(name, "/") {
		s.outcomes[name] = &outcome{test: name}
		s.order = append(s.order, name)
	}
}

// last is the test during which the process ended, nil if none had begun.
func (s *session) last() *outcome {
	if len(s.order) == 0 {
		return nil
	}
	return s.outcomes[s.order[len(s.order)-1]]
}

// patience is how many times its time a test may take on a machine that is busy with others.
const patience = 4

// tooLong notes how long the process has worked since the last call, and reports whether the
// running test, or the process before its first, has had its time.
func (s *session) tooLong(worked, limit time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.worked += worked
	return s.worked > limit || time.Since(s.since) > patience*limit
}

// crashed recognises the race detector's own crashes, which are nobody's fault.
var crashed = regexp.MustCompile(`ThreadSanitizer: CHECK failed|CHECK failed: tsan_|FATAL: ThreadSanitizer:`)

func (s *session) detectorCrashed() bool {
	o := s.last()
	return s.exit.Code != 0 && ((o != nil && crashed.MatchString(o.output.String())) || crashed.MatchString(s.loose.String()))
}

// start runs the test program for these tests and follows it to its end.
func (g *grading) start(ctx context.Context, program string, tests []string) (*session, error) {
	s := &session{outcomes: map[string]*outcome{}, since: time.Now()}
	in, finish, err := events(ctx, g.test2json, s)
	if err != nil {
		return nil, err
	}
	out := &tap{to: in, limit: g.job.Limits.Output}
	p, err := proc.Start(proc.Spec{
		Args: append([]string{program}, g.flags(tests)...),
		Dir:  g.job.Dir,
		Env:  append([]string{"WSWORKSHOP_GRADER=1", "GORACE=atexit_sleep_ms=0 exitcode=1", "GOTRACEBACK=single"}, g.job.Env...),
		Out:  out,
	})
	if err != nil {
		finish()
		return nil, err
	}
	stop := context.AfterFunc(ctx, p.Kill)
	defer stop()
	ended := make(chan struct{})
	limit := min(g.job.Limits.Test, max(time.Second, g.job.Limits.Run-g.worked))
	worked := make(chan time.Duration)
	go func() { worked <- s.watch(p, limit, ended) }()
	s.exit = p.Wait()
	close(ended)
	g.worked += <-worked
	s.flooded = out.flooded
	if err := finish(); err != nil && ctx.Err() == nil {
		return nil, err
	}
	return s, ctx.Err()
}

// lastWords is how long a program has to print its stacks before it is killed.
const lastWords = 700 * time.Millisecond

// watch stops the program when a test does not end in time, and returns how long the program
// has worked.
func (s *session) watch(p *proc.Process, limit time.Duration, ended <-chan struct{}) (worked time.Duration) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	var e effort
	for last := time.Now(); ; {
		select {
		case <-ended:
			return worked
		case <-tick.C:
		}
		now := time.Now()
		more := e.of(now.Sub(last), p.Processors())
		last = now
		worked += more
		if s.tooLong(more, limit) {
			break
		}
	}
	s.mu.Lock()
	s.late = true
	s.mu.Unlock()
	p.Quit()
	select {
	case <-ended:
	case <-time.After(lastWords):
		p.Kill()
	}
	return worked
}

// effort tells how much of the time that passes a program could use: one that waits for a
// processor while others have them all is not slow.
type effort struct{ last proc.Processors }

// of is how much of d the program can be charged with. One that wanted no processor waited
// for something else, and is charged with all of it.
func (e *effort) of(d time.Duration, p proc.Processors) time.Duration {
	had, wanted := p.Had-e.last.Had, p.Wanted-e.last.Wanted
	e.last = p
	if had < 0 || wanted <= 0 { // unknown, or a thread has ended
		return d
	}
	return time.Duration(float64(d) * float64(had) / float64(had+wanted))
}
