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
	loose    ring // printed before the first test
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
	s.since = time.Now()
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

// tooLong reports whether the running test, or the process before its first, has had its time.
func (s *session) tooLong(limit time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Since(s.since) > limit
}

// crashed recognises the race detector's own crashes, which are nobody's fault.
var crashed = regexp.MustCompile(`ThreadSanitizer: CHECK failed|CHECK failed: tsan_|FATAL: ThreadSanitizer:`)

func (s *session) detectorCrashed() bool {
	o := s.last()
	return s.exit.Code != 0 && ((o != nil && crashed.MatchString(o.output.String())) || crashed.MatchString(s.loose.String()))
}

// start runs the test program for these tests and follows it to its end.
func (g *grading) start(ctx context.Context, program string, tests []string) (*session, error) {
	began := time.Now()
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
	limit := min(g.job.Limits.Test, max(time.Second, g.job.Limits.Run-g.spent))
	go s.watch(p, limit, ended)
	s.exit = p.Wait()
	close(ended)
	g.spent += time.Since(began)
	s.flooded = out.flooded
	if err := finish(); err != nil && ctx.Err() == nil {
		return nil, err
	}
	return s, ctx.Err()
}

// lastWords is how long a program has to print its stacks before it is killed.
const lastWords = 700 * time.Millisecond

// watch stops the program when a test does not end in time.
func (s *session) watch(p *proc.Process, limit time.Duration, ended <-chan struct{}) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return
		case <-tick.C:
		}
		if !s.tooLong(limit) {
			continue
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
		return
	}
}
