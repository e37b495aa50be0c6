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
	again := &lab{opts: l.opts, cache: l.cache, dir: l.dir, findings: map[string]*finding{}}
	again.opts.Copies, again.opts.Compare = true, false
	var specimens []*specimen
	for s := range b.blended {
		specimens = append(specimens, s)
	}
	if err := again.gradeTogether(ctx, st, specimens, b.race); err != nil {
		return err
	}
	for _, s := range specimens {
		l.compared++
		if d := difference(s.name, l.result(st, s), again.result(st, s)); d != "" {
			l.differences = append(l.differences, d)
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
func (l *lab) bothWays() *row {
	r := &row{name: "both ways", faults: l.differences}
	r.note = fmt.Sprintf("%s: the same tasks fail, with the same verdicts, as modules of their own", table.Plural(l.compared, "version"))
	l.differences, l.compared = nil, 0
	return r
}
