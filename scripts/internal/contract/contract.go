// Package contract reads the rules of a step's Contract, which stand in its lesson as items of
// a list or as rows of a table:
//
//	| **6.b** | `Config.RateLimit` | Zero means no limit. |
//
//	- **6.c** An event counts for exactly one window.
//	- **6.d** *(not tested: it is a matter of speed)* `Allow` looks at few clients only.
package contract

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"

	"wsworkshop/scripts/internal/workspace"
)

// ID matches the id of a rule: the step's number and one or two letters.
const ID = `\d+\.[a-z]{1,2}`

// Rule is one rule of a Contract.
type Rule struct {
	ID       string // "6.c"
	Text     string // what must be so, in a line, without the marks of Markdown
	Untested string // why no test guards it; "" where a test must
	File     string // relative to the workshop
	Line     int
}

// Place names the line that the rule begins in, for editors to find.
func (r *Rule) Place() string { return fmt.Sprintf("%s:%d", r.File, r.Line) }

// Contract is the rules of a step, in the order of the lesson. It is empty where the lesson
// has no ids yet.
type Contract []Rule

// Find returns the rule with that id, nil if there is none.
func (c Contract) Find(id string) *Rule {
	i := slices.IndexFunc(c, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return &c[i]
}

// lessons are the files of a step that may have a Contract.
var lessons = []string{"README.md", "CLIENT.md"}

// Read reads the Contract of a step. With an error it returns the rules that it could read.
func Read(root workspace.Root, step workspace.Step) (Contract, error) {
	r := &reader{step: step.Number()}
	for _, name := range lessons {
		src, err := os.ReadFile(root.Path("steps", string(step), name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		r.read(path.Join("steps", string(step), name), string(src))
	}
	if len(r.rules) > 0 { // else the step is not converted
		r.errs = append(r.errs, r.without...)
	}
	return r.rules, errors.Join(r.errs...)
}
