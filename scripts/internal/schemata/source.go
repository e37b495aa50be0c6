package schemata

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

// source is a Go file: the bodies of its functions, and all the rest.
type source struct {
	src       []byte
	pkg       string     // name of the package,
	pkgEnd    int        // and the offset behind it
	functions []function // that have bodies, in order
	imports   []string   // with a name or without
	shell     string     // tokens and directives of all else, nameless imports among them
}

// function is a function with a body.
type function struct {
	name       string
	from, to   int    // offsets of the body, braces included
	line, end  int    // of the braces
	body       string // what stands between them, with the second of them
	redeclares string // a name of the signature to which a := in the body's own block assigns
}

// read takes a Go file apart.
func read(src []byte) (*source, error) {
	fset := token.NewFileSet()
	parsed, err := parser.ParseFile(fset, "", src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	offset := func(p token.Pos) int { return fset.Position(p).Offset }
	f := &source{src: src, pkg: parsed.Name.Name, pkgEnd: offset(parsed.Name.End())}
	var skip [][2]int // what is not of the shell
	for _, d := range parsed.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Body == nil {
				continue
			}
			fn := function{
				name: d.Name.Name, from: offset(d.Body.Lbrace), to: offset(d.Body.Rbrace) + 1,
				line: fset.Position(d.Body.Lbrace).Line, end: fset.Position(d.Body.Rbrace).Line, redeclares: redeclared(d),
			}
			fn.body = string(src[fn.from+1 : fn.to])
			f.functions = append(f.functions, fn)
			skip = append(skip, [2]int{fn.from, fn.to})
		case *ast.GenDecl:
			if d.Tok == token.IMPORT {
				skip = append(skip, [2]int{offset(d.Pos()), offset(d.End()) + 1}) // and its semicolon
			}
		}
	}
	f.shell = tokens(src, skip)
	for _, spec := range parsed.Imports {
		text := string(src[offset(spec.Pos()):offset(spec.End())])
		if spec.Name != nil && (spec.Name.Name == "_" || spec.Name.Name == ".") {
			f.shell += "\n" + text
		} else {
			f.imports = append(f.imports, text)
		}
	}
	return f, nil
}

// tokens lists the tokens of Go code, but for what is skipped. Of comments it has those that
// tell the compiler something.
func tokens(src []byte, skip [][2]int) string {
	var b strings.Builder
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(src))
	s.Init(file, src, nil, scanner.ScanComments)
	for {
		pos, tok, text := s.Scan()
		at := file.Offset(pos)
		skipped := slices.ContainsFunc(skip, func(s [2]int) bool { return s[0] <= at && at < s[1] })
		switch {
		case tok == token.EOF:
			return b.String()
		case skipped, tok == token.COMMENT && !directive(text):
		case tok == token.SEMICOLON:
			b.WriteString(";\n") // written or not
		case text == "":
			b.WriteString(tok.String() + " ")
		default:
			b.WriteString(text + " ")
		}
	}
}

func directive(comment string) bool {
	for _, begin := range []string{"//go:", "//line ", "/*line ", "//export ", "// +build "} {
		if strings.HasPrefix(comment, begin) {
			return true
		}
	}
	return false
}

// redeclared finds a parameter or result to which a := in the body's own block assigns: inside
// another block that := would declare a new variable.
func redeclared(fn *ast.FuncDecl) string {
	var names []string
	for _, list := range []*ast.FieldList{fn.Recv, fn.Type.Params, fn.Type.Results} {
		if list == nil {
			continue
		}
		for _, field := range list.List {
			for _, name := range field.Names {
				names = append(names, name.Name)
			}
		}
	}
	for _, s := range fn.Body.List {
		for l, ok := s.(*ast.LabeledStmt); ok; l, ok = s.(*ast.LabeledStmt) {
			s = l.Stmt
		}
		define, ok := s.(*ast.AssignStmt)
		if !ok || define.Tok != token.DEFINE {
			continue
		}
		for _, left := range define.Lhs {
			if id, ok := left.(*ast.Ident); ok && id.Name != "_" && slices.Contains(names, id.Name) {
				return id.Name
			}
		}
	}
	return ""
}

// newImports are the imports that the base's file does not have.
func (f *source) newImports(base *source) []string {
	return slices.DeleteFunc(slices.Clone(f.imports), func(spec string) bool { return slices.Contains(base.imports, spec) })
}

// harmless reports whether a package may be there for versions that do not import it: one of the
// standard library that registers nothing.
func harmless(spec string) bool {
	path := strings.Trim(spec[strings.IndexAny(spec, "\"`"):], "\"`")
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && path != "expvar" && path != "net/http/pprof"
}
