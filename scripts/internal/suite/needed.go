package suite

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"

	"wsworkshop/scripts/internal/files"
)

// Needed returns those of a suite's files that the tests of some tasks use, directly or
// through other files. It does not know what the suite imports, so it may return a file too
// many. A suite with a file that is not Go is returned whole.
func Needed(set files.Set, tasks []Task) files.Set {
	n := needing{
		suite: set, parsed: map[string]*ast.File{}, fset: token.NewFileSet(),
		uses: map[*ast.Ident]types.Object{}, methods: map[string][]string{}, needed: files.Set{},
	}
	var always []string // what go test calls by itself
	var all []*ast.File
	for _, name := range set.Paths() {
		file, err := parser.ParseFile(n.fset, name, set[name], parser.SkipObjectResolution)
		if err != nil {
			return set
		}
		n.parsed[name] = file
		all = append(all, file)
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			switch {
			case ok && f.Recv != nil:
				n.methods[f.Name.Name] = append(n.methods[f.Name.Name], name)
			case ok && (f.Name.Name == "init" || f.Name.Name == "TestMain"):
				always = append(always, name)
			}
		}
	}
	config := types.Config{Importer: emptyPackages{}, Error: func(error) {}} // most of it is known all the same
	_, _ = config.Check("chat_test", n.fset, all, &types.Info{Uses: n.uses})
	for _, name := range always {
		n.need(name)
	}
	for _, task := range tasks {
		for _, t := range task.Tests {
			n.need(t.File)
		}
	}
	return n.needed
}

func isPackage(obj types.Object) bool {
	_, ok := obj.(*types.PkgName)
	return ok
}

// emptyPackages imports every package as an empty one.
type emptyPackages struct{}

func (emptyPackages) Import(of string) (*types.Package, error) {
	p := types.NewPackage(of, path.Base(of))
	p.MarkComplete()
	return p, nil
}

// needing is a suite of which some files are needed.
type needing struct {
	suite   files.Set
	parsed  map[string]*ast.File
	fset    *token.FileSet
	uses    map[*ast.Ident]types.Object
	methods map[string][]string // names to the files that declare them
	needed  files.Set
}

// need takes a file with all that it uses. Of a value whose type is not known, any method of
// that name may be the one.
func (n *needing) need(name string) {
	if _, ok := n.needed[name]; ok || n.parsed[name] == nil {
		return
	}
	n.needed[name] = n.suite[name]
	ast.Inspect(n.parsed[name], func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.Ident:
			if obj := n.uses[node]; obj != nil && obj.Pos().IsValid() {
				n.need(n.fset.Position(obj.Pos()).Filename)
			}
		case *ast.SelectorExpr:
			if id, ok := node.X.(*ast.Ident); ok {
				if obj := n.uses[id]; obj == nil || isPackage(obj) {
					return true
				}
			}
			if n.uses[node.Sel] == nil {
				for _, other := range n.methods[node.Sel.Name] {
					n.need(other)
				}
			}
		}
		return true
	})
}
