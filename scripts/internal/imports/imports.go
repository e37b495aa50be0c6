// Package imports corrects the imports of changed Go files: it drops those that nothing
// uses any more and adds those that are missing, without the network and without the go
// command.
package imports

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/astutil"

	"wsworkshop/scripts/internal/files"
)

// Fix corrects and formats the Go files of changed that differ from those of original,
// which is known to compile: what it imports is what can be added, together with the
// standard library. Neither set is altered.
func Fix(changed, original files.Set) (files.Set, error) {
	f := newFixer(changed, original)
	if err := f.check(); err != nil {
		return nil, err
	}
	out := changed.Clone()
	for _, name := range changed.Paths() {
		before, ok := original[name]
		if !strings.HasSuffix(name, ".go") || ok && bytes.Equal(before, changed[name]) {
			continue
		}
		fixed, err := f.fix(name, changed)
		if err != nil {
			return nil, err
		}
		out[name] = fixed
	}
	return out, nil
}

// FixFile corrects one file of a set. An import that the file lacks is taken from the first
// of the others that has it. Nothing needs to compile, but the file must be Go.
func FixFile(name string, set files.Set, others ...files.Set) ([]byte, error) {
	return newFixer(set, others...).fix(name, set)
}

func parse(name string, src []byte) (*token.FileSet, *ast.File, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.ParseComments)
	return fset, file, err
}

// fix returns one file with its imports right, formatted.
func (f *fixer) fix(name string, set files.Set) ([]byte, error) {
	fset, file, err := parse(name, set[name])
	if err != nil {
		return nil, err
	}
	used := packagesUsed(file)
	for _, spec := range slices.Clone(file.Imports) {
		as := f.name(spec)
		if !silent(as) && !used[as] {
			explicit := ""
			if spec.Name != nil {
				explicit = as
			}
			astutil.DeleteNamedImport(fset, file, explicit, pathOf(spec))
		}
		delete(used, as)
	}
	for _, as := range slices.Sorted(maps.Keys(used)) {
		if f.declares(set, path.Dir(name), as) {
			continue
		}
		if p := f.find(name, as); p != "" {
			f.add(fset, file, as, p)
		}
	}
	var buf bytes.Buffer
	if err := format.Node(&buf, fset, file); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return buf.Bytes(), nil
}

func (f *fixer) add(fset *token.FileSet, file *ast.File, as, importPath string) {
	own := f.own[importPath]
	if own == "" {
		own = assumed(importPath)
	}
	if own == as {
		as = ""
	}
	astutil.AddNamedImport(fset, file, as, importPath)
}

// packagesUsed are the names before a dot that the file itself does not declare.
func packagesUsed(file *ast.File) map[string]bool {
	unresolved := map[*ast.Ident]bool{}
	for _, id := range file.Unresolved {
		unresolved[id] = true
	}
	used := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && unresolved[id] {
				used[id.Name] = true
			}
		}
		return true
	})
	return used
}

// declares reports whether a package declares name in any of its files.
func (f *fixer) declares(set files.Set, dir, name string) bool {
	if f.declared[dir] == nil {
		f.declared[dir] = map[string]bool{}
		for file, src := range set {
			if path.Dir(file) == dir && strings.HasSuffix(file, ".go") {
				f.declarations(dir, file, src)
			}
		}
	}
	return f.declared[dir][name]
}

func (f *fixer) declarations(dir, name string, src []byte) {
	_, file, err := parse(name, src)
	if err != nil {
		return // its own turn will say so
	}
	for as := range file.Scope.Objects {
		f.declared[dir][as] = true
	}
}
