package api

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/suite"
)

// module is a module whose own packages are known, as far as they can be without those that
// it imports. Faults in them are the compiler's to tell.
type module struct {
	set      files.Set
	path     string
	packages map[string]*types.Package // by import path
}

func read(set files.Set) *module {
	return &module{set: set, path: modfile.ModulePath(set["go.mod"]), packages: map[string]*types.Package{}}
}

// dirs lists the folders with Go files.
func (m *module) dirs() []string {
	var dirs []string
	for _, name := range m.set.Paths() {
		if source(name) {
			dirs = append(dirs, path.Dir(name))
		}
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

func source(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
}

// in is the package in a folder, empty where there is none.
func (m *module) in(dir string) *types.Package {
	p, _ := m.Import(path.Join(m.path, dir))
	return p
}

// Import makes the module a types.Importer. Packages of other modules are empty.
func (m *module) Import(of string) (*types.Package, error) {
	if p := m.packages[of]; p != nil {
		return p, nil
	}
	empty := types.NewPackage(of, path.Base(of))
	empty.MarkComplete()
	m.packages[of] = empty // also for packages that import each other
	dir, own := ".", of == m.path
	if !own {
		dir, own = strings.CutPrefix(of, m.path+"/")
	}
	if !own {
		return empty, nil
	}
	var names []string
	for _, name := range m.set.Paths() {
		if source(name) && path.Dir(name) == dir {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		fset := token.NewFileSet()
		config := types.Config{Importer: m, IgnoreFuncBodies: true, Error: func(error) {}}
		m.packages[of], _ = config.Check(of, fset, parse(fset, m.set, names), nil)
	}
	return m.packages[of], nil
}

// uses lists, for each file of a suite, what it uses of this module.
func (m *module) uses(set files.Set) map[string]map[types.Object]bool {
	set = suite.Files(set)
	fset := token.NewFileSet()
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: m, Error: func(error) {}}
	_, _ = config.Check(m.path+"_test", fset, parse(fset, set, set.Paths()), info)
	used := map[string]map[types.Object]bool{}
	for id, obj := range info.Uses {
		name := fset.Position(id.Pos()).Filename
		if used[name] == nil {
			used[name] = map[types.Object]bool{}
		}
		used[name][obj] = true
	}
	return used
}

// parse reads files as far as they are Go.
func parse(fset *token.FileSet, set files.Set, names []string) []*ast.File {
	var parsed []*ast.File
	for _, name := range names {
		if file, _ := parser.ParseFile(fset, name, set[name], parser.SkipObjectResolution); file != nil {
			parsed = append(parsed, file)
		}
	}
	return parsed
}
