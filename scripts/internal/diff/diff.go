// Package diff puts a learner's code beside the reference.
package diff

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/region"
	"wsworkshop/scripts/internal/suite"
)

// Pair is a piece of the reference and what the learner has in its place.
type Pair struct {
	Title           string // a declaration, or a file
	File            string // of the learner's; the reference's if she has none
	Line            int    // where her piece begins; 0 if she has none
	Mine, Reference string
	whole           bool // a whole file: only what differs is shown
}

// Same reports whether there is no difference.
func (p Pair) Same() bool { return p.Mine == p.Reference }

// Unified is the difference, a line each: "-" is the learner's, "+" the reference's.
func (p Pair) Unified() string {
	context := udiff.DefaultContextLines
	if !p.whole {
		context = strings.Count(p.Mine, "\n") + 1
	}
	edits := udiff.Lines(p.Mine, p.Reference)
	text, err := udiff.ToUnified("yours", "reference", p.Mine, edits, context)
	if err != nil {
		return fmt.Sprintf("no difference can be shown: %v\n", err)
	}
	if !p.whole { // the lines are counted from the piece's begin, which tells nobody anything
		_, text, _ = strings.Cut(text, "@@\n")
	}
	return text
}

// Whole pairs the files of a step with those of its reference, which is without marks and
// under the step's module name. Suites are the same, and left out; so are equal files.
func Whole(mine, reference files.Set) []Pair {
	both := mine.Clone()
	for name, data := range reference {
		both[name] = data
	}
	var pairs []Pair
	for _, name := range both.Paths() {
		if suite.IsFile(name) || path.Ext(name) == ".md" || path.Base(name) == "go.sum" || binary(both[name]) {
			continue
		}
		p := filePair(name, mine, reference)
		if !p.Same() {
			pairs = append(pairs, p)
		}
	}
	return pairs
}

func binary(data []byte) bool { return bytes.IndexByte(data, 0) >= 0 }

func filePair(name string, mine, reference files.Set) Pair {
	p := Pair{Title: name, File: name, whole: true, Reference: string(reference[name])}
	if data, ok := mine[name]; ok {
		p.Line = 1
		p.Mine = string(region.Strip(name, data))
	}
	return p
}

// Task pairs the pieces that answer one task: the declarations around its regions or inside
// them, and whole files where those are not Go. solution has the marks.
func Task(task string, mine, reference, solution files.Set) ([]Pair, error) {
	var pairs []Pair
	seen := map[string]bool{}
	for _, name := range solution.Paths() {
		f, err := region.Parse(name, solution[name])
		if err != nil {
			return nil, err
		}
		for i := range f.Regions {
			if !f.Regions[i].Has(task) {
				continue
			}
			for _, p := range pieces(f, &f.Regions[i], mine, reference) {
				if key := p.Title + "\x00" + p.File; !seen[key] {
					seen[key] = true
					pairs = append(pairs, p)
				}
			}
		}
	}
	return pairs, nil
}

func pieces(f *region.File, r *region.Region, mine, reference files.Set) []Pair {
	decls := f.Decls(r)
	if len(decls) == 0 {
		return []Pair{filePair(f.Path, mine, reference)}
	}
	var pairs []Pair
	for _, decl := range decls {
		p := Pair{Title: decl, File: f.Path}
		p.Reference, _ = cut(f.Path, reference[f.Path], decl)
		for _, name := range near(f.Path, mine) {
			if text, line := cut(name, region.Strip(name, mine[name]), decl); line > 0 {
				p.Mine, p.File = text, name
				_, p.Line = cut(name, mine[name], decl)
				break
			}
		}
		pairs = append(pairs, p)
	}
	return pairs
}

// near lists the files in which a declaration may be: the reference's first, then its
// neighbours.
func near(name string, set files.Set) []string {
	names := []string{name}
	for _, other := range set.Paths() {
		if other != name && path.Dir(other) == path.Dir(name) && strings.HasSuffix(other, ".go") {
			names = append(names, other)
		}
	}
	return names
}

// cut returns a declaration with its doc comment, and the line in which it begins.
func cut(name string, src []byte, decl string) (string, int) {
	d, ok := region.FindDeclaration(name, src, decl)
	if !ok {
		return "", 0
	}
	lines := strings.SplitAfter(string(src), "\n")
	return strings.Join(lines[d.Doc-1:d.End], ""), d.Begin
}
