package release

import (
	"bytes"
	"path"
	"strings"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/region"
	"wsworkshop/scripts/internal/suite"
	"wsworkshop/scripts/internal/workspace"
)

// State is how a file of a step relates to the step before.
type State string

const (
	New     State = "new"
	Changed State = "changed"
	Carried State = "carried" // the same but for the module path
)

// File is a line of a step's list of files.
type File struct {
	Path  string
	State State
	Tasks []string // this step's tasks that are to be written in it; none: it is given
	Suite bool     // a test: read it, do not write it
}

// Inventory lists a step's files. before is the solution of the step before, empty for the
// first step.
func Inventory(step workspace.Step, solution, before files.Set) ([]File, error) {
	old := files.Set{}
	for name, data := range Move(before, SolutionModule(step.Prev()), SolutionModule(step)) {
		plain, err := plain(name, data)
		if err != nil {
			return nil, within("solutions/"+string(step.Prev()), err)
		}
		old[name] = plain
	}
	var list []File
	for _, name := range solution.Paths() {
		if path.Base(name) == "go.sum" {
			continue
		}
		now, err := plain(name, solution[name])
		if err != nil {
			return nil, within("solutions/"+string(step), err)
		}
		f := File{Path: name, State: New, Suite: suite.IsFile(name)}
		if then, ok := old[name]; ok {
			f.State = Changed
			if bytes.Equal(then, now) {
				f.State = Carried
			}
		}
		f.Tasks = tasksIn(step, name, solution[name])
		list = append(list, f)
	}
	return list, nil
}

// plain is a file without stubs, which stand in one step only.
func plain(name string, src []byte) ([]byte, error) {
	f, err := region.Parse(name, src)
	if err != nil {
		return nil, err
	}
	return f.Plain(), nil
}

// tasksIn lists the step's tasks that have a region in the file, in their order.
func tasksIn(step workspace.Step, name string, src []byte) []string {
	f, err := region.Parse(name, src)
	if err != nil {
		return nil // told by whoever makes the starter
	}
	has := map[string]bool{}
	for _, r := range f.Regions {
		for _, task := range r.Tasks {
			has[task] = stepOf(task) == step.Number()
		}
	}
	return inOrder(has)
}

// table is the inventory as the lesson shows it.
func table(step workspace.Step, list []File) string {
	var b strings.Builder
	b.WriteString("| file | | your tasks |\n| --- | --- | --- |\n")
	var given, carried, tests []string
	for _, f := range list {
		name := "`" + f.Path + "`"
		switch {
		case f.Suite:
			tests = append(tests, name)
		case len(f.Tasks) > 0:
			b.WriteString("| " + name + " | " + string(f.State) + " | " + strings.Join(f.Tasks, ", ") + " |\n")
		case f.State == Carried:
			carried = append(carried, name)
		default:
			given = append(given, "| "+name+" | "+string(f.State)+", given | |\n")
		}
	}
	b.WriteString(strings.Join(given, ""))
	if len(carried) > 0 {
		b.WriteString("\nCarried over from step " + string(step.Prev()) + " as they were: " + strings.Join(carried, ", ") + ".\n")
	}
	if len(tests) > 0 {
		b.WriteString("\nThe suite, given: " + strings.Join(tests, ", ") + ".\n")
	}
	return b.String()
}
