package grade

import (
	"path"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/region"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/suite"
)

// chargeLateFaultsOnce forgives a leak, or a panic when a test is cleaned up, that shows
// under the tests of several tasks to all but one of them: one goroutine that never ends is
// one fault, however often it shows.
func (g *grading) chargeLateFaultsOnce() {
	tests := map[string][]*outcome{} // by what leaks
	for _, task := range g.tasks {
		for _, t := range task.Tests {
			o := g.outcomes[t.Name]
			if sign := g.lateSign(o); sign != "" {
				tests[sign] = append(tests[sign], o)
			}
		}
	}
	for _, outcomes := range tests {
		payer := g.payer(outcomes)
		for _, o := range outcomes {
			if g.suite.TestTask(o.test).ID != payer {
				o.told, o.passed = nil, true
			}
		}
	}
}

// lateSign is the same for the same fault: the learner's functions that leak, or panic.
func (g *grading) lateSign(o *outcome) string {
	if o == nil || o.raced || o.told == nil || !o.told.late() || o.died != alive {
		return ""
	}
	names := []string{string(o.told.Verdict)}
	for _, f := range g.own(o.told.At) {
		names = append(names, f.File+" "+f.Func)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), "\n")
}

// payer chooses the task that a late fault is charged to, among those under whose tests it
// shows: the last that is not written yet, because how things end comes last in a step; else
// a task that fails anyhow and is not written yet pays for all; else one that the lines at
// fault answer, else the last.
func (g *grading) payer(outcomes []*outcome) string {
	var shows []string
	for _, o := range outcomes {
		shows = append(shows, g.suite.TestTask(o.test).ID)
	}
	if len(slices.Compact(slices.Clone(shows))) == 1 {
		return shows[0]
	}
	for _, task := range slices.Backward(g.tasks) {
		if slices.Contains(shows, task.ID) && g.unwritten(task) {
			return task.ID
		}
	}
	for _, task := range g.tasks {
		if g.unwritten(task) && g.fails(task) {
			return task.ID
		}
	}
	for _, f := range g.own(outcomes[0].told.At) {
		for _, id := range shows {
			if g.answeredBy(id, f) {
				return id
			}
		}
	}
	return shows[len(shows)-1]
}

func (g *grading) unwritten(task suite.Task) bool {
	file, _ := g.todo(task.ID)
	return file != ""
}

func (g *grading) fails(task suite.Task) bool {
	return slices.ContainsFunc(task.Tests, func(t suite.Test) bool { return !g.outcomes[t.Name].ok() })
}

// answeredBy reports whether f's function is one that answers the task in the reference.
func (g *grading) answeredBy(task string, f result.Frame) bool {
	name := g.function(f)
	for _, p := range g.job.Reference.Paths() {
		if path.Dir(p) != path.Dir(f.File) {
			continue // another package's, or a script's
		}
		for _, decl := range answers(p, g.job.Reference[p], task) {
			if name == decl || strings.HasPrefix(name, decl+".") {
				return true
			}
		}
	}
	return false
}

// function names the declaration that a frame is in: "Hub.run" for "(*Hub).run.func1", and
// for a script's the one around its line.
func (g *grading) function(f result.Frame) string {
	if path.Ext(f.File) == ".go" {
		return strings.NewReplacer("(*", "", ")", "").Replace(f.Func)
	}
	name, _ := region.Around(f.File, g.module[f.File], f.Line)
	return name
}
