package grade

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/suite"
)

// broken is the result of a step that does not compile.
func (g *grading) broken() (*result.Result, error) {
	r := g.result()
	all := g.diagnostics()
	if err := g.ownFault(all); err != nil {
		return nil, err
	}
	where := diagnostic{}
	for _, d := range all {
		if where.file == "" && d.file != "" {
			where = d
		}
	}
	r.Compile = g.compilerLines()
	message := "the step does not compile"
	if len(all) > 0 {
		message = all[0].text
	}
	if words := misfit(all); words != "" {
		message = words
		r.Compile = append(r.Compile, "", words)
	}
	if suite.IsFile(where.file) {
		where.file, where.line = g.contract(all)
	}
	for _, task := range g.tasks {
		t := result.Task{ID: task.ID, Title: task.Title, Points: task.Points, After: task.After,
			Verdict: result.Compile, Message: message, Test: task.Tests[0].Name, File: where.file, Line: where.line}
		r.Tasks = append(r.Tasks, t)
	}
	g.addLacking(r)
	r.Settle()
	return r, nil
}

// compilerLines are the complaints, with the files named from the workshop's root.
func (g *grading) compilerLines() []string {
	dir := g.result().Dir
	var lines []string
	for _, d := range g.diagnostics() {
		if d.file != "" {
			d.text = path.Join(dir, d.file) + d.text[len(d.file):]
		}
		lines = append(lines, d.text)
	}
	return lines
}

var ownName = regexp.MustCompile(`undefined: (?:testclient|testpage|chattest)\.`)

// ownFault is the error of a workshop that is broken itself, which no learner should have
// to answer for.
func (g *grading) ownFault(all []diagnostic) error {
	pkg := string(g.job.Root) + string(filepath.Separator) + "pkg" + string(filepath.Separator)
	for _, d := range all {
		if strings.HasPrefix(d.text, pkg) || (suite.IsFile(d.file) && ownName.MatchString(d.text)) {
			return fmt.Errorf("pkg/ does not fit, which is not your doing:\n%s\nSee what has changed there with git status pkg", d.text)
		}
	}
	return nil
}
