package verify

import (
	"fmt"
	"strings"

	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/table"
)

// claim is one thing that must be so of a grading.
type claim struct {
	what     string // whose grading: "with tasks 1.1 and 1.2 filled in"
	specimen *specimen
	want     string // in words, for whoever has to mend it
	judge    func(r *result.Result) (wrong string)
	after    *claim // when that one is wrong, this one is not told; may be nil
}

// row is a line of a step's table: claims to be judged, and faults found without grading.
type row struct {
	name    string
	note    string // when all is well
	skipped bool
	claims  []*claim
	faults  []string
	finish  func(results []*result.Result) (faults []string) // looks at all results together; may be nil
}

// fault adds what is wrong, in sentences.
func (r *row) fault(format string, args ...any) {
	r.faults = append(r.faults, table.Labelled("", fmt.Sprintf(format, args...)))
}

// failed adds an error, whose lines may begin with a file's name for editors to find.
func (r *row) failed(err error) { r.faults = append(r.faults, err.Error()) }

// judge turns a row into what is printed of it.
func (l *lab) judge(st *step, r *row) (table.Row, error) {
	shown := table.Row{Name: r.name, Note: r.note, Details: r.faults}
	var results []*result.Result
	wrongs := map[*claim]bool{}
	for _, c := range r.claims {
		res := l.result(st, c.specimen)
		results = append(results, res)
		wrong := c.judge(res)
		if wrong == "" {
			if err := l.trust(st, c.specimen); err != nil {
				return shown, err
			}
			continue
		}
		if wrongs[c] = true; !wrongs[c.after] {
			shown.Details = append(shown.Details, l.tell(c, wrong, res))
		}
	}
	if r.finish != nil {
		shown.Details = append(shown.Details, r.finish(results)...)
	}
	switch {
	case len(shown.Details) > 0:
		shown.State = table.Failed
		shown.Note = table.Plural(len(shown.Details), "fault")
	case r.skipped:
		shown.State = table.Skipped
	}
	return shown, nil
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
