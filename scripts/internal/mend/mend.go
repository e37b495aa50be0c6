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
	"strconv"
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

type mender struct {
	own      map[string]string          // import path to name, of the module's own packages
	sources  []files.Set                // whose imports can be added
	known    map[string]string          // name to import path, of what the sources import
	declared map[string]map[string]bool // folder to what its Go files declare
}

func newMender(changed files.Set, sources ...files.Set) *mender {
	m := &mender{
		own:      ownPackages(changed),
		sources:  sources,
		known:    map[string]string{},
		declared: map[string]map[string]bool{},
	}
	for _, set := range slices.Backward(sources) {
		for _, name := range set.Paths() {
			maps.Copy(m.known, m.imports(name, set[name]))
		}
	}
	return m
}

// imports maps the names in a Go file to the packages that it imports under them.
func (m *mender) imports(name string, src []byte) map[string]string {
	if !strings.HasSuffix(name, ".go") {
		return nil
	}
	byName := map[string]string{}
	file, _ := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
	if file == nil {
		return nil
	}
	for _, spec := range file.Imports {
		if as := m.name(spec); !silent(as) {
			byName[as] = pathOf(spec)
		}
	}
	return byName
}

// name is the name under which spec can be used in its file.
func (m *mender) name(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	importPath := pathOf(spec)
	if name, ok := m.own[importPath]; ok {
		return name
	}
	return assumed(importPath)
}

func pathOf(spec *ast.ImportSpec) string {
	p, _ := strconv.Unquote(spec.Path.Value)
	return p
}

// check makes sure that the names of all packages are known: in files that compile, each
// import is used.
func (m *mender) check() error {
	for _, name := range m.sources[0].Paths() {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		fset, file, err := parse(name, m.sources[0][name])
		if err != nil {
			return err
		}
		used := packagesUsed(file)
		for _, spec := range file.Imports {
			if as := m.name(spec); !silent(as) && !used[as] {
				return fmt.Errorf("%s:%d: nothing is used of %s under the name %q: write the package's name in front of the path",
					name, fset.Position(spec.Pos()).Line, spec.Path.Value, as)
			}
		}
	}
	return nil
}

// silent are imports that are not used by name.
func silent(name string) bool { return name == "_" || name == "." || name == "C" }

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

// find returns what the file itself imports under that name in one of the sources, else the
// other files, else the standard library; "" if nobody knows the name.
func (m *mender) find(name, as string) string {
	for _, set := range m.sources {
		if p := m.imports(name, set[name])[as]; p != "" {
			return p
		}
	}
	if p := m.known[as]; p != "" {
		return p
	}
	return std[as]
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
