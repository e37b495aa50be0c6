package verify

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/region"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/table"
)

// starter: a learner who has written nothing gets no points, and is told for each task
// what to do and where.
func (st *step) starter() *row {
	r := &row{name: "starter", note: fmt.Sprintf("compiles, 0/%d: each of %s says what to do and where",
		st.suite.Max(), table.Plural(len(st.suite.Tasks), "task"))}
	set, err := release.Stub(st.solution, st.mine)
	if err != nil {
		r.failed(err)
		return r
	}
	r.claims = append(r.claims, &claim{
		what: "the starter, with nothing filled in", specimen: st.failing("starter", set),
		want: "it compiles, and every task fails with a message and a place to write",
		judge: func(res *result.Result) string {
			if len(res.Compile) > 0 {
				return outcome(res)
			}
			var wrong []string
			for _, t := range res.Tasks {
				wrong = append(wrong, helpful(&t)...)
			}
			return strings.Join(wrong, "; ")
		},
	})
	return r
}

// helpful lists what a failure does not tell.
func helpful(t *result.Task) []string {
	switch {
	case t.Status == result.Passed:
		return []string{t.ID + " passes, though nothing has been written"}
	case len(strings.Fields(t.Message)) < 3:
		return []string{fmt.Sprintf("the message of %s says nothing: %q", t.ID, t.Message)}
	case t.File == "" || t.Line == 0 || strings.HasSuffix(t.File, "_test.go"):
		return []string{fmt.Sprintf("%s names no place to write it (%s:%d)", t.ID, t.File, t.Line)}
	}
	return nil
}

// ladder: tasks filled in one after the other are green one after the other. The last
// rung is the solution, which has a row of its own. On each rung the newest task is graded
// with the race detector too: what is not written yet may be what keeps goroutines apart,
// and then a learner would be refused for it. The tasks below have been through that on
// their own rungs.
func (st *step) ladder() *row {
	ids := st.suite.IDs()
	r := &row{name: "ladder", committed: true, note: fmt.Sprintf("with 1 to %d tasks filled in, it compiles and those pass,\n"+
		"the newest with the race detector", len(ids)-1)}
	if len(ids) == 1 {
		r.note, r.skipped = "there is only one task", true
		return r
	}
	solution := firstTaskOnly(st.solution)
	for k := 1; k < len(ids); k++ {
		done := ids[:k]
		set, err := release.Stub(solution, func(task string) bool { return st.mine(task) && !slices.Contains(done, task) })
		if err != nil {
			r.failed(err)
			return r
		}
		what := "with task " + ids[0] + " filled in"
		if k > 1 {
			what = fmt.Sprintf("with tasks %s to %s filled in", ids[0], ids[k-1])
		}
		name := fmt.Sprintf("ladder-%d", k)
		all := &claim{
			what: what, specimen: &specimen{name: name, files: set, suite: st.tests},
			want: "it compiles, and " + passes(done), judge: func(res *result.Result) string { return unlessPassed(res, done) },
		}
		newest := &claim{
			what:     what,
			specimen: &specimen{name: name + "-race", files: set, suite: st.tests, only: done[k-1:], race: true},
			want:     passes(done[k-1:]) + " with the race detector too", judge: unlessLeaking, after: all,
		}
		r.claims = append(r.claims, all, newest)
	}
	return r
}

func unlessPassed(res *result.Result, tasks []string) string {
	open := func(t result.Task) bool { return t.Status != result.Passed && slices.Contains(tasks, t.ID) }
	if len(res.Compile) > 0 || slices.ContainsFunc(res.Tasks, open) {
		return outcome(res)
	}
	return ""
}

// unlessLeaking lets leaks pass: when tasks are graded apart, nobody can tell whether the
// goroutine that is left is that of a task which has not been written yet.
func unlessLeaking(res *result.Result) string {
	wrong := func(t result.Test) bool { return !t.Passed && t.Verdict != result.Leak }
	if len(res.Compile) > 0 || slices.ContainsFunc(res.Tasks, func(t result.Task) bool { return slices.ContainsFunc(t.Tests, wrong) }) {
		return outcome(res)
	}
	return ""
}

