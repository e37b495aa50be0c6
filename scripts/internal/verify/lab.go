package verify

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/grade"
	"wsworkshop/scripts/internal/report"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/workspace"
)

// specimen is a module to grade: a solution with something done to it.
type specimen struct {
	name  string // "ladder-3": in progress and proofs, of which it is a word
	files files.Set
	suite files.Set

	only   []string // the tasks to grade; none means all
	limits grade.Limits

	// race is for what has full marks only with the race detector, as a learner's step is
	// graded. All else is tried without it first, which takes a sixth of the time.
	race bool

	finding *finding // nil until it has been graded
}

// finding is what has come of a specimen.
type finding struct {
	result *result.Result
	batch  bool // it was one of many in a program,
	race   bool // and that had the race detector
}

// lab grades specimens, of several steps at once.
type lab struct {
	opts      Options
	knowledge *knowledge
	dir       string      // for generated modules and programs, of this lab alone
	slots     chan string // a folder for each job that may run at once; see slot

	mu      sync.Mutex
	summary Summary
}

// newLab makes a lab. Close it.
func newLab(ctx context.Context, opts Options) (*lab, error) {
	if opts.Say == nil {
		opts.Say = func(string, ...any) {}
	}
	k, err := newKnowledge(ctx, opts.Root)
	if err != nil {
		return nil, err
	}
	dir, err := newFolder(opts.Root.Path(".workshop", "verify"))
	if err != nil {
		return nil, err
	}
	l := &lab{opts: opts, knowledge: k, dir: dir, slots: make(chan string, runtime.GOMAXPROCS(0))}
	for i := range cap(l.slots) {
		l.slots <- filepath.Join(dir, fmt.Sprint("work", i))
	}
	return l, nil
}

// newLabFor makes a lab for one step, and reads that. Close it.
func newLabFor(ctx context.Context, opts Options, id workspace.Step) (*lab, *step, error) {
	l, err := newLab(ctx, opts)
	if err != nil {
		return nil, nil, err
	}
	st := l.load(id)
	if st.err != nil {
		l.close()
	}
	return l, st, st.err
}

func (l *lab) close() { os.RemoveAll(l.dir) }

// slot does a job when a processor is free for it: builds and gradings of all steps share
// them. The job may use a folder, in which earlier jobs may have left something.
func (l *lab) slot(ctx context.Context, job func(folder string) error) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case folder := <-l.slots:
		defer func() { l.slots <- folder }()
		return job(folder)
	}
}

// count changes the summary.
func (l *lab) count(change func(*Summary)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(&l.summary)
}

// gradeAll grades the specimens of all claims that no proof spares: first without the race
// detector what can do without, then with it the rest and what came out otherwise than
// wanted, because some mistakes need it to show. What is still otherwise is graded alone, as
// a learner's step is. That counts.
func (l *lab) gradeAll(ctx context.Context, st *step, rows []*row) error {
	defer os.RemoveAll(l.folder(st))
	quick, thorough := ungraded(rows)
	l.count(func(s *Summary) { s.Graded += len(quick) + len(thorough) })
	if err := l.gradeTogether(ctx, st, quick, false); err != nil {
		return err
	}
	thorough = append(thorough, unwanted(rows, func(f *finding) bool { return f.batch && !f.race })...)
	if err := l.gradeTogether(ctx, st, thorough, true); err != nil {
		return err
	}
	return l.grade(ctx, st, unwanted(rows, func(f *finding) bool { return f.batch }), nil)
}

// folder is where a step's batches are.
func (l *lab) folder(st *step) string { return filepath.Join(l.dir, string(st.id)) }

// ungraded lists the specimens to grade, apart those that need the race detector.
func ungraded(rows []*row) (quick, thorough []*specimen) {
	for _, r := range rows {
		for _, c := range r.claims {
			switch {
			case c.proved != nil:
			case c.specimen.race:
				thorough = append(thorough, c.specimen)
			default:
				quick = append(quick, c.specimen)
			}
		}
	}
	return quick, thorough
}

// gradeTogether grades specimens by one program, as far as they fit into one.
func (l *lab) gradeTogether(ctx context.Context, st *step, todo []*specimen, race bool) error {
	if len(todo) == 0 {
		return nil
	}
	var b *batch
	err := l.slot(ctx, func(string) (err error) {
		b, err = l.newBatch(ctx, st, todo, race)
		return err
	})
	if err != nil {
		return err
	}
	if err := l.grade(ctx, st, todo, b); err != nil || !l.opts.Compare {
		return err
	}
	return l.compare(ctx, st, b)
}

// grade grades specimens, those in the batch (which may be nil) by its program.
func (l *lab) grade(ctx context.Context, st *step, todo []*specimen, b *batch) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(cap(l.slots))
	done := 0
	for _, s := range todo {
		group.Go(func() error {
			err := l.slot(ctx, func(folder string) (err error) {
				s.finding, err = l.gradeOne(ctx, st, s, b, folder)
				return err
			})
			if err != nil {
				return fmt.Errorf("step %s, %s: %w", st.id, s.name, err)
			}
			l.count(func(sum *Summary) {
				if !s.finding.batch {
					sum.Alone++
				}
				done++
				l.opts.Say("step %s: %d of %d graded (%s)", st.id, done, len(todo), s.name)
			})
			return nil
		})
	}
	return group.Wait()
}

func (l *lab) gradeOne(ctx context.Context, st *step, s *specimen, b *batch, work string) (*finding, error) {
	job := grade.Job{
		Root: l.opts.Root, Step: st.id, Dir: l.opts.Root.SolutionDir(st.id), Title: st.title, Rules: st.rules,
		Files: s.files, Suite: s.suite, Only: s.only, Race: true, Work: work, Limits: s.limits,
	}
	f := &finding{}
	compiled := b != nil && b.has(s)
	job.Reference = st.reference(s, compiled)
	if compiled {
		f.batch, f.race = true, b.race
		job.Race = b.race
		job.Program, job.Env = b.program, b.env(s)
	}
	var err error
	f.result, err = grade.Grade(ctx, job)
	return f, err
}

// unwanted lists the specimens that did not come out as wanted, of those that which chooses.
func unwanted(rows []*row, which func(*finding) bool) []*specimen {
	var out []*specimen
	for _, r := range rows {
		for _, c := range r.claims {
			f := c.specimen.finding
			if f != nil && which(f) && c.judge(f.result) != "" && !slices.Contains(out, c.specimen) {
				out = append(out, c.specimen)
			}
		}
	}
	return out
}

// seen is what a learner would see of a result.
func seen(r *result.Result) string {
	var b strings.Builder
	_ = report.Write(&b, report.Text, r, report.Options{}) // writing to memory does not fail
	return b.String()
}
