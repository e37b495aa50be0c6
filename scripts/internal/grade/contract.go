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
	regexp.MustCompile(`: undefined: (?P<pkg>\w+)\.(?P<name>\w+)`),
	regexp.MustCompile(`: \S+ undefined \(type \*?(?P<pkg>\w+)\.(?P<type>\w+) has no field or method (?P<name>\w+)`),
	regexp.MustCompile(`: unknown field (?P<name>\w+) in struct literal of type (?P<pkg>\w+)\.(?P<type>\w+)`),
}

// needed is a name that the suite uses: "New" of chat, "Client.Run" of client.
type needed struct{ pkg, name string }

// String names it as the lesson does: what is not the server's with its package.
func (n needed) String() string {
	if n.pkg == "chat" {
		return n.name
	}
	return n.pkg + "." + n.name
}

// missingName finds what the suite uses and the step does not have.
func missingName(d diagnostic) needed {
	if !suite.IsFile(d.file) {
		return needed{}
	}
	for _, re := range missingREs {
		m := re.FindStringSubmatch(d.text)
		if m == nil {
			continue
		}
		name := m[re.SubexpIndex("name")]
		if i := re.SubexpIndex("type"); i > 0 {
			name = m[i] + "." + name
		}
		return needed{m[re.SubexpIndex("pkg")], name}
	}
	return needed{}
}

// missing says in words that the suite uses what the step no longer has.
func (g *grading) missing(all []diagnostic) string {
	for _, d := range all {
		if !suite.IsFile(d.file) {
			continue
		}
		contract := "The Contract in README.md says what the suite relies on."
		name := missingName(d)
		if name.name == "" {
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

// home is the file that declares what is needed in the reference.
func (g *grading) home(n needed) string {
	typ, _, _ := strings.Cut(n.name, ".")
	for _, want := range []string{n.name, typ} {
		for _, p := range g.job.Reference.Paths() {
			if suiteOrDoc(p) || !n.in(path.Dir(p)) {
				continue
			}
			if _, ok := region.FindDeclaration(p, g.job.Reference[p], want); ok {
				return p
			}
		}
	}
	return ""
}

// in tells whether a folder of the module is that of the package.
func (n needed) in(dir string) bool {
	if dir == "." {
		return n.pkg == "chat"
	}
	return path.Base(dir) == n.pkg
}

var contractName = regexp.MustCompile(`\bchat\.([A-Z]\w*)`)

// contract is where to mend what the suite complains about: the learner's declaration of
// that name, else the file that has it in the reference.
func (g *grading) contract(all []diagnostic) (string, int) {
	for _, d := range all {
		n := missingName(d)
		if m := contractName.FindStringSubmatch(d.text); n.name == "" && m != nil && suite.IsFile(d.file) {
			n = needed{"chat", m[1]}
		}
		home := g.home(n)
		if home == "" {
			continue
		}
		typ, _, _ := strings.Cut(n.name, ".")
		if file, line := g.declared(home, typ); file != "" && path.Dir(file) == path.Dir(home) {
			return file, line
		}
		return home, 1
	}
	return "", 0
}
