package verify

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/grade"
	"wsworkshop/scripts/internal/result"
)

// specimen is a module to grade: a solution with something done to it.
type specimen struct {
	name  string // "ladder 3", for progress
	files files.Set
	suite files.Set

	only []string // the tasks to grade; none means all

	// race is for what has full marks only with the race detector, as a learner's step is
	// graded. All else is tried without it first, which takes a sixth of the time.
	race bool
}

// lab grades specimens, two at a time, and remembers what it has seen.
type lab struct {
	opts  Options
	cache *cache
	dir   string // for generated modules and programs, of this lab alone

	mu       sync.Mutex
	findings map[string]*finding // by key

	summary Summary

	differences []string // found by compare in one step,
	compared    int      // of so many
}

// finding is what has come of a specimen.
type finding struct {
	result *result.Result
	batch  bool // it was one of many in a program,
	race   bool // and that had the race detector
}

// parallel is how many gradings run at once. Each is a compiler, a linker, a test program
// that mostly waits; more than this only makes them wait for each other.
const parallel = 2

// newLab makes a lab with an empty memory, apart from what the cache has. Close it.
func newLab(ctx context.Context, opts Options) (*lab, error) {
	if opts.Say == nil {
		opts.Say = func(string, ...any) {}
	}
	c, err := newCache(ctx, opts.Root)
	if err != nil {
		return nil, err
	}
	dir, err := newFolder(opts.Root.Path(".workshop", "verify"))
	if err != nil {
		return nil, err
	}
	return &lab{opts: opts, cache: c, dir: dir, findings: map[string]*finding{}}, nil
}

func (l *lab) close() { os.RemoveAll(l.dir) }

// key names what a grading depends on: the specimen, its suite, and all that the cache
// counts among its surroundings.
func (l *lab) key(st *step, s *specimen) string {
	h := l.cache.hash(string(st.id), st.title, fmt.Sprint(s.race), strings.Join(s.only, " "))
	addSet(h, s.files)
	addSet(h, s.suite)
	return sum(h)
}

// gradeAll grades the specimens of all claims that are not remembered, each once however
// many claims ask: first without the race detector what can do without, then with it the rest
// and what came out otherwise than wanted, because some mistakes need it to show. What is
// still otherwise is graded alone, as a learner's step is. That counts.
func (l *lab) gradeAll(ctx context.Context, st *step, rows []*row) error {
	todo := l.unknown(st, rows)
	quick := slices.DeleteFunc(slices.Clone(todo), func(s *specimen) bool { return s.race })
	if err := l.gradeTogether(ctx, st, quick, false); err != nil {
		return err
	}
	thorough := slices.DeleteFunc(todo, func(s *specimen) bool { return !s.race })
	thorough = append(thorough, l.unwanted(st, rows, func(f *finding) bool { return f.batch && !f.race })...)
	if err := l.gradeTogether(ctx, st, thorough, true); err != nil {
		return err
	}
	return l.grade(ctx, st, l.unwanted(st, rows, func(f *finding) bool { return f.batch }), nil)
}

// unknown lists the specimens that nobody has graded yet, and reads up the others.
func (l *lab) unknown(st *step, rows []*row) []*specimen {
	var todo []*specimen
	seen := map[string]bool{}
	for _, r := range rows {
		for _, c := range r.claims {
			key := l.key(st, c.specimen)
			if seen[key] || l.findings[key] != nil {
				continue
			}
			if r := l.cache.get(key); r != nil && !l.opts.Compare {
				l.findings[key] = &finding{result: r}
				l.summary.Remembered++
				continue
			}
			seen[key] = true
			l.summary.Graded++
			todo = append(todo, c.specimen)
		}
	}
	return todo
}

// gradeTogether grades specimens by one program, as far as they fit into one.
func (l *lab) gradeTogether(ctx context.Context, st *step, todo []*specimen, race bool) error {
	if len(todo) == 0 {
		return nil
	}
	b, err := l.newBatch(ctx, st, todo, race)
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
	work := make(chan string, parallel)
	for i := range parallel {
		work <- filepath.Join(l.dir, fmt.Sprint("work", i))
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	done := 0
	for _, s := range todo {
		group.Go(func() error {
			dir := <-work
			defer func() { work <- dir }()
			f, err := l.gradeOne(ctx, st, s, b, dir)
			if err != nil {
				return fmt.Errorf("step %s, %s: %w", st.id, s.name, err)
			}
			l.mu.Lock()
			defer l.mu.Unlock()
			l.findings[l.key(st, s)] = f
			if !f.batch {
				l.summary.Alone++
			}
			done++
			l.opts.Say("step %s: %d of %d graded (%s)", st.id, done, len(todo), s.name)
			return nil
		})
	}
	return group.Wait()
}

func (l *lab) gradeOne(ctx context.Context, st *step, s *specimen, b *batch, work string) (*finding, error) {
	job := grade.Job{
		Root: l.opts.Root, Step: st.id, Dir: l.opts.Root.SolutionDir(st.id), Title: st.title,
		Files: s.files, Suite: s.suite, Only: s.only, Race: true, Work: work,
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
func (l *lab) unwanted(st *step, rows []*row, which func(*finding) bool) []*specimen {
	var out []*specimen
	for _, r := range rows {
		for _, c := range r.claims {
			f := l.findings[l.key(st, c.specimen)]
			if f != nil && which(f) && c.judge(f.result) != "" && !slices.Contains(out, c.specimen) {
				out = append(out, c.specimen)
			}
		}
	}
	return out
}

// result is what gradeAll has found out about s.
func (l *lab) result(st *step, s *specimen) *result.Result {
	return l.findings[l.key(st, s)].result
}

// trust keeps a result for the next run. Only what was as wanted is worth that: what was
// not is looked at again.
func (l *lab) trust(st *step, s *specimen) error {
	key := l.key(st, s)
	return l.cache.put(key, l.findings[key].result)
}

// seen is what a learner would see of a result.
func (l *lab) seen(r *result.Result) string {
	var b strings.Builder
	l.opts.Report(&b, r)
	return b.String()
}
