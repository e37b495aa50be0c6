package grade

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
)

// tooSlow is how long a process may take to die before it counts as slow.
const tooSlow = 2 * time.Second

// run runs the tests in one process, and those that a dead process left over in another,
// until each has an outcome or time is up.
func (g *grading) run(ctx context.Context, program string) error {
	pending := g.names()
	slow, crashes := 0, 0
	for len(pending) > 0 {
		if slow >= g.job.Limits.Slow || g.spent > g.job.Limits.Run {
			g.giveUp(pending)
			return nil
		}
		began := time.Now()
		s, err := g.start(ctx, program, pending)
		if err != nil {
			return err
		}
		took := time.Since(began)
		if s.detectorCrashed() && crashes < 3 {
			crashes++
			continue
		}
		if g.take(s, pending) && took > tooSlow {
			slow++
		}
		if err := g.exorcise(ctx, program, s); err != nil {
			return err
		}
		pending = slices.DeleteFunc(pending, func(name string) bool { return g.outcomes[name] != nil })
	}
	return nil
}

// names lists the tests to run, in the order of the tasks.
func (g *grading) names() []string {
	var names []string
	for _, task := range g.tasks {
		for _, t := range task.Tests {
			names = append(names, t.Name)
		}
	}
	return names
}

// flags are the arguments that make the program run these tests.
func (g *grading) flags(tests []string) []string {
	flags := []string{
		"-test.v=test2json", "-test.paniconexit0", "-test.timeout=0",
		"-test.run=^(" + strings.Join(tests, "|") + ")$",
	}
	if g.job.Count > 1 {
		flags = append(flags, "-test.count="+strconv.Itoa(g.job.Count))
	}
	if g.job.CPU != "" {
		flags = append(flags, "-test.cpu="+g.job.CPU)
	}
	return flags
}

// take keeps the outcomes of a process, and reports whether it died in one of its tests.
// Then that test has its verdict, and those that had not begun have none yet.
func (g *grading) take(s *session, asked []string) bool {
	complete := !s.flooded && !s.late && (s.exit.Code == 0 || s.exit.Code == 1)
	for _, name := range asked {
		complete = complete && s.outcomes[name] != nil && s.outcomes[name].ended
	}
	if !complete {
		s.blame(asked)
	}
	for _, name := range asked {
		if o := s.outcomes[name]; o != nil {
			g.outcomes[name] = o
		}
	}
	return !complete
}

// blame gives the last test of a dead process the fault; if none had begun, all those that
// were to run have it.
func (s *session) blame(asked []string) {
	how := exited
	switch {
	case s.flooded:
		how = flooded
	case s.late:
		how = stopped
	}
	if o := s.last(); o != nil {
		o.died = how
		return
	}
	for _, name := range asked {
		s.outcomes[name] = &outcome{test: name, died: how, output: s.loose}
	}
}

// giveUp fails the tests for which there is no time any more.
func (g *grading) giveUp(tests []string) {
	for _, name := range tests {
		g.outcomes[name] = &outcome{test: name, died: skipped}
	}
}

// exorcise looks for the test that left a process behind, by running each apart: those of
// a process that died have been charged already.
func (g *grading) exorcise(ctx context.Context, program string, s *session) error {
	if len(s.exit.Strays) == 0 || s.exit.Killed || len(s.order) == 0 {
		return nil
	}
	left := s.exit.Strays[0].Command
	suspects := slices.Clone(s.order)
	culprit := suspects[len(suspects)-1]
	for _, name := range suspects {
		if len(suspects) == 1 || g.spent > g.job.Limits.Run {
			break
		}
		apart, err := g.start(ctx, program, []string{name})
		if err != nil {
			return err
		}
		if len(apart.exit.Strays) > 0 {
			culprit, left = name, apart.exit.Strays[0].Command
			break
		}
	}
	if o := g.outcomes[culprit]; o.ok() {
		o.died, o.left = haunted, left
	}
	return nil
}
