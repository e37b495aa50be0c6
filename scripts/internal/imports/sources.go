package imports

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"

	"wsworkshop/scripts/internal/files"
)

// fixer corrects the files of one set with what it knows from others.
type fixer struct {
	own      map[string]string          // import path to name, of the module's own packages
	sources  []files.Set                // whose imports can be added
	known    map[string]string          // name to import path, of what the sources import
	declared map[string]map[string]bool // folder to what its Go files declare
}

func newFixer(changed files.Set, sources ...files.Set) *fixer {
	f := &fixer{
		own:      ownPackages(changed),
		sources:  sources,
		known:    map[string]string{},
		declared: map[string]map[string]bool{},
	}
	for _, set := range slices.Backward(sources) {
		for _, name := range set.Paths() {
			maps.Copy(f.known, f.imports(name, set[name]))
		}
	}
	return f
}

// imports maps the names in a Go file to the packages that it imports under them.
func (f *fixer) imports(name string, src []byte) map[string]string {
	if !strings.HasSuffix(name, ".go") {
		return nil
	}
	byName := map[string]string{}
	file, _ := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
	if file == nil {
		return nil
	}
	for _, spec := range file.Imports {
		if as := f.name(spec); !silent(as) {
			byName[as] = pathOf(spec)
		}
	}
	return byName
}

// name is the name under which spec can be used in its file.
func (f *fixer) name(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	importPath := pathOf(spec)
	if name, ok := f.own[importPath]; ok {
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
func (f *fixer) check() error {
	for _, name := range f.sources[0].Paths() {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		fset, file, err := parse(name, f.sources[0][name])
		if err != nil {
			return err
		}
		used := packagesUsed(file)
		for _, spec := range file.Imports {
			if as := f.name(spec); !silent(as) && !used[as] {
				return fmt.Errorf("%s:%d: nothing is used of %s under the name %q: write the package's name in front of the path",
					name, fset.Position(spec.Pos()).Line, spec.Path.Value, as)
			}
		}
	}
	return nil
}

// silent are imports that are not used by name.
func silent(name string) bool { return name == "_" || name == "." || name == "C" }

// find returns what the file itself imports under that name in one of the sources, else the
// other files, else the standard library; "" if nobody knows the name.
func (f *fixer) find(name, as string) string {
	for _, set := range f.sources {
		if p := f.imports(name, set[name])[as]; p != "" {
			return p
		}
	}
	if p := f.known[as]; p != "" {
		return p
	}
	return std[as]
}
