package grade

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/modfile"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/suite"
)

// grading is one job under way.
type grading struct {
	job    Job
	suite  *suite.Suite
	tasks  []suite.Task // those to be graded
	disk   files.Set    // the module as it is on disk
	module files.Set    // the module as it is graded, pristine suite included
	path   string       // its module path
	temp   bool         // job.Work is to be removed

	test2json string // Go's program that reads the output of tests

	race    bool
	raceOff string
	notes   []string

	lacking    []lacking // tasks that cannot be graded
	complaints []string  // what the go command said before they were taken out

	build  []byte // what the go command said, when it failed
	modErr error  // what is wrong with go.mod

	outcomes map[string]*outcome // by test
	worked   time.Duration       // running tests, as far as others did not have the processors
}

// begin reads the module and works out what will be compiled.
func begin(job Job) (*grading, error) {
	job.Limits = job.Limits.withDefaults()
	g := &grading{job: job, race: job.Race, outcomes: map[string]*outcome{}}
	var err error
	if g.suite, err = suite.Parse(job.Suite); err != nil {
		return nil, fmt.Errorf("suite of step %s: %w", job.Step, err)
	}
	if err := g.choose(); err != nil {
		return nil, err
	}
	if g.disk, err = readModule(job.Dir); err != nil {
		return nil, err
	}
	g.module = job.Files
	if g.module == nil {
		g.module = g.disk
	}
	g.module = g.module.Clone()
	g.modulePath()
	g.restoreSuite()
	return g, g.workspace()
}

// choose takes the tasks of the suite that the job asks for.
func (g *grading) choose() error {
	if len(g.job.Only) == 0 {
		g.tasks = g.suite.Tasks
		return nil
	}
	for _, id := range g.job.Only {
		t, err := g.suite.Find(id)
		if err != nil {
			return err
		}
		g.tasks = append(g.tasks, *t)
	}
	return nil
}

// readModule reads all that may matter to the go command. The variants of a solution do not.
func readModule(dir string) (files.Set, error) {
	set, err := files.Read(dir, func(p string) bool {
		return p == "variants/" || p == "node_modules/" || strings.HasSuffix(p, ".md")
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is not there: `make reset` of that step makes it", dir)
	}
	return set, err
}

// modulePath finds the module's path, which the learner may have changed.
func (g *grading) modulePath() {
	g.path = "wsworkshop/steps/" + string(g.job.Step)
	data, ok := g.module["go.mod"]
	if !ok {
		g.modErr = errors.New("go.mod:1: the file is missing; `make reset` brings it back and keeps what you have")
		return
	}
	if _, err := modfile.Parse("go.mod", data, nil); err != nil {
		g.modErr = err
		return
	}
	if p := modfile.ModulePath(data); p != "" {
		g.path = p
	}
}

// workspace makes the folder for the overlay and the program.
func (g *grading) workspace() (err error) {
	if g.job.Work != "" {
		return os.MkdirAll(g.job.Work, 0o777)
	}
	g.temp = true
	g.job.Work, err = os.MkdirTemp("", "workshop-")
	return err
}

func (g *grading) end() {
	if g.temp {
		os.RemoveAll(g.job.Work)
	}
}

// relative is the module's name for a file that a program named, or "" when it is not one
// of the learner's. The compiler names a file by its copy in the overlay if the module's
// folder does not have it.
func (g *grading) relative(file string) string {
	if !filepath.IsAbs(file) {
		file = filepath.Join(g.job.Dir, file)
	}
	for _, dir := range []string{filepath.Join(g.job.Work, "overlay"), g.job.Dir} {
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			continue
		}
		rel = filepath.ToSlash(rel)
		if _, ok := g.module[rel]; ok {
			return rel
		}
	}
	return ""
}

// learners reports whether file is one that the learner writes, and its name in the module.
func (g *grading) learners(file string) (string, bool) {
	rel := g.relative(file)
	return rel, rel != "" && !suite.IsFile(rel) && (strings.HasSuffix(rel, ".go") || strings.HasSuffix(rel, ".js"))
}

// own keeps the learner's frames of a stack, with files and functions named as in the module.
func (g *grading) own(stack []result.Frame) []result.Frame {
	var own []result.Frame
	for _, f := range stack {
		if rel, ok := g.learners(f.File); ok {
			f.File, f.Func = rel, shortFunc(f.Func)
			own = append(own, f)
		}
	}
	return own
}