var severalRE = regexp.MustCompile(`(?m)^(\W*(?:end )?task \d+\.\d+)(?:, \d+\.\d+)+`)

// firstTaskOnly gives each region to the first of its tasks alone: whoever works in order
// fills it in there.
func firstTaskOnly(solution files.Set) files.Set {
	out := solution.Clone()
	for name, data := range solution {
		if region.Marked(name) && path.Ext(name) != ".md" {
			out[name] = severalRE.ReplaceAll(data, []byte("$1"))
		}
	}
	return out
}

// solved: the reference has full marks.
func (st *step) solved() *row {
	r := &row{name: "solution", note: fmt.Sprintf("%d/%d, with the race detector", st.suite.Max(), st.suite.Max())}
	r.claims = append(r.claims, &claim{
		what: "the solution", specimen: st.passing("solution", st.solution), want: "full marks, with the race detector",
		judge: func(res *result.Result) string {
			if wrong := unlessFull(res); wrong != "" {
				return wrong
			}
			if !res.Race {
				r.note = fmt.Sprintf("%d/%d; without the race detector: %s", res.Score, res.Max, res.RaceOff)
			}
			return ""
		},
	})
	return r
}

func unlessFull(res *result.Result) string {
	if res.Full() {
		return ""
	}
	return outcome(res)
}

// ablation: a task that alone is not done fails, and the blame falls on it: whatever else
// fails was declared to come after it, or has a region in common with it.
func (st *step) ablation() *row {
	r := &row{name: "ablation", committed: true, note: "what is left out fails, and nothing else is blamed for it"}
	for _, id := range st.suite.IDs() {
		set, err := release.Stub(st.solution, func(task string) bool { return task == id })
		if err != nil {
			r.failed(err)
			return r
		}
		shared := st.sharing(id)
		r.claims = append(r.claims, &claim{
			what: "with everything filled in but task " + id, specimen: st.failing("ablation-"+id, set),
			want:  id + " fails, and nothing else does that is not declared to come after " + id,
			judge: func(res *result.Result) string { return st.blames(res, []string{id}, shared) },
		})
	}
	return r
}

// sharing lists the tasks that have a region in common with a task.
func (st *step) sharing(id string) []string {
	var out []string
	for name, data := range st.solution {
		f, err := region.Parse(name, data)
		if err != nil {
			continue // told by whoever stubs it
		}
		for _, r := range f.Regions {
			if r.Has(id) {
				out = append(out, r.Tasks...)
			}
		}
	}
	return out
}

// blames returns "" if the tasks in must fail, and besides them only those in may and such
// as build on any of them.
func (st *step) blames(res *result.Result, must, may []string) string {
	if len(res.Compile) > 0 {
		return outcome(res)
	}
	allowed := slices.Concat(must, may)
	var passed, strangers []string
	for _, t := range res.Tasks {
		switch {
		case t.Status == result.Passed:
			if slices.Contains(must, t.ID) {
				passed = append(passed, t.ID)
			}
		case !slices.Contains(allowed, t.ID) && !st.builtOn(t.ID, allowed) && !sameRace(res, t, must):
			strangers = append(strangers, t.ID)
		}
	}
	var wrong []string
	if len(passed) > 0 {
		wrong = append(wrong, passes(passed))
	}
	if len(strangers) > 0 {
		wrong = append(wrong, fmt.Sprintf("%s, not declared to come after %s",
			fails(strangers), strings.Join(must, ", ")))
	}
	return strings.Join(wrong, "; ")
}

// sameRace reports whether a task only met the data race that one of the others is refused
// for: which of the tasks that run such code meet it is luck.
func sameRace(res *result.Result, t result.Task, others []string) bool {
	return t.Verdict == result.Race && slices.ContainsFunc(res.Tasks, func(o result.Task) bool {
		return o.Verdict == result.Race && slices.Contains(others, o.ID)
	})
}

func passes(ids []string) string { return strings.Join(ids, ", ") + verb(ids, " passes", " pass") }

func fails(ids []string) string {
	return strings.Join(ids, ", ") + verb(ids, " fails too", " fail too")
}

func verb(ids []string, one, many string) string {
	if len(ids) == 1 {
		return one
	}
	return many
}
