package suite

import (
	"fmt"
	"slices"
	"strings"
)

// check looks for what only the whole suite shows.
func (r *reading) check(s *Suite) {
	if len(r.errs) > 0 {
		return
	}
	for _, h := range r.headers {
		if h.step != s.Step.Number() {
			r.errorf(h.test, "task %s in the suite of step %s: all its tasks are %d.…", h.id(), s.Step, s.Step.Number())
		}
	}
	for i, t := range s.Tasks {
		want := fmt.Sprintf("%d.%d", s.Step.Number(), i+1)
		if t.ID != want && len(r.errs) == 0 {
			r.errorf(t.Tests[0], "task %s follows where %s is missing: tasks are numbered without a gap", t.ID, want)
		}
		if t.Points == 0 {
			r.errorf(t.Tests[0], "task %s has no points: one of its tests says %q", t.ID,
				fmt.Sprintf("// Task %s (25 points): …", t.ID))
		}
		r.after(s, i)
	}
	if sum := s.Max(); len(r.errs) == 0 && sum != 100 {
		last := s.Tasks[len(s.Tasks)-1].Tests[0]
		r.errorf(last, "the points of step %s add up to %d, not to 100: %s", s.Step, sum, points(s))
	}
}

// after checks what task i builds on: tasks are solved in order, so that there is no circle.
func (r *reading) after(s *Suite, i int) {
	t := s.Tasks[i]
	for _, id := range t.After {
		switch other := slices.Index(s.IDs(), id); {
		case other < 0:
			r.errorf(t.Tests[0], "task %s is after %s, which step %s does not have: its tasks are %s",
				t.ID, id, s.Step, strings.Join(s.IDs(), ", "))
		case other == i:
			r.errorf(t.Tests[0], "task %s is after itself", t.ID)
		case other > i && reaches(s, other, i):
			r.errorf(t.Tests[0], "task %s is after %s, and that after %s: a circle", t.ID, id, t.ID)
		case other > i:
			r.errorf(t.Tests[0], "task %s is after %s, a later task: put them into the order in which they are solved", t.ID, id)
		}
	}
}

// reaches reports whether task i builds on the goal, however many tasks lie between.
func reaches(s *Suite, i, goal int) bool {
	seen := make([]bool, len(s.Tasks))
	var visit func(i int) bool
	visit = func(i int) bool {
		if i < 0 || seen[i] {
			return false
		}
		seen[i] = true
		return i == goal || slices.ContainsFunc(s.Tasks[i].After, func(id string) bool {
			return visit(slices.Index(s.IDs(), id))
		})
	}
	return visit(i)
}

func points(s *Suite) string {
	var parts []string
	for _, t := range s.Tasks {
		parts = append(parts, fmt.Sprintf("%s has %d", t.ID, t.Points))
	}
	return strings.Join(parts, ", ")
}
