package grade

import (
	"bytes"
	"fmt"
	"strings"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/suite"
)

// restoreSuite puts the pristine suite in place of what the module has, and notes what
// the learner has changed: she may look at the suite, but not grade herself.
func (g *grading) restoreSuite() {
	var edited, deleted []string
	pristine := map[string][]byte{}
	for p, data := range g.job.Suite {
		if suite.IsFile(p) {
			pristine[p] = g.adapt(data)
		}
	}
	for p, want := range pristine {
		switch have, ok := g.module[p]; {
		case !ok:
			deleted = append(deleted, p)
		case !bytes.Equal(g.adapt(files.LF(have)), want):
			edited = append(edited, p)
		}
		g.module[p] = want
	}
	for p := range g.module {
		if _, ok := pristine[p]; suite.IsFile(p) && !ok {
			delete(g.module, p) // her own tests are hers: they are not graded, and cannot disturb
		}
	}
	if g.job.Lean {
		g.leaveOut()
	}
	g.noteSuite("changed", edited)
	g.noteSuite("deleted", deleted)
}

// leaveOut takes from the module the files of the suite that nothing to be graded needs.
func (g *grading) leaveOut() {
	needed := suite.Needed(suite.Files(g.module), g.tasks)
	for p := range g.module {
		if _, ok := needed[p]; suite.IsFile(p) && !ok {
			delete(g.module, p)
		}
	}
}

// adapt makes a file of the solution import the graded module.
func (g *grading) adapt(data []byte) []byte {
	n := string(g.job.Step)
	for _, from := range []string{"wsworkshop/solutions/" + n, "wsworkshop/steps/" + n} {
		data = bytes.ReplaceAll(data, []byte(`"`+from+`"`), []byte(`"`+g.path+`"`))
		data = bytes.ReplaceAll(data, []byte(`"`+from+`/`), []byte(`"`+g.path+`/`))
	}
	return data
}

func (g *grading) noteSuite(what string, paths []string) {
	if len(paths) == 0 {
		return
	}
	verb, them := "is", "it"
	if len(paths) > 1 {
		verb, them = "are", "them"
	}
	var where []string
	for _, p := range sorted(paths) {
		where = append(where, "steps/"+string(g.job.Step)+"/"+p)
	}
	g.notes = append(g.notes, fmt.Sprintf("%s %s %s here: the workshop's own suite was graded. `git checkout -- %s` brings %s back.",
		strings.Join(sorted(paths), ", "), verb, what, strings.Join(where, " "), them))
}
