// Package verify grades the graders: it proves of each step that its suite refuses what is
// wrong and accepts what is right, that a learner can fill the tasks in one after the other,
// and that all the places which name a task agree.
package verify

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"wsworkshop/scripts/internal/table"
	"wsworkshop/scripts/internal/workspace"
)

// Options say what to verify.
type Options struct {
	Root  workspace.Root
	Steps []workspace.Step                 // none means all
	Say   func(format string, args ...any) // told what is being done; may be nil

	All  bool   // grade everything, whatever has been proved
	Seed uint64 // chooses what is graded again although it is proved

	// Copies says that each specimen is to be compiled as it is: what a learner would see is
	// then right to the line.
	Copies bool

	// Compare says that what is graded as one of many versions of a module is to be graded as a
	// module of its own too, and to come out the same.
	Compare bool
}

// Report is what was found out about one step.
type Report struct {
	Heading string
	Rows    []table.Row
}

// Summary counts the gradings behind the reports.
type Summary struct {
	Graded     int
	Taken      int // from the committed proofs
	Remembered int // by this machine

	// How they were graded; what came out otherwise than wanted counts again.
	Programs int // of many specimens
	Blended  int // specimens that were alternatives of one module in these
	Copies   int // specimens that were modules of their own in these
	Alone    int // specimens that were programs of their own
}

// How tells in a line how the gradings were done, "" where there were none.
func (s Summary) How() string {
	if s.Graded == 0 {
		return ""
	}
	return fmt.Sprintf("in %s of %s and %s, and in %d alone", table.Plural(s.Programs, "program"),
		table.Plural(s.Blended, "alternative"), plural(s.Copies, "copy", "copies"), s.Alone)
}

func plural(n int, one, many string) string {
	if n == 1 {
		many = one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Verify verifies the steps and passes on each one's report, in their order, when it is
// complete. What is wrong with a step is in its report; an error means that it could not be
// found out.
func Verify(ctx context.Context, opts Options, show func(Report)) (Summary, error) {
	l, err := newLab(ctx, opts)
	if err != nil {
		return Summary{}, err
	}
	defer l.close()
	steps := opts.Steps
	if len(steps) == 0 {
		if steps, err = opts.Root.Steps(); err != nil {
			return Summary{}, err
		}
	}
	err = l.verifyAll(ctx, steps, show)
	return l.summary, err
}

// verifyAll verifies more than one step at a time: a program is linked on one processor, and
// another step's tests can use the others meanwhile.
func (l *lab) verifyAll(ctx context.Context, steps []workspace.Step, show func(Report)) error {
	reports := make([]chan Report, len(steps))
	for i := range reports {
		reports[i] = make(chan Report, 1)
	}
	var shown sync.WaitGroup
	shown.Go(func() {
		for _, c := range reports {
			if report, ok := <-c; ok {
				show(report)
			}
		}
	})
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(1 + cap(l.slots)/2)
	for i, id := range steps {
		group.Go(func() error {
			defer close(reports[i])
			report, err := l.verify(ctx, id)
			if err == nil {
				reports[i] <- report
			}
			return err
		})
	}
	err := group.Wait()
	shown.Wait()
	return err
}

// verify makes all checks of one step.
func (l *lab) verify(ctx context.Context, id workspace.Step) (Report, error) {
	if ctx.Err() != nil {
		return Report{}, ctx.Err()
	}
	st := l.load(id)
	report := Report{Heading: "Step " + string(id)}
	if st.title != "" {
		report.Heading += " · " + st.title
	}
	if st.err != nil {
		report.Rows = append(report.Rows, table.Row{Name: "solution", State: table.Failed,
			Note: "it cannot be read, so nothing else has been looked at", Details: []string{st.err.Error()}})
		return report, nil
	}
	wrong := st.wrong()
	rows := []*row{
		l.released(ctx, st), st.starter(), st.ladder(), st.solved(), st.ablation(),
		wrong, st.right(), st.regression(), st.contract(wrong), st.heart(wrong), st.plan(),
	}
	l.spare(st, rows)
	if err := l.gradeAll(ctx, st, rows); err != nil {
		return report, err
	}
	if l.opts.Compare {
		rows = append(rows, st.bothWays())
	}
	for _, r := range rows {
		report.Rows = append(report.Rows, r.judge())
	}
	report.Rows = append(report.Rows, l.record(st, rows))
	return report, nil
}
