package verify

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
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
}

// lab grades specimens, two at a time, and remembers what it has seen.
type lab struct {
	opts  Options
	cache *cache

	mu      sync.Mutex
	results map[string]*result.Result // by key
	graded  int                       // those that were not remembered
}

// parallel is how many gradings run at once. Each is a compiler, a linker, a test program
// that mostly waits; more than this only makes them wait for each other.
const parallel = 2

// key names what a grading depends on: the specimen, its suite, and all that the cache
// counts among its surroundings.
func (l *lab) key(st *step, s *specimen) string {
	h := l.cache.hash(string(st.id), st.title)
	addSet(h, s.files)
	addSet(h, s.suite)
	return sum(h)
}

// gradeAll grades the specimens that are not remembered, each once however many rows ask.
func (l *lab) gradeAll(ctx context.Context, st *step, specimens []*specimen) error {
	todo := map[string]*specimen{}
	var order []string
	for _, s := range specimens {
		key := l.key(st, s)
		if l.results[key] != nil || todo[key] != nil {
			continue
		}
		if r := l.cache.get(key); r != nil {
			l.results[key] = r
			continue
		}
		todo[key] = s
		order = append(order, key)
	}
	if len(order) == 0 {
		return nil
	}
	work := make(chan string, parallel) // folders whose build caches stay warm
	for i := range parallel {
		work <- filepath.Join(l.opts.Root.Path(".workshop", "verify"), string(st.id), fmt.Sprint(i))
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	done := 0
	for _, key := range order {
		group.Go(func() error {
			dir := <-work
			defer func() { work <- dir }()
			r, err := l.grade(ctx, st, todo[key], dir)
			if err != nil {
				return fmt.Errorf("step %s, %s: %w", st.id, todo[key].name, err)
			}
			l.mu.Lock()
			defer l.mu.Unlock()
			l.results[key] = r
			l.graded++
			done++
			l.opts.Say("step %s: %d of %d graded (%s)", st.id, done, len(order), todo[key].name)
			return nil
		})
	}
	return group.Wait()
}

func (l *lab) grade(ctx context.Context, st *step, s *specimen, work string) (*result.Result, error) {
	if err := os.MkdirAll(work, 0o777); err != nil {
		return nil, err
	}
	return grade.Grade(ctx, grade.Job{
		Root: l.opts.Root, Step: st.id, Dir: l.opts.Root.SolutionDir(st.id), Title: st.title,
		Files: s.files, Suite: s.suite, Reference: st.solution, Race: true, Work: work,
	})
}

// result is what gradeAll has found out about s.
func (l *lab) result(st *step, s *specimen) *result.Result { return l.results[l.key(st, s)] }

// trust keeps a result for the next run. Only what was as wanted is worth that: what was
// not is looked at again.
func (l *lab) trust(st *step, s *specimen) error {
	key := l.key(st, s)
	return l.cache.put(key, l.results[key])
}

// seen is what a learner would see of a result.
func (l *lab) seen(r *result.Result) string {
	var b strings.Builder
	l.opts.Report(&b, r)
	return b.String()
}
