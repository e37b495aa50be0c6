package main

import (
	"fmt"
	"io"
)

// listCmd is what `make` alone shows.
type listCmd struct{}

// targets are the lines of the list, in the order in which a learner meets them.
var targets = []struct{ line, does string }{
	{"make setup", "check this machine and download everything; offline from then on"},
	{"make test STEP=05 [TASK=5.3]", "grade your step; ALL=1 tells every failure"},
	{"make watch STEP=05", "grade again at each save"},
	{"make hint STEP=05 TASK=5.3", "the next hint of that task"},
	{"make run STEP=05", "your server on http://localhost:8080"},
	{"make demo STEP=05", "the reference on http://localhost:8080"},
	{"make diff STEP=05 [TASK=5.3]", "your code beside the reference"},
	{"make solution STEP=05", "grade the reference"},
	{"make start STEP=06 FROM=mine", "bring your code of step 05 into step 06"},
	{"make start STEP=06 FROM=blank", "hard mode: step 05 and the Contract of 06"},
	{"make reset STEP=05", "the starter again; yours is kept aside"},
	{"make progress", "how far you have come"},
	{"", ""},
	{"make release [STEP=05]", "make steps from solutions"},
	{"make carry FROM=02", "bring a change in a solution forward"},
	{"make variants STEP=05 [DIR=…]", "run the wrong and right variants"},
	{"make verify [STEP=05] [ALL=1]", "prove that the graders are right"},
	{"make mutate STEP=05 [RUN=hub.go]", "find code that the suite does not guard"},
	{"make stress STEP=05 N=300", "a suite many times"},
	{"make bench STEP=07 [N=5000]", "memory of idle connections"},
	{"make check, make integration", "linters and unit tests; real programs"},
}

// Run lists the targets and names the next step.
func (listCmd) Run(a *app) error {
	fmt.Fprint(a.Out, "The Go WebSocket Workshop\n\n")
	for _, t := range targets {
		writeTarget(a.Out, t.line, t.does)
	}
	step, done, err := a.nextStep()
	if err != nil {
		return err
	}
	fmt.Fprintln(a.Out)
	switch {
	case step == "":
		fmt.Fprintf(a.Out, "All %d steps are done. make progress shows them.\n", done)
	default:
		fmt.Fprintf(a.Out, "Next: step %s · %s\n", step, a.title(step))
		fmt.Fprintf(a.Out, "  read steps/%s/README.md, then make test STEP=%s\n", step, step)
	}
	return nil
}

func writeTarget(w io.Writer, line, does string) {
	if line == "" {
		fmt.Fprintln(w)
		return
	}
	fmt.Fprintf(w, "  %-31s %s\n", line, does)
}
