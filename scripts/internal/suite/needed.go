package suite

import (
	"go/ast"
	"go/parser"
	"go/token"

	"wsworkshop/scripts/internal/files"
)

// Needed returns those of a suite's files that the tests of some tasks use, directly or
// through other files. It compares names only, so it may return a file too many. A suite
// with a file that is not Go is returned whole.
func Needed(set files.Set, tasks []Task) files.Set {
	n := needing{suite: set, parsed: map[string]*ast.File{}, functions: map[string][]string{}, methods: map[string][]string{}, needed: files.Set{}}
	for name, src := range set {
		file, err := parser.ParseFile(token.NewFileSet(), name, src, 0)
		if err != nil {
			return set
		}
		n.add(name, file)
	}
	for _, name := range append(n.functions["TestMain"], n.functions["init"]...) {
		n.need(name)
	}
	for _, task := range tasks {
		for _, t := range task.Tests {
			n.need(t.File)
		}
	}
	return n.needed
}

// needing is a suite of which some files are needed.
type needing struct {
	suite     files.Set
	parsed    map[string]*ast.File
	functions map[string][]string // names at package level to the files that declare them
	methods   map[string][]string
	needed    files.Set
}

// add notes what a file declares.
func (n *needing) add(name string, file *ast.File) {
	n.parsed[name] = file
	for as := range file.Scope.Objects {
		n.functions[as] = append(n.functions[as], name)
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		switch {
		case ok && f.Recv != nil:
			n.methods[f.Name.Name] = append(n.methods[f.Name.Name], name)
		case ok && f.Name.Name == "init": // which no scope has
			n.functions["init"] = append(n.functions["init"], name)
		}
	}
}

// need takes a file with all that it uses.
func (n *needing) need(name string) {
	if _, ok := n.needed[name]; ok || n.parsed[name] == nil {
		return
	}
	n.needed[name] = n.suite[name]
	elsewhere := map[*ast.Ident]bool{} // used here and declared in another file, or imported
	for _, id := range n.parsed[name].Unresolved {
		elsewhere[id] = true
		for _, other := range n.functions[id.Name] {
			n.need(other)
		}
	}
	ast.Inspect(n.parsed[name], func(node ast.Node) bool {
		sel, ok := node.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if id, ok := sel.X.(*ast.Ident); ok && elsewhere[id] && n.functions[id.Name] == nil {
			return true // an imported package's
		}
		for _, other := range n.methods[sel.Sel.Name] {
			n.need(other)
		}
		return true
	})
}
