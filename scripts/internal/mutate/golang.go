package mutate

import (
	"go/ast"
	"go/parser"
	"go/token"
)

// goFile is a Go file to mutate.
type goFile struct {
	src  []byte
	fset *token.FileSet
	ast  *ast.File

	function string // that is being looked at,
	fresh    lines  // and its lines that are new or changed
	found    []mutation
}

func readGo(src []byte) (*goFile, error) {
	f := &goFile{src: src, fset: token.NewFileSet()}
	var err error
	f.ast, err = parser.ParseFile(f.fset, "", src, parser.SkipObjectResolution)
	return f, err
}

// goMutations finds the mutations of a Go file. old has the functions that the package had in
// the step before.
func goMutations(src []byte, old map[string][]byte) ([]mutation, error) {
	f, err := readGo(src)
	if err != nil || f.ast.Name.Name == "main" {
		return nil, err
	}
	for _, fn := range f.functions() {
		f.function, f.fresh = f.nameOf(fn), lines{}
		first := f.line(fn.Pos())
		for n := range changed(old[f.function], f.text(fn)) {
			f.fresh[first+n-1] = true
		}
		f.body(fn.Type, fn.Body)
	}
	return byLine(f.found), nil
}

func (f *goFile) functions() (all []*ast.FuncDecl) {
	for _, d := range f.ast.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
			all = append(all, fn)
		}
	}
	return all
}

// nameOf is Name, or Type.Name for a method.
func (f *goFile) nameOf(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return fn.Name.Name
	}
	t := fn.Recv.List[0].Type
	for {
		switch inner := t.(type) {
		case *ast.StarExpr:
			t = inner.X
		case *ast.IndexExpr:
			t = inner.X
		case *ast.IndexListExpr:
			t = inner.X
		case *ast.Ident:
			return inner.Name + "." + fn.Name.Name
		default:
			return fn.Name.Name
		}
	}
}

// text is a node's code, with a line end.
func (f *goFile) text(n ast.Node) []byte {
	return append(f.between(n.Pos(), n.End()), '\n')
}

func (f *goFile) between(from, to token.Pos) []byte {
	return append([]byte{}, f.src[f.offset(from):f.offset(to)]...)
}

func (f *goFile) offset(p token.Pos) int { return f.fset.PositionFor(p, false).Offset }
func (f *goFile) line(p token.Pos) int   { return f.fset.PositionFor(p, false).Line }

// body mutates what stands in the body of a function. Its last statement cannot be left out if
// the function has results: it would not compile.
func (f *goFile) body(typ *ast.FuncType, body *ast.BlockStmt) {
	f.list(body.List, typ.Results != nil)
}

func (f *goFile) list(statements []ast.Stmt, last bool) {
	for i, s := range statements {
		tail := last && i == len(statements)-1
		if !tail {
			f.delete(s)
		}
		f.inside(s, tail)
	}
}

// delete leaves a statement out where that is a mutant of its own. The statement stays in the
// code and is never executed, so that nothing is unused.
func (f *goFile) delete(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.DeclStmt, *ast.EmptyStmt, *ast.BlockStmt:
		return
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE {
			return
		}
	case *ast.BranchStmt:
		if s.Tok == token.FALLTHROUGH {
			return
		}
	case *ast.IfStmt:
		if s.Init == nil && s.Else == nil {
			return // as its condition forced to false
		}
	case *ast.ForStmt:
		if s.Cond != nil {
			return // likewise
		}
	}
	f.add(deleted, s.Pos(), head(s), wrap(f.offset(s.Pos()), f.offset(s.End()), "if false { ", " }"))
}

// add notes a mutation if it concerns new or changed lines. It is about the code up to head.
func (f *goFile) add(kind string, pos, head token.Pos, edits []edit) {
	if f.fresh.within(f.line(pos), f.line(head)) {
		f.found = append(f.found, mutation{
			function: f.function, kind: kind, line: f.line(pos), code: string(f.between(pos, head)), edits: edits,
		})
	}
}

// head is where the first block of a statement begins, or the statement's end.
func head(s ast.Node) token.Pos {
	at := s.End()
	ast.Inspect(s, func(n ast.Node) bool {
		if b, ok := n.(*ast.BlockStmt); ok && b.Lbrace < at {
			at = b.Lbrace
		}
		return at == s.End()
	})
	return at
}

// inside mutates the conditions and blocks of a statement, and the function literals in it.
func (f *goFile) inside(s ast.Stmt, last bool) {
	switch s := s.(type) {
	case *ast.LabeledStmt:
		f.inside(s.Stmt, last)
		return
	case *ast.BlockStmt:
		f.list(s.List, last)
	case *ast.IfStmt:
		f.ifElse(s, last)
	case *ast.ForStmt:
		if s.Cond != nil {
			f.force(s.Pos(), s.Cond, s.Body.Lbrace)
		}
		f.list(s.Body.List, false)
	case *ast.RangeStmt:
		f.list(s.Body.List, false)
	case *ast.SwitchStmt:
		f.cases(s, last)
	case *ast.TypeSwitchStmt:
		f.clauses(s.Body, last)
	case *ast.SelectStmt:
		for _, c := range s.Body.List {
			f.list(c.(*ast.CommClause).Body, last)
		}
	}
	f.literals(s)
}

// ifElse forces the condition. The only statement of an if without else is not left out: the
// condition forced to false does the same.
func (f *goFile) ifElse(s *ast.IfStmt, last bool) {
	f.force(s.Pos(), s.Cond, s.Body.Lbrace)
	if s.Else == nil && len(s.Body.List) == 1 {
		f.inside(s.Body.List[0], last)
	} else {
		f.list(s.Body.List, last)
	}
	switch other := s.Else.(type) {
	case *ast.IfStmt:
		f.ifElse(other, last)
	case *ast.BlockStmt:
		f.list(other.List, last)
	}
}

// force forces a condition both ways.
func (f *goFile) force(pos token.Pos, cond ast.Expr, head token.Pos) {
	from, to := f.offset(cond.Pos()), f.offset(cond.End())
	f.add(always, pos, head, wrap(from, to, "true || (", ")"))
	f.add(never, pos, head, wrap(from, to, "false && (", ")"))
}

// literals mutates function literals, but for those in the blocks of a statement.
func (f *goFile) literals(s ast.Stmt) {
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			f.body(n.Type, n.Body)
			return false
		case *ast.BlockStmt:
			return false
		}
		return true
	})
}
