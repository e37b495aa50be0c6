package grade

import (
	"path/filepath"
	"regexp"
	"time"

	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/suite"
)

// verdicts makes the result of what the tests did.
func (g *grading) verdicts() *result.Result {
	g.chargeLateFaultsOnce()
	r := g.result()
	var virtual time.Duration
	for _, task := range g.tasks {
		t := result.Task{ID: task.ID, Title: task.Title, Points: task.Points, After: task.After, Status: result.Passed}
		for _, test := range task.Tests {
			o := g.outcomes[test.Name]
			if o != nil {
				virtual += o.virtual
			}
			if o.ok() {
				t.Tests = append(t.Tests, result.Test{Name: test.Name, Passed: true})
				continue
			}
			f := g.judge(o)
			t.Tests = append(t.Tests, result.Test{Name: test.Name, Verdict: f.verdict, Message: f.message})
			if t.Status == result.Passed || t.Failure.NotRun && !o.notRun() {
				g.charge(&t, test, o, f)
			}
		}
		r.Tasks = append(r.Tasks, t)
	}
	r.VirtualMS = virtual.Milliseconds()
	g.addLacking(r)
	r.Settle()
	return r
}

// charge fails the task with its first failing test, of those that were run if any were.
func (g *grading) charge(t *result.Task, test suite.Test, o *outcome, f fault) {
	t.Status, t.Verdict, t.Message, t.Test = result.Failed, f.verdict, f.message, test.Name
	to := g.blamed(t.ID, f)
	t.File, t.Line = g.where(t.ID, to)
	t.Failure = &result.Failure{SuiteFile: test.File, SuiteLine: test.Line, Stack: f.stack, HintTask: g.otherTask(t.ID, to), NotRun: o.notRun()}
	if !o.notRun() {
		t.Rules = g.rules(test, f.message)
	}
	if o == nil {
		return
	}
	t.Failure.Output = printed(o.output.String(), 12)
	if o.told != nil && !o.raced {
		t.Failure.Timeline = o.told.Timeline
		if o.told.File != "" && o.told.Line > 0 {
			t.Failure.SuiteFile, t.Failure.SuiteLine = filepath.Base(o.told.File), o.told.Line
		}
	}
}

// rules are those that a test guards, in the words of the lesson: all of them, or those that
// the message names.
func (g *grading) rules(test suite.Test, message string) []result.Rule {
	var rules, named []result.Rule
	for _, id := range test.Rules {
		r := g.job.Rules.Find(id)
		if r == nil {
			continue
		}
		rules = append(rules, result.Rule{ID: r.ID, Text: r.Text})
		if regexp.MustCompile(`\brule ` + regexp.QuoteMeta(id) + `\b`).MatchString(message) {
			named = append(named, rules[len(rules)-1])
		}
	}
	if len(named) > 0 {
		return named
	}
	return rules
}

// result is the frame of a result.
func (g *grading) result() *result.Result {
	dir, err := filepath.Rel(string(g.job.Root), g.job.Dir)
	if err != nil {
		dir = g.job.Dir
	}
	return &result.Result{
		Step: string(g.job.Step), Title: g.job.Title, Race: g.race, RaceOff: g.raceOff,
		Notes: g.notes, Dir: filepath.ToSlash(dir), Tasks: []result.Task{},
	}
}
