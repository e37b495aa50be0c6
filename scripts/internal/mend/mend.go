// Package mend keeps the imports of changed Go files right: it drops those that nothing
// uses any more and adds those that are missing, without the network and without the go
// command.
package mend

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

// Imports mends and formats the Go files of changed that differ from those of original,
// which is known to compile: what it imports is what can be added, together with the
// standard library. Neither set is altered.
func Imports(changed, original files.Set) (files.Set, error) {
	m := newMender(changed, original)
	if err := m.check(); err != nil {
		return nil, err
	}
	out := changed.Clone()
	for _, name := range changed.Paths() {
		before, ok := original[name]
		if !strings.HasSuffix(name, ".go") || ok && bytes.Equal(before, changed[name]) {
			continue
		}
		mended, err := m.mend(name, changed)
		if err != nil {
			return nil, err
		}
		out[name] = mended
	}
	return out, nil
}

// File mends one file of a set; what it lacks it takes from what others have imported, the
// first first. Nothing needs to compile, but the file must be Go.
func File(name string, set files.Set, others ...files.Set) ([]byte, error) {
	return newMender(set, others...).mend(name, set)
}

func parse(name string, src []byte) (*token.FileSet, *ast.File, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.ParseComments)
	return fset, file, err
}

// mend returns one file with its imports right, formatted.
func (m *mender) mend(name string, set files.Set) ([]byte, error) {
	fset, file, err := parse(name, set[name])
	if err != nil {
		return nil, err
	}
	used := packagesUsed(file)
	for _, spec := range slices.Clone(file.Imports) {
		as := m.name(spec)
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
		if m.declares(set, path.Dir(name), as) {
			continue
		}
		if p := m.find(name, as); p != "" {
			m.add(fset, file, as, p)
		}
	}
	var buf bytes.Buffer
	if err := format.Node(&buf, fset, file); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return buf.Bytes(), nil
}

func (m *mender) add(fset *token.FileSet, file *ast.File, as, importPath string) {
	own := m.own[importPath]
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
func (m *mender) declares(set files.Set, dir, name string) bool {
	if m.declared[dir] == nil {
		m.declared[dir] = map[string]bool{}
		for file, src := range set {
			if path.Dir(file) == dir && strings.HasSuffix(file, ".go") {
				m.declarations(dir, file, src)
			}
		}
	}
	return m.declared[dir][name]
}

func (m *mender) declarations(dir, name string, src []byte) {
	_, file, err := parse(name, src)
	if err != nil {
		return // its own turn will say so
	}
	for as := range file.Scope.Objects {
		m.declared[dir][as] = true
	}
}
