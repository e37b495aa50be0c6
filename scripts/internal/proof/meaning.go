package proof

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"path"
	"regexp"
	"strings"
)

// Meaning is what a compiler and a grader read of a file. Of Go these are the tokens and a few
// comments: directives, marks of regions, and the tasks above tests. Layout and all other
// comments are left out: they move lines, and no verdict depends on a line's number. Go that
// cannot be parsed and all other files mean every byte.
func Meaning(name string, src []byte) []byte {
	if path.Ext(name) != ".go" {
		return src
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil || importsC(file) {
		return src
	}
	tasks := map[int]bool{} // where the comments above tests begin
	for _, doc := range testDocs(name, file) {
		for _, c := range header(doc) {
			tasks[fset.PositionFor(c.Pos(), false).Offset] = true
		}
	}
	var out bytes.Buffer
	eachToken(src, func(offset int, tok token.Token, text string) {
		if tok == token.COMMENT && !tasks[offset] {
			text = obeyed(text)
		}
		if text != "" {
			fmt.Fprintf(&out, "%q\n", text)
		}
	})
	return out.Bytes()
}

// importsC reports whether a comment of the file is C.
func importsC(file *ast.File) bool {
	for _, spec := range file.Imports {
		if spec.Path.Value == `"C"` {
			return true
		}
	}
	return false
}

// header is the part of a test's comment that names its task. What follows explains the test
// or names the rules that it guards, and no verdict depends on that.
func header(doc *ast.CommentGroup) []*ast.Comment {
	for i, c := range doc.List {
		if c.Text == "//" || strings.HasPrefix(c.Text, "// Rules:") {
			return doc.List[:i]
		}
	}
	return doc.List
}

// testDocs are the comments above the tests of a suite.
func testDocs(name string, file *ast.File) (docs []*ast.CommentGroup) {
	if !strings.HasSuffix(name, "_test.go") {
		return nil
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Doc != nil && strings.HasPrefix(f.Name.Name, "Test") {
			docs = append(docs, f.Doc)
		}
	}
	return docs
}

// eachToken passes on the tokens of a file that parses. The scanner puts in the semicolons
// that a line's end stands for, so line breaks without meaning are gone.
func eachToken(src []byte, do func(offset int, tok token.Token, text string)) {
	file := token.NewFileSet().AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(file, src, nil, scanner.ScanComments)
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return
		}
		if tok == token.SEMICOLON || text == "" {
			text = tok.String()
		}
		do(file.Offset(pos), tok, text)
	}
}

// obeyedREs match the comments that somebody obeys. Of marks and TODOs only the tasks count:
// the words behind them are for people. A line of a stub is code.
var obeyedREs = []*regexp.Regexp{
	regexp.MustCompile(`^//(?:[a-z0-9]+:[a-z0-9]|line |extern |export ).*`), // as go/ast recognises directives
	regexp.MustCompile(`^/\*line (?s:.*)`),
	regexp.MustCompile(`^//\s*(?:end )?task \d+\.\d+(?:, \d+\.\d+)*`),
	regexp.MustCompile(`^//\W*TODO\([^)]*\)`),
	regexp.MustCompile(`^//-.*`),
}

// obeyed is the part of a comment that somebody obeys, "" if there is none.
func obeyed(comment string) string {
	for _, re := range obeyedREs {
		if part := re.FindString(comment); part != "" {
			return part
		}
	}
	return ""
}
