package suite

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"wsworkshop/scripts/internal/contract"
	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/workspace"
)

// Fault is what is wrong with a suite or with hints, and where.
type Fault struct {
	File string
	Line int
	Msg  string
}

func (f *Fault) Error() string { return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Msg) }

// header is a task header in a test's doc comment.
type header struct {
	step, number int
	points       int // 0: a further test of the task
	after        []string
	rule         string
	test         Test
}

func (h *header) id() string { return fmt.Sprintf("%d.%d", h.step, h.number) }

// reading is a suite that is being read.
type reading struct {
	headers []*header
	errs    []error
}

func (r *reading) errorf(t Test, format string, args ...any) {
	r.errs = append(r.errs, &Fault{t.File, t.Line, fmt.Sprintf(format, args...)})
}

// Parse reads the suite in a module's files. Its errors are of type *Fault, all that were
// found joined; a suite with errors is no suite.
func Parse(set files.Set) (*Suite, error) {
	r := &reading{}
	suite := Files(set)
	for _, name := range suite.Paths() {
		r.file(name, suite[name])
	}
	if len(r.errs) == 0 && len(r.headers) == 0 {
		r.errorf(Test{File: "*_test.go", Line: 1}, "no graded tests: each begins with // Task 1.1 (20 points): What must be so.")
	}
	if len(r.errs) > 0 {
		return nil, errors.Join(r.errs...)
	}
	s := r.suite()
	r.check(s)
	if len(r.errs) > 0 {
		return nil, errors.Join(r.errs...)
	}
	return s, nil
}

// file reads the tests of one file.
func (r *reading) file(name string, src []byte) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if list, ok := errors.AsType[scanner.ErrorList](err); ok {
		r.errorf(Test{File: name, Line: list[0].Pos.Line}, "this is not Go: %s", list[0].Msg)
		return
	}
	if got := file.Name.Name; got != "chat_test" {
		r.errorf(Test{File: name, Line: fset.Position(file.Name.Pos()).Line},
			"package %s: a suite is in package chat_test, so that it uses only what the Contract names", got)
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && isTest(f) {
			r.test(f.Doc, Test{Name: f.Name.Name, File: name, Line: fset.Position(f.Pos()).Line})
		}
	}
}

// isTest reports whether go test runs f as a test.
func isTest(f *ast.FuncDecl) bool {
	rest, ok := strings.CutPrefix(f.Name.Name, "Test")
	first, _ := utf8.DecodeRuneInString(rest)
	if !ok || f.Recv != nil || unicode.IsLower(first) || f.Type.Params.NumFields() != 1 {
		return false
	}
	star, ok := f.Type.Params.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	sel, ok := star.X.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "T"
}

var (
	headerRE   = regexp.MustCompile(`^Task (\d+)\.(\d+)(?: \((\d+) points?(?:, after (\d+\.\d+(?:, \d+\.\d+)*))?\))?: (.+)$`)
	sentenceRE = regexp.MustCompile(`[.!?] +\p{Lu}`)
	rulesRE    = regexp.MustCompile(`^Rules: (` + contract.ID + `(?:, ` + contract.ID + `)*)\.$`)
)

const howHeader = `// Task 1.2 (25 points, after 1.1): What must be so.`

// test reads one test's header.
func (r *reading) test(doc *ast.CommentGroup, t Test) {
	paragraphs := paragraphs(doc.Text())
	paragraph := paragraphs[0]
	m := headerRE.FindStringSubmatch(paragraph)
	switch {
	case m == nil && !strings.HasPrefix(paragraph, "Task"):
		r.errorf(t, "%s belongs to no task: begin its doc comment with %q", t.Name, howHeader)
		return
	case m == nil:
		r.errorf(t, "the task header of %s is not understood: write %q, or %q for a further test of a task",
			t.Name, howHeader, "// Task 1.2: What must be so.")
		return
	}
	if !strings.HasSuffix(m[5], ".") || sentenceRE.MatchString(m[5]) {
		r.errorf(t, "the header of %s must be one sentence that ends with a full stop; what follows goes into a paragraph of its own", t.Name)
	}
	t.Rule = m[5]
	t.Rules = r.rules(t, paragraphs[1:])
	h := &header{rule: m[5], test: t}
	h.step, _ = strconv.Atoi(m[1])
	h.number, _ = strconv.Atoi(m[2])
	h.points, _ = strconv.Atoi(m[3])
	if m[3] != "" && h.points == 0 {
		r.errorf(t, "task %s has 0 points: a task is worth something", h.id())
	}
	if m[4] != "" {
		h.after = strings.Split(m[4], ", ")
	}
	r.headers = append(r.headers, h)
}

// paragraphs are those of a comment, a line each. "Rules:" begins one of its own.
func paragraphs(doc string) []string {
	doc = strings.ReplaceAll(strings.TrimSpace(doc), "\nRules:", "\n\nRules:")
	all := strings.Split(doc, "\n\n")
	for i, p := range all {
		all[i] = strings.Join(strings.Fields(p), " ")
	}
	return all
}

// rules reads which rules of the Contract a test guards.
func (r *reading) rules(t Test, paragraphs []string) []string {
	for _, p := range paragraphs {
		if !strings.HasPrefix(p, "Rules:") {
			continue
		}
		if m := rulesRE.FindStringSubmatch(p); m != nil {
			return strings.Split(m[1], ", ")
		}
		r.errorf(t, "the rules of %s are not understood: write %q in a paragraph of its own", t.Name, "// Rules: 1.a, 1.b.")
	}
	return nil
}

// suite sorts the headers into tasks.
func (r *reading) suite() *Suite {
	slices.SortStableFunc(r.headers, func(a, b *header) int { return a.number - b.number })
	s := &Suite{Step: workspace.Step(fmt.Sprintf("%02d", r.headers[0].step))}
	for _, h := range r.headers {
		if len(s.Tasks) == 0 || s.Tasks[len(s.Tasks)-1].ID != h.id() {
			s.Tasks = append(s.Tasks, Task{ID: h.id()})
		}
		t := &s.Tasks[len(s.Tasks)-1]
		switch {
		case h.points == 0:
			t.Tests = append(t.Tests, h.test)
			continue
		case t.Points > 0:
			r.errorf(h.test, "task %s has its points already in %s (%s:%d): leave them out here",
				t.ID, t.Tests[0].Name, t.Tests[0].File, t.Tests[0].Line)
		}
		t.Title, t.Points, t.After = h.rule, h.points, h.after
		t.Tests = append([]Test{h.test}, t.Tests...)
	}
	return s
}
