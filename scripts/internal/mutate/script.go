package mutate

import (
	"bytes"
	"reflect"
	"strings"

	"github.com/grafana/sobek/ast"
	"github.com/grafana/sobek/parser"

	"wsworkshop/scripts/internal/region"
)

// scriptFile is a JavaScript file to mutate. The conditions that it forces are those of if,
// while and ?:. The operands of && and || are parts of an expression, and stay.
type scriptFile struct {
	src   []byte
	fresh lines
	sole  map[ast.Statement]bool // the only statements of an if without else
	found []mutation
}

// scriptMutations finds the mutations of a script.
func scriptMutations(src []byte, fresh lines) ([]mutation, error) {
	program, err := parser.ParseFile(nil, "", string(src), 0)
	if err != nil {
		return nil, err
	}
	f := &scriptFile{src: src, fresh: fresh, sole: map[ast.Statement]bool{}}
	f.list(program.Body)
	f.walk(reflect.ValueOf(program.Body))
	return byLine(f.found), nil
}

// walk visits all nodes below a value: the parser's package has no visitor.
func (f *scriptFile) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return
		}
		if v.Kind() == reflect.Pointer {
			f.visit(v.Interface())
		}
		f.walk(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			f.walk(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() && field.Name != "DeclarationList" { // which repeats others
				f.walk(v.Field(i))
			}
		}
	}
}

func (f *scriptFile) visit(node any) {
	switch n := node.(type) {
	case *ast.BlockStatement:
		f.list(n.List)
	case *ast.CaseStatement:
		f.list(n.Consequent)
	case *ast.IfStatement:
		from, to := f.condition(n.Test, n.Consequent, ")")
		f.force(f.start(n), from, to, 1)
		f.branches(n)
	case *ast.WhileStatement:
		from, to := f.condition(n.Test, n.Body, ")")
		f.force(f.start(n), from, to, 1)
	case *ast.ConditionalExpression:
		from, to := f.condition(n.Test, n.Consequent, "?")
		f.force(from, from, to, 1)
	}
}

// start is the offset of a node. The parser does not tell it of an if.
func (f *scriptFile) start(n ast.Node) int {
	if n, ok := n.(*ast.IfStatement); ok {
		from, _ := f.condition(n.Test, n.Consequent, ")")
		return bytes.LastIndex(f.src[:from], []byte("if"))
	}
	return int(n.Idx0()) - 1
}

// condition is where the code of a condition stands, between the bracket or blank before it and
// the sign before what follows. The parser does not tell of brackets: those that are closed in
// the condition are opened there too.
func (f *scriptFile) condition(test ast.Expression, next ast.Node, sign string) (from, to int) {
	from = f.start(test)
	to = bytes.LastIndex(f.src[:f.start(next)], []byte(sign))
	for from > 0 && bytes.Count(f.src[from:to], []byte("(")) < bytes.Count(f.src[from:to], []byte(")")) {
		from = max(0, bytes.LastIndexByte(f.src[:from], '('))
	}
	return from, to
}

// force forces a condition both ways. The code that this is about begins at an offset and has
// some bytes more than the condition.
func (f *scriptFile) force(at, from, to, more int) {
	code := string(f.src[at : to+more])
	f.add(always, at, code, wrap(from, to, "true || (", ")"))
	f.add(never, at, code, wrap(from, to, "false && (", ")"))
}

func (f *scriptFile) list(statements []ast.Statement) {
	for _, s := range statements {
		f.delete(s)
	}
}

// branches leaves out branches that are single statements without braces. The only statement
// of an if without else is not left out: the condition forced to false does the same.
func (f *scriptFile) branches(s *ast.IfStatement) {
	b, ok := s.Consequent.(*ast.BlockStatement)
	switch {
	case s.Alternate == nil:
		if ok && len(b.List) == 1 {
			f.sole[b.List[0]] = true
		}
		return
	case !ok:
		f.delete(s.Consequent)
	}
	if _, ok := s.Alternate.(*ast.BlockStatement); !ok {
		f.delete(s.Alternate)
	}
}

// delete leaves a statement out, unless it declares something.
func (f *scriptFile) delete(s ast.Statement) {
	if f.sole[s] {
		return
	}
	from, to := f.start(s), int(s.Idx1())-1
	switch s := s.(type) {
	case *ast.ReturnStatement, *ast.ThrowStatement, *ast.BranchStatement:
	case *ast.ExpressionStatement:
		if _, ok := s.Expression.(*ast.StringLiteral); ok {
			return // "use strict"
		}
	case *ast.IfStatement:
		if s.Alternate == nil {
			return // as its condition forced to false
		}
		to = f.start(s.Consequent)
	case *ast.ForStatement, *ast.ForInStatement, *ast.ForOfStatement, *ast.SwitchStatement, *ast.TryStatement:
		to = from + bytes.IndexByte(f.src[from:], '{')
	default:
		return
	}
	f.add(deleted, from, string(f.src[from:min(to, len(f.src))]), []edit{{from, from, "if (true) {} else "}})
}

// add notes a mutation if it concerns new or changed lines, and if the script can be read then.
func (f *scriptFile) add(kind string, at int, code string, edits []edit) {
	line := 1 + bytes.Count(f.src[:at], []byte("\n"))
	if !f.fresh.within(line, line+strings.Count(code, "\n")) {
		return
	}
	if _, err := parser.ParseFile(nil, "", string(apply(f.src, edits)), 0); err != nil {
		return
	}
	function, ok := region.Around(script, f.src, line)
	if !ok {
		function = "script"
	}
	f.found = append(f.found, mutation{function: function, kind: kind, code: code, line: line, edits: edits})
}
