package mutate

import (
	"fmt"
	"maps"
	"slices"

	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/table"
	"wsworkshop/scripts/internal/verify"
	"wsworkshop/scripts/internal/workspace"
)

// The shares of mutants that a suite should refuse, in percent.
const (
	goalLearner = 97
	goalGiven   = 90
)

// Report is what came of a step's mutants.
type Report struct {
	Step    workspace.Step `json:"step"`
	Mutants []Mutant       `json:"mutants"`
	Counts  []Count        `json:"counts"` // by area
	Stale   []string       `json:"stale"`  // lines of the file of survivors that excuse nothing
}

// Count is what came of the mutants of an area.
type Count struct {
	Area
	Refused  int `json:"refused"` // those that hung included
	Hung     int `json:"hung"`
	Survived int `json:"survived"` // without a reason
	Excused  int `json:"excused"`  // survived, and the file of survivors has the reason
	Broken   int `json:"broken"`   // do not compile
}

func newReport(step workspace.Step, mutants []Mutant, reasons reasons) *Report {
	r := &Report{Step: step, Mutants: mutants, Stale: []string{}}
	excuses := maps.Clone(reasons)
	for i := range r.Mutants {
		if m := &r.Mutants[i]; m.Fate == verify.Survived {
			m.Reason = reasons[m.Name]
			delete(excuses, m.Name)
		}
	}
	r.Stale = append(r.Stale, slices.Sorted(maps.Keys(excuses))...)
	for _, part := range []string{"server", "client", "page"} {
		for _, learner := range []bool{true, false} {
			if c := r.count(Area{part, learner}); c.all() > 0 {
				r.Counts = append(r.Counts, c)
			}
		}
	}
	return r
}

func (r *Report) count(area Area) Count {
	c := Count{Area: area}
	for _, m := range r.Mutants {
		if m.Area != area {
			continue
		}
		switch m.Fate {
		case verify.Refused:
			c.Refused++
		case verify.Hung:
			c.Refused++
			c.Hung++
		case verify.Broken:
			c.Broken++
		case verify.Survived:
			if m.Reason == "" {
				c.Survived++
			} else {
				c.Excused++
			}
		}
	}
	return c
}

// all counts the mutants of the area.
func (c Count) all() int { return c.Refused + c.Survived + c.Excused + c.Broken }

// goal is the share that should be refused, in percent.
func (c Count) goal() int {
	if c.Learner {
		return goalLearner
	}
	return goalGiven
}

// met reports whether the goal is reached. Mutants with a reason, or that do not compile, do not count.
func (c Count) met() bool { return c.Refused*100 >= c.goal()*(c.Refused+c.Survived) }

// Met reports whether all goals are reached and no line is stale.
func (r *Report) Met() bool {
	return len(r.Stale) == 0 && !slices.ContainsFunc(r.Counts, func(c Count) bool { return !c.met() })
}

// Rows are the report as a table: a row for each area with its survivors, and one for the
// file of survivors.
func (r *Report) Rows() (rows []table.Row) {
	for _, c := range r.Counts {
		row := table.Row{Name: c.Area.String(), Note: c.String()}
		if !c.met() {
			row.State = table.Failed
		}
		for _, m := range r.Mutants {
			if m.Area == c.Area && m.Fate == verify.Survived && m.Reason == "" {
				row.Details = append(row.Details, fmt.Sprintf("  %s:%d survived:\n  %s", m.File, m.Line, m.Name))
			}
		}
		rows = append(rows, row)
	}
	if len(r.Stale) > 0 {
		row := table.Row{Name: release.Survivors, State: table.Failed,
			Note: "lines of mutants that do not exist or are refused now: remove them"}
		for _, name := range r.Stale {
			row.Details = append(row.Details, "  "+name)
		}
		rows = append(rows, row)
	}
	return rows
}

func (a Area) String() string {
	if a.Learner {
		return a.Part + ", the learner's"
	}
	return a.Part + ", given"
}

func (c Count) String() string {
	text := "no mutant counts"
	if n := c.Refused + c.Survived; n > 0 {
		text = fmt.Sprintf("%.1f %% refused: %d of %d", float64(c.Refused)*100/float64(n), c.Refused, n)
	}
	text += fmt.Sprintf(" (goal %d %%)", c.goal())
	for _, more := range []struct {
		n    int
		what string
	}{{c.Hung, "of them hung"}, {c.Excused, "survived with a reason"}, {c.Broken, "did not compile"}} {
		if more.n > 0 {
			text += fmt.Sprintf("; %d %s", more.n, more.what)
		}
	}
	return text
}
