package grade

import (
	"fmt"
	"regexp"

	"wsworkshop/scripts/internal/api"
	"wsworkshop/scripts/internal/suite"
)

// misfit says in words that the suite uses something of the step in another way than the
// step has it.
func misfit(all []diagnostic) string {
	for _, d := range all {
		if suite.IsFile(d.file) {
			return fmt.Sprintf("The suite (%s:%d) does not fit the step. The lesson's Contract says what the suite relies on.", d.file, d.line)
		}
	}
	return ""
}

var contractName = regexp.MustCompile(`\bchat\.([A-Z]\w*)`)

// contract is where to mend what the suite complains about: the learner's declaration of
// that name, else the file that has it in the reference.
func (g *grading) contract(all []diagnostic) (string, int) {
	for _, d := range all {
		m := contractName.FindStringSubmatch(d.text)
		if m == nil || !suite.IsFile(d.file) {
			continue
		}
		if file, line := g.belongs([]api.Name{{Dir: ".", Name: m[1]}}); file != "" {
			return file, line
		}
	}
	return "", 0
}
