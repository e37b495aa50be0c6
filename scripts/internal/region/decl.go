package region

import (
	"bufio"
	"bytes"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Decls names the declarations that region r of a file belongs to: the one around it,
// or those that stand inside it. Methods are written Type.Method. Files that are neither Go
// nor JavaScript have none.
func (f *File) Decls(r *Region) []string {
	var names []string
	around := -1 // the innermost that is around r: a method, and not its class
	for _, d := range declarations(f.Path, []byte(strings.Join(f.lines, "\n"))) {
		switch {
		case d.Begin <= r.Begin && r.End <= d.End:
			if around >= 0 {
				names = slices.Delete(names, around, around+1)
			}
			around = len(names)
			names = append(names, d.Name)
		case r.Begin <= d.Begin && d.End <= r.End:
			names = append(names, d.Name)
		}
	}
	return names
}

// Declaration is where a declaration stands in a file, its doc comment not counted.
type Declaration struct {
	Name       string // Type.Method for methods
	Doc        int    // first line of its doc comment, or Begin
	Begin, End int    // lines, counted from 1
}

// FindDeclaration looks for a function, method, type, variable or constant in a Go file, for
// a function, class or method in a JavaScript file. As long as a file can be read at all, errors in it do not matter.
func FindDeclaration(name string, src []byte, decl string) (Declaration, bool) {
	all := declarations(name, src)
	i := slices.IndexFunc(all, func(d Declaration) bool { return d.Name == decl })
	if i < 0 {
		return Declaration{}, false
	}
	return all[i], true
}

// Around names the declaration that a line stands in, the innermost one.
func Around(name string, src []byte, line int) (string, bool) {
	var found string
	for _, d := range declarations(name, src) { // a class comes before its methods
		if d.Begin <= line && line <= d.End {
			found = d.Name
		}
	}
	return found, found != ""
}

// declarations lists a file's top-level declarations, but for imports.
func declarations(name string, src []byte) []Declaration {
	switch path.Ext(name) {
	case ".js":
		return scriptDeclarations(src)
	case ".go":
		return goDeclarations(name, src)
	}
	return nil
}

func goDeclarations(name string, src []byte) []Declaration {
	fset := token.NewFileSet()
	file, _ := parseGo(fset, name, src)
	if file == nil {
		return nil
	}
	var out []Declaration
	add := func(name string, n ast.Node, doc *ast.CommentGroup) {
		d := Declaration{Name: name, Begin: fset.Position(n.Pos()).Line, End: fset.Position(n.End()).Line}
		d.Doc = d.Begin
		if doc != nil {
			d.Doc = fset.Position(doc.Pos()).Line
		}
		out = append(out, d)
	}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			add(funcName(d), d, d.Doc)
		case *ast.GenDecl:
			for _, s := range d.Specs {
				eachSpec(d, s, add)
			}
		}
	}
	return out
}

// eachSpec adds what one specification of a type, var or const declaration declares.
func eachSpec(d *ast.GenDecl, s ast.Spec, add func(string, ast.Node, *ast.CommentGroup)) {
	node, doc := ast.Node(s), (*ast.CommentGroup)(nil)
	if !d.Lparen.IsValid() {
		node, doc = d, d.Doc
	}
	switch s := s.(type) {
	case *ast.TypeSpec:
		add(s.Name.Name, node, cmpDoc(s.Doc, doc))
	case *ast.ValueSpec:
		for _, n := range s.Names {
			add(n.Name, node, cmpDoc(s.Doc, doc))
		}
	}
}

func cmpDoc(own, outer *ast.CommentGroup) *ast.CommentGroup {
	if own != nil {
		return own
	}
	return outer
}

// funcName is Name, or Type.Name for a method.
func funcName(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	switch generic := t.(type) {
	case *ast.IndexExpr:
		t = generic.X
	case *ast.IndexListExpr:
		t = generic.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name + "." + d.Name.Name
	}
	return d.Name.Name
}

var todoRE = regexp.MustCompile(`^\W*TODO\(([^)]*)\)`)

// TODO finds the line of a learner's file in which the task is still to be done, 0 if
// there is none. The file may be broken.
func TODO(name string, src []byte, task string) int {
	if !Marked(name) {
		return 0
	}
	lines := bufio.NewScanner(bytes.NewReader(src))
	lines.Buffer(nil, len(src)+1)
	for n := 1; lines.Scan(); n++ {
		m := todoRE.FindSubmatch(lines.Bytes())
		if m != nil && slices.Contains(strings.Split(strings.ReplaceAll(string(m[1]), " ", ""), ","), task) {
			return n
		}
	}
	return 0
}
