package conformance

import (
	"strings"
	"testing"

	"wsworkshop/pkg/testclient"
)

// Run asks a server all cases, each in a subtest with the case's id. A case that is not OK logs its
// result, and one that has failed fails its subtest.
//
//	go test -run 'TestConformance/6[.]4' -v
func Run(t *testing.T, s Subject) {
	t.Helper()
	for _, c := range Cases(s) {
		t.Run(c.ID, func(t *testing.T) {
			switch r := ask(t, &s, c); r.Verdict {
			case OK:
			case Failed:
				t.Error("\n" + r.String())
			default:
				t.Log("\n" + r.String())
			}
		})
	}
}

// Check asks a server all cases and returns all results. It never fails t: it is for tools that make
// something else of the results.
func Check(t *testing.T, s Subject) []Result {
	t.Helper()
	var results []Result
	for _, c := range Cases(s) {
		results = append(results, ask(t, &s, c))
	}
	return results
}

// ask asks one case, in a bubble of its own.
func ask(t *testing.T, s *Subject, c Case) Result {
	t.Helper()
	var r Result
	failure := testclient.Try(t, func(w *testclient.World) {
		server := w.Serve(s.Serve(w))
		conn, err := dial(w, server, s)
		if err != nil {
			r = Result{Case: c, Verdict: Failed, Section: "4.2.2", Did: "did not upgrade: " + err.Error()}
			return
		}
		p := &play{wire: conn, c: &c, s: s}
		p.run()
		r = p.judge()
	})
	if failure != nil {
		first, _, _ := strings.Cut(failure.Message, "\n")
		r.Case, r.Verdict, r.Did, r.detail = c, Failed, "has a fault ("+failure.Verdict+"): "+first, failure.String()
	}
	return r
}
