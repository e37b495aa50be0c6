package grade

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/api"
	"wsworkshop/scripts/internal/region"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/suite"
)

// lacking is a task that cannot be graded: its tests use names that the step does not have.
type lacking struct {
	task  suite.Task
	names []api.Name
}

// withdraw takes the tasks out of the grading whose tests use names that the step does not
// have, with the files of the suite that only they need. So one missing name does not keep
// the others from being graded. It reports whether there are such tasks.
func (g *grading) withdraw() bool {
	if g.modErr != nil || !slices.ContainsFunc(g.diagnostics(), func(d diagnostic) bool { return suite.IsFile(d.file) }) {
		return false
	}
	lacks := api.Lacks(g.job.Suite, g.job.Reference, g.module)
	var graded []suite.Task
	for _, task := range g.tasks {
		var names []api.Name
		for file := range suite.Needed(g.job.Suite, []suite.Task{task}) {
			names = append(names, lacks[file]...)
		}
		if len(names) == 0 {
			graded = append(graded, task)
			continue
		}
		slices.SortFunc(names, api.Name.Compare)
		g.lacking = append(g.lacking, lacking{task, slices.Compact(names)})
	}
	if len(g.lacking) == 0 {
		return false
	}
	g.tasks = graded
	g.complaints = g.compilerLines()
	g.leaveOut()
	return true
}

// addLacking puts the tasks that were taken out beside the others. The caller settles r.
func (g *grading) addLacking(r *result.Result) {
	if len(g.lacking) == 0 {
		return
	}
	var all []api.Name
	for _, l := range g.lacking {
		all = append(all, l.names...)
		test := l.task.Tests[0]
		t := result.Task{
			ID: l.task.ID, Title: l.task.Title, Points: l.task.Points, After: l.task.After,
			Verdict: result.Compile, Test: test.Name,
			Failure: &result.Failure{SuiteFile: test.File, SuiteLine: test.Line, NotRun: true},
			Message: fmt.Sprintf("The suite uses %s, which the step does not have. The lesson's Contract says what the suite relies on.", list(words(l.names))),
		}
		t.File, t.Line = g.belongs(l.names)
		r.Tasks = append(r.Tasks, t)
	}
	ids := g.suite.IDs()
	slices.SortFunc(r.Tasks, func(a, b result.Task) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	slices.SortFunc(all, api.Name.Compare)
	brief := list(g.briefly(slices.Compact(all)))
	if len(r.Compile) == 0 { // the others were graded
		r.Compile, r.Lacks = g.complaints, brief
		return
	}
	r.Compile = append(r.Compile, "", "The step does not have these names of the Contract: "+brief+".")
}

// briefly names packages that the step lacks altogether, and the rest one by one.
func (g *grading) briefly(names []api.Name) []string {
	var brief []string
	for _, n := range names {
		word := n.String()
		if !slices.ContainsFunc(g.module.Paths(), func(p string) bool { return path.Dir(p) == n.Dir }) {
			word = "package " + path.Base(n.Dir)
		}
		brief = append(brief, word)
	}
	return slices.Compact(brief)
}

func words(names []api.Name) []string {
	var words []string
	for _, n := range names {
		words = append(words, n.String())
	}
	return words
}

// list is "A", "A and B", "A, B and C".
func list(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// belongs is where one of the names is to be written: the learner's declaration of the type
// that it belongs to, else the file that has it in the reference, if the learner has that.
func (g *grading) belongs(names []api.Name) (string, int) {
	for _, n := range names {
		home := g.home(n)
		if file, line := g.declared(home, n.Type()); file != "" && path.Dir(file) == n.Dir {
			return file, line
		}
		if _, ok := g.module[home]; ok {
			return home, 1
		}
	}
	return "", 0
}

// home is the file that declares a name in the reference, or the type that it belongs to.
func (g *grading) home(n api.Name) string {
	for _, want := range []string{n.Name, n.Type()} {
		for _, p := range g.job.Reference.Paths() {
			if suiteOrDoc(p) || path.Dir(p) != n.Dir {
				continue
			}
			if _, ok := region.FindDeclaration(p, g.job.Reference[p], want); ok {
				return p
			}
		}
	}
	return ""
}
