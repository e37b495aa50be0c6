package verify

import (
	"context"
	"fmt"

	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/table"
)

// compare grades what were versions of the schemata again, as modules of their own, and notes
// where other tasks fail, or with other verdicts. Which of a task's tests fail it does not
// compare: with a mistake that is a race, that differs from run to run.
func (l *lab) compare(ctx context.Context, st *step, b *batch) error {
	again := &lab{opts: l.opts, knowledge: l.knowledge, dir: l.dir, slots: l.slots}
	again.opts.Copies, again.opts.Compare = true, false
	var specimens, twins []*specimen
	for s := range b.blended {
		twin := *s
		twin.finding = nil
		specimens, twins = append(specimens, s), append(twins, &twin)
	}
	if err := again.gradeTogether(ctx, st, twins, b.race); err != nil {
		return err
	}
	for i, s := range specimens {
		st.compared++
		if d := difference(s.name, s.finding.result, twins[i].finding.result); d != "" {
			st.differences = append(st.differences, d)
		}
	}
	return nil
}

// difference says what has come out otherwise, "" if nothing has.
func difference(name string, together, alone *result.Result) string {
	if outcome(together) == outcome(alone) {
		return ""
	}
	return table.Labelled("", fmt.Sprintf("%s: as one of many versions: %s; as a module of its own: %s", name, outcome(together), outcome(alone)))
}

// bothWays: a version of the schemata comes out as it does as a module of its own.
func (st *step) bothWays() *row {
	r := &row{name: "both ways", faults: st.differences}
	r.note = fmt.Sprintf("%s: the same tasks fail, with the same verdicts, as modules of their own", table.Plural(st.compared, "version"))
	return r
}
