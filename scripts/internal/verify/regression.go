package verify

import (
	"fmt"

	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/suite"
	"wsworkshop/scripts/internal/workspace"
)

// growsFrom is the step from which on API and wire only grow.
const growsFrom = 4

// regression: the suites of the steps before still pass, on the solution and on the starter.
// They do without the race detector: no learner is graded so, and the solution's own suite
// looks for its races. With it the seventeenth step alone would take two minutes.
func (st *step) regression() *row {
	r := &row{name: "regression"}
	if st.id.Number() <= growsFrom {
		r.note, r.skipped = "begins with step 05: from 04 on, API and wire only grow", true
		return r
	}
	starter, err := release.Stub(st.solution, st.mine)
	if err != nil {
		r.failed(err)
		return r
	}
	for k := growsFrom; k < st.id.Number(); k++ {
		earlier := workspace.Step(fmt.Sprintf("%02d", k))
		set, err := release.Solution(st.root, earlier)
		if err != nil {
			r.failed(err)
			continue
		}
		tests := release.Move(suite.Files(set), release.SolutionModule(earlier), release.SolutionModule(st.id))
		r.claims = append(r.claims,
			&claim{
				what:     fmt.Sprintf("the solution of step %s with the suite of step %s", st.id, earlier),
				specimen: &specimen{name: "regression-" + string(earlier), files: st.solution, suite: tests},
				want:     "full marks: who keeps to an earlier Contract notices nothing", judge: unlessFull,
			},
			&claim{
				what:     fmt.Sprintf("the starter of step %s with the suite of step %s", st.id, earlier),
				specimen: &specimen{name: "regression-" + string(earlier) + "-starter", files: starter, suite: tests},
				want:     "full marks: a starter is never worse than the solution before it", judge: unlessFull,
			})
	}
	r.note = fmt.Sprintf("the suites of %02d to %s pass on solution and starter,", growsFrom, st.id.Prev())
	if st.id.Number() == growsFrom+1 {
		r.note = fmt.Sprintf("the suite of %02d passes on solution and starter,", growsFrom)
	}
	r.note += "\nwithout the race detector"
	return r
}
