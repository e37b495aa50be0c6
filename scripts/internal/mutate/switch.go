package mutate

import (
	"go/ast"
)

// cases mutates a switch over values or conditions.
func (f *goFile) cases(s *ast.SwitchStmt, last bool) {
	if s.Tag != nil {
		f.clauses(s.Body, last)
		for _, c := range s.Body.List {
			f.alone(s, c.(*ast.CaseClause))
		}
		return
	}
	for _, c := range s.Body.List {
		c := c.(*ast.CaseClause)
		for _, cond := range c.List {
			f.force(c.Pos(), cond, c.Colon+1)
		}
		f.list(c.Body, last)
	}
}

// clauses leaves out each case of a switch, but not the default: that is more than one branch.
func (f *goFile) clauses(body *ast.BlockStmt, last bool) {
	for _, c := range body.List {
		c := c.(*ast.CaseClause)
		if c.List != nil {
			f.add(never, c.Pos(), c.Colon+1, []edit{f.without(c)})
		}
		f.list(c.Body, last)
	}
}

// alone makes a case the only one, which always matches.
func (f *goFile) alone(s *ast.SwitchStmt, only *ast.CaseClause) {
	if only.List == nil {
		return
	}
	var edits []edit
	for _, c := range s.Body.List {
		if c == ast.Stmt(only) {
			edits = append(edits, edit{f.offset(c.Pos()), f.offset(only.Colon), "default" + blank(f.between(c.Pos(), only.Colon))})
		} else {
			edits = append(edits, f.without(c.(*ast.CaseClause)))
		}
	}
	f.add(always, only.Pos(), only.Colon+1, edits)
}

func (f *goFile) without(c *ast.CaseClause) edit {
	return edit{f.offset(c.Pos()), f.offset(c.End()), blank(f.between(c.Pos(), c.End()))}
}
