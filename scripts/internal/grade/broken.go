package grade

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"wsworkshop/scripts/internal/region"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/suite"
)

// diagnostic is one complaint of the compiler or the go command.
type diagnostic struct {
	file string // "" when it names none
	line int
	text string // as printed, with the file named as in the module
}

// broken is the result of a step that does not compile.
func (g *grading) broken() (*result.Result, error) {
	r := g.result()
	all := g.diagnostics()
	if err := g.ownFault(all); err != nil {
		return nil, err
	}
	where := diagnostic{}
	for _, d := range all {
		text := d.text
		if d.file != "" {
			text = path.Join(r.Dir, d.file) + text[len(d.file):]
		}
		r.Compile = append(r.Compile, text)
		if where.file == "" && d.file != "" {
			where = d
		}
	}
	message := "the step does not compile"
	if len(all) > 0 {
		message = all[0].text
	}
	if words := g.missing(all); words != "" {
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
	r.Settle()
	return r, nil
}

// ownFault is the error of a workshop that is broken itself, which no learner should have
// to answer for.
func (g *grading) ownFault(all []diagnostic) error {
	pkg := string(g.job.Root) + string(filepath.Separator) + "pkg" + string(filepath.Separator)
	for _, d := range all {
		if strings.HasPrefix(d.text, pkg) || (suite.IsFile(d.file) && strings.Contains(d.text, "undefined: testclient.")) {
			return fmt.Errorf("pkg/testclient does not fit, which is not your doing:\n%s\nSee what has changed there with git status pkg", d.text)
		}
	}
	return nil
}

var (
	diagnosticRE = regexp.MustCompile(`^(?:go: )?(\S[^:]*\.(?:go|mod|sum|s|c|h)):(\d+)(:\d+)?: `)
	noiseRE      = regexp.MustCompile(`^(# |FAIL\s|go: errors parsing \S*go\.mod:$)`)
)

// diagnostics are the complaints, in order, with their continuation lines.
func (g *grading) diagnostics() []diagnostic {
	text := string(g.build)
	if g.modErr != nil {
		text = g.modErr.Error()
	}
	var all []diagnostic
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case line == "" || noiseRE.MatchString(line):
		case len(all) > 0 && strings.HasPrefix(line, "\t"):
			all[len(all)-1].text += "\n" + line
		default:
			all = append(all, g.diagnostic(line))
		}
	}
	return all
}

func (g *grading) diagnostic(line string) diagnostic {
	m := diagnosticRE.FindStringSubmatch(line)
	if m == nil {
		return diagnostic{text: line}
	}
	file := g.relative(m[1])
	if file == "" && !filepath.IsAbs(m[1]) {
		file = strings.TrimPrefix(filepath.ToSlash(m[1]), "./")
	}
	n, _ := strconv.Atoi(m[2])
	if file == "" {
		return diagnostic{text: line}
	}
	rest := strings.TrimPrefix(strings.TrimPrefix(line, "go: "), m[1])
	return diagnostic{file: file, line: n, text: file + rest}
}

var missingREs = []*regexp.Regexp{
	regexp.MustCompile(`: undefined: chat\.(\w+)`),
	regexp.MustCompile(`: \S+ undefined \(type \*?chat\.(\w+) has no field or method (\w+)`),
	regexp.MustCompile(`: unknown field (\w+) in struct literal of type chat\.(\w+)`),
}

// missingName finds what the suite uses and the step does not have: "New", "Server.Rooms".
func missingName(d diagnostic) string {
	if !suite.IsFile(d.file) {
		return ""
	}
	for i, re := range missingREs {
		switch m := re.FindStringSubmatch(d.text); {
		case m == nil:
		case i == 0:
			return m[1]
		case i == 1:
			return m[1] + "." + m[2]
		default:
			return m[2] + "." + m[1]
		}
	}
	return ""
}

// missing says in words that the suite uses what the step no longer has.
func (g *grading) missing(all []diagnostic) string {
	for _, d := range all {
		if !suite.IsFile(d.file) {
			continue
		}
		contract := "The Contract in README.md says what the suite relies on."
		name := missingName(d)
		if name == "" {
			return fmt.Sprintf("The suite (%s:%d) does not fit the step any more. %s", d.file, d.line, contract)
		}
		words := fmt.Sprintf("The suite uses %s, which the step does not have any more. %s", name, contract)
		if file := g.home(name); file != "" {
			words += fmt.Sprintf(" It belongs in %s.", file)
		}
		return words
	}
	return ""
}

// home is the file that declares name in the reference.
func (g *grading) home(name string) string {
	typ, _, _ := strings.Cut(name, ".")
	for _, want := range []string{name, typ} {
		for _, p := range g.job.Reference.Paths() {
			if suiteOrDoc(p) || path.Dir(p) != "." {
				continue
			}
			if _, ok := region.FindDeclaration(p, g.job.Reference[p], want); ok {
				return p
			}
		}
	}
	return ""
}

var contractName = regexp.MustCompile(`\bchat\.([A-Z]\w*)`)

// contract is where to mend what the suite complains about: the learner's declaration of
// that name, else the file that has it in the reference.
func (g *grading) contract(all []diagnostic) (string, int) {
	for _, d := range all {
		name := missingName(d)
		if m := contractName.FindStringSubmatch(d.text); name == "" && m != nil && suite.IsFile(d.file) {
			name = m[1]
		}
		if name == "" {
			continue
		}
		typ, _, _ := strings.Cut(name, ".")
		home := g.home(name)
		if file, line := g.declared(home, typ); file != "" {
			return file, line
		}
		if home != "" {
			return home, 1
		}
	}
	return "", 0
}
