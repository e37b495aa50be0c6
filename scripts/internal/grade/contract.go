package grade

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"wsworkshop/scripts/internal/region"
	"wsworkshop/scripts/internal/suite"
)

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
