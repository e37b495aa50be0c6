package verify

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/table"
	"wsworkshop/scripts/internal/variant"
)

// How many variants a step has at least.
const (
	leastWrong      = 8
	leastWrongLater = 10 // from step 04 on, where there is more to get wrong
	leastRight      = 3
)

// wrong: each wrong variant is refused by the tasks that it names, in the words that it
// names. A test that has never refused anything, and a task without a wrong variant, prove
// nothing.
func (st *step) wrong() *row {
	r := &row{name: "wrong variants", committed: true, finish: st.neverFailed}
	least := leastWrong
	if st.id.Number() >= 4 {
		least = leastWrongLater
	}
	all := st.variants(r, false)
	if len(all) < least {
		r.fault("solutions/%s/variants has %s: at least %d are wanted, real mistakes, as a person would make them",
			st.id, table.Plural(len(all), "wrong variant"), least)
	}
	r.note = fmt.Sprintf("%d refused, by the tasks and in the words that they name", len(all))
	for _, t := range st.suite.Tasks {
		if !slices.ContainsFunc(all, func(v *variant.Variant) bool { return slices.Contains(v.Fail, t.ID) }) {
			r.fault("no wrong variant says \"want: fail %s\": does its test refuse anything?", t.ID)
		}
	}
	return r
}

// neverFailed lists the tests that accepted all wrong variants.
func (st *step) neverFailed(claims []*claim) []string {
	failed := map[string]bool{}
	for _, c := range claims {
		for _, name := range c.refusedBy() {
			failed[name] = true
		}
	}
	var faults []string
	for _, task := range st.suite.Tasks {
		for _, t := range task.Tests {
			if !failed[t.Name] {
				faults = append(faults, table.Labelled("", fmt.Sprintf(
					"no wrong variant fails %s (%s:%d) of task %s: write one, or drop the test", t.Name, t.File, t.Line, task.ID)))
			}
		}
	}
	return faults
}

// right: each right variant has full marks.
func (st *step) right() *row {
	r := &row{name: "right variants"}
	all := st.variants(r, true)
	if len(all) < leastRight {
		r.fault("solutions/%s/variants has %s: at least %d are wanted, other designs that keep the Contract",
			st.id, table.Plural(len(all), "right variant"), leastRight)
	}
	r.note = fmt.Sprintf("%d accepted: other designs are welcome", len(all))
	return r
}

// variants makes a claim of each of the step's wrong or right variants.
func (st *step) variants(r *row, right bool) []*variant.Variant {
	all, err := variant.Dir(st.variantsDir)
	all = slices.DeleteFunc(all, func(v *variant.Variant) bool { return v == nil || v.Pass != right })
	if err != nil && !right { // once is enough
		r.failed(err)
	}
	for _, v := range all {
		c, err := st.variant(v)
		if err != nil {
			r.failed(err)
			continue
		}
		r.claims = append(r.claims, c)
	}
	return all
}

// variant claims what the variant's own words claim.
func (st *step) variant(v *variant.Variant) (*claim, error) {
	set, err := v.Apply(st.solution)
	if err != nil {
		return nil, err
	}
	if sameSet(set, st.solution) {
		return nil, fmt.Errorf("%s: nothing is different from the solution", v.Name)
	}
	c := &claim{
		what: v.Name + ".txtar: " + v.What, specimen: st.passing(v.Name, set), variant: v,
		want: "full marks", judge: unlessFull,
	}
	if v.Pass {
		return c, nil
	}
	c.specimen = st.failing(v.Name, set)
	c.want = strings.Join(v.Fail, ", ") + verb(v.Fail, " fails", " fail") + ", and nothing else does that is not declared to come after"
	for _, words := range v.Says {
		c.want += fmt.Sprintf("; the report says %q", words)
	}
	for _, id := range v.Fail {
		if _, err := st.suite.Find(id); err != nil {
			return nil, fmt.Errorf("%s: %w", v.Name, err)
		}
	}
	c.judge = func(res *result.Result) string {
		if wrong := st.blames(res, v.Fail, nil); wrong != "" {
			return outcome(res) + ": " + wrong
		}
		return unsaid(res, v.Says)
	}
	return c, nil
}

// unsaid looks for words in what a learner sees, wherever its lines are broken. The lesson's
// title and rules do not count: they are none of the grader's words, and may change.
func unsaid(res *result.Result, says []string) string {
	own := *res
	own.Title, own.Tasks = "", slices.Clone(res.Tasks)
	for i := range own.Tasks {
		own.Tasks[i].Rules = nil
	}
	shown := strings.Join(strings.Fields(seen(&own)), " ")
	var missing []string
	for _, words := range says {
		if !strings.Contains(shown, strings.Join(strings.Fields(words), " ")) {
			missing = append(missing, fmt.Sprintf("%q", words))
		}
	}
	if len(missing) == 0 {
		return ""
	}
	return outcome(res) + ", but the report does not say " + strings.Join(missing, ", ")
}

func sameSet(a, b map[string][]byte) bool {
	if len(a) != len(b) {
		return false
	}
	for name, data := range a {
		if other, ok := b[name]; !ok || !bytes.Equal(data, other) {
			return false
		}
	}
	return true
}
