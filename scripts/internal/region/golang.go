package region

import (
	"errors"
	"go/ast"
	"go/format"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

// goFile is what we need to know of a Go file beyond its lines.
type goFile struct {
	fset     *token.FileSet
	ast      *ast.File
	comments map[int]bool // lines with a // comment; a mark in a raw string is none
}

// readGo parses a Go file, so that text in strings is not taken for marks.
func (p *reader) readGo(src []byte) {
	g := &goFile{fset: token.NewFileSet(), comments: map[int]bool{}}
	var err error
	g.ast, err = parseGo(g.fset, p.file.Path, src)
	if list, ok := errors.AsType[scanner.ErrorList](err); ok {
		p.errorf(list[0].Pos.Line, "this is not Go: %s", list[0].Msg)
		return
	} else if err != nil {
		p.errs = append(p.errs, err)
		return
	}
	for _, group := range g.ast.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//") {
				g.comments[g.fset.Position(c.Pos()).Line] = true
			}
		}
	}
	p.goFile = g
}

func parseGo(fset *token.FileSet, name string, src []byte) (*ast.File, error) {
	return parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
}

// surroundings looks at what stands around the regions at top level: without blank lines
// a mark would become a declaration's doc comment.
func (p *reader) surroundings() {
	for i := range p.file.Regions {
		r := &p.file.Regions[i]
		r.topLevel = p.goFile.topLevel(r.Begin)
		if !r.topLevel {
			continue
		}
		if !p.gap(r.textEnd) {
			p.errorf(r.textEnd, "leave a blank line below the mark of task %s, or it becomes the doc comment of what follows", r.name())
		}
		if last := p.lastStub(r); last > 0 && !p.gap(last) {
			p.errorf(last, "leave a blank line below the stub of task %s, or gofmt spoils its marks", r.name())
		}
		if !p.gap(r.End) {
			p.errorf(r.End, "leave a blank line below the end of task %s, or the TODO becomes the doc comment of what follows", r.name())
		}
	}
}

// lastStub is the last line of the stub that follows the instruction, 0 if there is none.
func (p *reader) lastStub(r *Region) int {
	n := r.stubBegin
	if n == 0 {
		return 0
	}
	for n < len(p.file.kinds) && p.file.kinds[n] == stub {
		n++
	}
	return n
}

// gap reports whether nothing that could take a comment as its own follows line n.
func (p *reader) gap(n int) bool {
	return n >= len(p.file.lines) || p.file.kinds[n] != code || strings.TrimSpace(p.file.lines[n]) == ""
}

// topLevel reports whether line n lies outside of all declarations.
func (g *goFile) topLevel(n int) bool {
	return !slices.ContainsFunc(g.ast.Decls, func(d ast.Decl) bool {
		return g.fset.Position(d.Pos()).Line <= n && n <= g.fset.Position(d.End()).Line
	})
}

// survivesFormatting makes sure that gofmt leaves every stub line as it is.
func (p *reader) survivesFormatting(src []byte) {
	formatted, err := format.Source(src)
	if err != nil || string(formatted) == string(src) {
		return
	}
	again, err := Parse(p.file.Path, formatted)
	for i := range p.file.Regions {
		r := &p.file.Regions[i]
		if err != nil || len(again.Regions) <= i || len(again.Regions[i].Stub) != len(r.Stub) {
			p.errorf(r.Begin, "gofmt would spoil the stub lines of task %s: leave a blank line between them and the declaration", r.name())
			return
		}
	}
}
