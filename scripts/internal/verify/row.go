package verify

import (
	"fmt"
	"strings"

	"wsworkshop/scripts/internal/proof"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/table"
	"wsworkshop/scripts/internal/variant"
)

// claim is one thing that must be so of a grading.
type claim struct {
	what     string // whose grading: "with tasks 1.1 and 1.2 filled in"
	specimen *specimen
	variant  *variant.Variant // that the specimen was made of; nil for another
	want     string           // in words, for the author who has to mend it
	judge    func(r *result.Result) (wrong string)
	after    *claim // when that one is wrong, this one is not told; may be nil

	inputs string      // names all that the verdict depends on
	proved *proof.Line // spares the grading; nil if it has to be made
	wrong  string      // what the judge said
}

// refusedBy lists the tests that the specimen failed.
func (c *claim) refusedBy() []string {
	if c.proved != nil {
		return c.proved.Refused
	}
	var failed []string
	for _, task := range c.specimen.finding.result.Tasks {
		for _, t := range task.Tests {
			if !t.Passed {
				failed = append(failed, t.Name)
			}
		}
	}
	return failed
}

// row is a line of a step's table: claims to be judged, and faults found without grading.
type row struct {
	name    string
	note    string // when all is well
	skipped bool
	claims  []*claim
	faults  []string
	finish  func([]*claim) (faults []string) // looks at all claims when they are judged; may be nil

	// committed says that PROVEN may spare the claims. All others are made again in each clone.
	committed bool
}

// fault adds what is wrong, in sentences.
func (r *row) fault(format string, args ...any) {
	r.faults = append(r.faults, table.Labelled("", fmt.Sprintf(format, args...)))
}

// failed adds an error, whose lines may begin with a file's name for editors to find.
func (r *row) failed(err error) { r.faults = append(r.faults, err.Error()) }

// judge turns a row into what is printed of it.
func (r *row) judge() table.Row {
	shown := table.Row{Name: r.name, Note: r.note, Details: r.faults}
	for _, c := range r.claims {
		if c.proved != nil {
			continue
		}
		res := c.specimen.finding.result
		if c.wrong = c.judge(res); c.wrong != "" && (c.after == nil || c.after.wrong == "") {
			shown.Details = append(shown.Details, c.tell(c.wrong, res))
		}
	}
	shown.Note = r.note // the judge may have had to say more
	if r.finish != nil {
		shown.Details = append(shown.Details, r.finish(r.claims)...)
	}
	switch {
	case len(shown.Details) > 0:
		shown.State = table.Failed
		shown.Note = table.Plural(len(shown.Details), "fault")
	case r.skipped:
		shown.State = table.Skipped
	}
	return shown
}

// tell says whose grading it was, what was wanted, what came, and what a learner would see.
func (c *claim) tell(got string, r *result.Result) string {
	return table.Labelled("", c.what) + table.Labelled("wanted", c.want) + table.Labelled("got", got) +
		"  What a learner would see:\n\n" + seen(r)
}

// outcome is a result in a few words: "fails 1.2 (wrong), 1.3 (panic)".
func outcome(r *result.Result) string {
	if len(r.Compile) > 0 {
		return "it does not compile"
	}
	var failed []string
	for _, t := range r.Tasks {
		if t.Status != result.Passed {
			failed = append(failed, fmt.Sprintf("%s (%s)", t.ID, t.Verdict))
		}
	}
	if len(failed) == 0 {
		return "all tasks pass"
	}
	return "fails " + strings.Join(failed, ", ")
}
