package verify

import (
	"context"
	"fmt"
	"slices"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/workspace"
)

// Version is a solution with something done to it, of which nobody says in advance which task
// should refuse it.
type Version struct {
	Name  string // for progress
	Files files.Set
}

// Fate is what a suite makes of a version.
type Fate string

// The fates. A Hung version is refused too: a test had not ended in time. A Broken one does not
// compile, so no test has seen it.
const (
	Refused  Fate = "refused"
	Hung     Fate = "hung"
	Survived Fate = "survived"
	Broken   Fate = "broken"
)

// Fates grades versions of a step's solution together: first without the race detector, then
// the survivors with it. The solution is graded with them. If the suite refuses that, its word
// on the versions says nothing, and that is an error.
func Fates(ctx context.Context, opts Options, id workspace.Step, versions []Version) ([]Fate, error) {
	l, st, err := newLabFor(ctx, opts, id)
	if err != nil {
		return nil, err
	}
	defer l.close()
	all := []*specimen{st.failing("solution", st.solution)}
	for _, v := range versions {
		s := st.failing(v.Name, v.Files)
		s.limits.Slow = 1 // one test that hangs is answer enough
		all = append(all, s)
	}
	if err := l.gradeTogether(ctx, st, all, false); err != nil {
		return nil, err
	}
	if r := all[0].finding.result; !r.Full() {
		return nil, fmt.Errorf("step %s: the suite refuses the solution itself: %s", id, outcome(r))
	}
	survivors := slices.DeleteFunc(slices.Clone(all[1:]), func(s *specimen) bool {
		return !s.finding.batch || !s.finding.result.Full()
	})
	if err := l.gradeTogether(ctx, st, survivors, true); err != nil {
		return nil, err
	}
	var fates []Fate
	for _, s := range all[1:] {
		fates = append(fates, fate(s.finding.result))
	}
	return fates, nil
}

func fate(r *result.Result) Fate {
	switch {
	case len(r.Compile) > 0:
		return Broken
	case r.Full():
		return Survived
	case slices.ContainsFunc(r.Tasks, func(t result.Task) bool { return t.Verdict == result.Timeout }):
		return Hung
	}
	return Refused
}
