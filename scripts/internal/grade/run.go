package grade

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"wsworkshop/scripts/internal/suite"
)

// tooSlow is how long a test may take to die before it counts as slow.
const tooSlow = 2 * time.Second

// run runs the tests in one process, and those that a dead process left over in another,
// until each has an outcome or time is up.
func (g *grading) run(ctx context.Context, program string) error {
	crashes := 0
	var slow []string // tasks in which a test hung for long
	for pending := g.pending(); len(pending) > 0; pending = g.pending() {
		if len(slow) >= g.job.Limits.Slow || g.spent > g.job.Limits.Run {
			g.giveUp(pending)
			return nil
		}
		tests := g.promising(pending, slow)
		s, err := g.start(ctx, program, tests)
		if err != nil {
			return err
		}
		if s.detectorCrashed() && crashes < 3 {
			crashes++
			continue
		}
		if died := g.take(s, tests); died != "" && time.Since(s.since) > tooSlow {
			task := g.suite.TestTask(died)
			slow = append(slow, task.ID)
			g.giveUp(g.without(task))
		}
		if err := g.exorcise(ctx, program, s); err != nil {
			return err
		}
	}
	return nil
}

// pending lists the tests without an outcome, in the order of the tasks.
func (g *grading) pending() []string {
	var names []string
	for i := range g.tasks {
		names = append(names, g.without(&g.tasks[i])...)
	}
	return names
}

// without lists a task's tests that have no outcome yet.
func (g *grading) without(task *suite.Task) []string {
	var names []string
	for _, t := range task.Tests {
		if g.outcomes[t.Name] == nil {
			names = append(names, t.Name)
		}
	}
	return names
}

// promising leaves out, for now, the tests that build on a task that hung: they would hang
// too, and take the time of others. When there are no others, it is their turn.
func (g *grading) promising(pending, slow []string) []string {
	good := slices.DeleteFunc(slices.Clone(pending), func(test string) bool {
		return g.buildsOn(g.suite.TestTask(test), slow)
	})
	if len(good) == 0 {
		return pending
	}
	return good
}

func (g *grading) buildsOn(task *suite.Task, others []string) bool {
	return slices.ContainsFunc(task.After, func(id string) bool {
		before := g.suite.Task(id)
		return slices.Contains(others, id) || (before != nil && g.buildsOn(before, others))
	})
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

// take keeps the outcomes of a process, and returns the test in which it died, if it did.
// Those that had not begun have none yet.
func (g *grading) take(s *session, asked []string) (died string) {
	complete := !s.flooded && !s.late && (s.exit.Code == 0 || s.exit.Code == 1)
	for _, name := range asked {
		complete = complete && s.outcomes[name] != nil && s.outcomes[name].ended
	}
	if !complete {
		died = s.blame(asked)
	}
	for _, name := range asked {
		if o := s.outcomes[name]; o != nil {
			g.outcomes[name] = o
		}
	}
	return died
}

// blame gives the last test of a dead process the fault; if none had begun, all those that
// were to run have it. It returns the first that it blames.
func (s *session) blame(asked []string) string {
	how := exited
	switch {
	case s.flooded:
		how = flooded
	case s.late:
		how = stopped
	}
	if o := s.last(); o != nil {
		o.died = how
		return o.test
	}
	for _, name := range asked {
		s.outcomes[name] = &outcome{test: name, died: how, output: s.loose}
	}
	return asked[0]
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
