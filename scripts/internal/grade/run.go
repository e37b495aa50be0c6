package grade

import (
	"cmp"
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
	hung := ""        // the first test that hung for long
	var slow []string // tasks in which one did
	for pending := g.pending(); len(pending) > 0; pending = g.pending() {
		if len(slow) >= g.job.Limits.Slow || g.worked > g.job.Limits.Run {
			g.giveUp(pending, hung)
			return nil
		}
		tests := g.next(pending, slow)
		s, err := g.start(ctx, program, tests)
		if err != nil {
			return err
		}
		if s.detectorCrashed() && crashes < 3 {
			crashes++
			continue
		}
		if died := g.collect(s, tests); died != "" && s.worked > tooSlow {
			task := g.suite.TestTask(died)
			slow = append(slow, task.ID)
			hung = cmp.Or(hung, died)
			g.giveUp(g.without(task), died)
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

// next chooses what the next process is to run: everything, until a test has hung. From then
// on it is a task at a time, in their order, so that what time there is goes to those that
// others build on.
func (g *grading) next(pending, slow []string) []string {
	tests := g.promising(pending, slow)
	if len(slow) == 0 {
		return tests
	}
	first := g.suite.TestTask(tests[0])
	return slices.DeleteFunc(slices.Clone(tests), func(test string) bool {
		return g.suite.TestTask(test).ID != first.ID
	})
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
