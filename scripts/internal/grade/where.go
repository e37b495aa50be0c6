package grade

import (
	"slices"
	"strings"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/region"
	"wsworkshop/scripts/internal/result"
)

// where says where the learner should go for a task: her own line in a stack, else the
// TODO in her files, else the declaration that answers the task in the reference, else a file
// that is new in this step.
func (g *grading) where(task string, stack []result.Frame) (string, int) {
	if len(stack) > 0 {
		return stack[0].File, stack[0].Line
	}
	if file, line := g.todo(task); file != "" {
		return file, line
	}
	if file, line := g.declaration(task); file != "" {
		return file, line
	}
	for _, p := range g.job.Fresh {
		if _, ok := g.learners(p); ok {
			return p, 1
		}
	}
	return "", 0
}

// blamed returns the stack from the call on that the learner should look at. Where the innermost
// line answers another task, that is the innermost call that answers the failed one, if one does:
// the line that writes to the network is often right, and its caller is not. A task that is not
// written yet is the better reason why something did not come.
func (g *grading) blamed(task string, f fault) []result.Frame {
	at := f.look
	if at >= len(f.stack) {
		at = 0 // the call to blame is not the learner's
	}
	misleads := f.verdict == result.Wrong || f.verdict == result.Frozen || f.verdict == result.Race
	if misleads && g.otherTask(task, f.stack) != "" {
		own := slices.IndexFunc(f.stack, func(call result.Frame) bool { return g.answeredBy(task, call) })
		if own >= 0 {
			return f.stack[own:]
		}
	}
	if file, _ := g.todo(task); file != "" && f.verdict == result.Wrong {
		return nil
	}
	return f.stack[at:]
}

// otherTask is the task that the innermost line of a stack answers in the reference, if that
// is not the task which failed: hints for that one help.
func (g *grading) otherTask(failed string, stack []result.Frame) string {
	if len(stack) == 0 || g.answeredBy(failed, stack[0]) {
		return ""
	}
	for _, task := range g.suite.Tasks {
		if g.answeredBy(task.ID, stack[0]) {
			return task.ID
		}
	}
	return ""
}

// todo finds the mark that the starter has for the task; Go files come first.
func (g *grading) todo(task string) (string, int) {
	for _, p := range goFirst(g.module) {
		if line := region.TODO(p, g.module[p], task); line > 0 {
			return p, line
		}
	}
	return "", 0
}

func goFirst(set files.Set) []string {
	paths := set.Paths()
	slices.SortStableFunc(paths, func(a, b string) int { return notGo(a) - notGo(b) })
	return paths
}

func notGo(p string) int {
	if strings.HasSuffix(p, ".go") {
		return 0
	}
	return 1
}

// declaration finds the learner's declaration of what answers the task in the reference, or
// else the file that it should be in.
func (g *grading) declaration(task string) (string, int) {
	home := ""
	for _, p := range goFirst(g.job.Reference) {
		names := answers(p, g.job.Reference[p], task)
		for _, name := range names {
			if file, line := g.declared(p, name); file != "" {
				return file, line
			}
		}
		if _, ok := g.module[p]; ok && home == "" && hasRegion(p, g.job.Reference[p], task) {
			home = p
		}
	}
	if home != "" {
		return home, 1
	}
	return "", 0
}

// declared finds a declaration in the file that it should be in, else in any other.
func (g *grading) declared(first, name string) (string, int) {
	for _, p := range append([]string{first}, g.module.Paths()...) {
		if _, ok := g.learners(p); !ok {
			continue
		}
		if d, ok := region.FindDeclaration(p, g.module[p], name); ok {
			return p, d.Begin
		}
	}
	return "", 0
}

// answers names the declarations of a reference file that answer the task.
func answers(p string, src []byte, task string) []string {
	var names []string
	eachRegion(p, src, task, func(f *region.File, r *region.Region) {
		names = append(names, f.Decls(r)...)
	})
	return names
}

func hasRegion(p string, src []byte, task string) bool {
	found := false
	eachRegion(p, src, task, func(*region.File, *region.Region) { found = true })
	return found
}

func eachRegion(p string, src []byte, task string, do func(*region.File, *region.Region)) {
	if !region.Marked(p) || suiteOrDoc(p) {
		return
	}
	f, err := region.Parse(p, src)
	if err != nil {
		return
	}
	for i := range f.Regions {
		if f.Regions[i].Has(task) {
			do(f, &f.Regions[i])
		}
	}
}

func suiteOrDoc(p string) bool {
	return strings.HasSuffix(p, "_test.go") || strings.HasSuffix(p, ".md")
}
