package blend

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"strings"

	"wsworkshop/scripts/internal/files"
)

// module is one version, type-checked.
type module struct {
	set      files.Set
	packages map[string]*pkg // by folder, commands left out
}

// pkg is a package of a module.
type pkg struct {
	dir   string
	name  string
	files []*file
	types *types.Package
	info  *types.Info
	units map[string]*unit
}

// file is a file, of one version or of many.
type file struct {
	path  string
	src   []byte
	ast   *ast.File
	units []unit   // what is known of them without types
	marks []string // what tells the compiler something in a comment
}

// checker loads modules. What they share it checks once.
type checker struct {
	in   Input
	fset *token.FileSet
	memo map[string]*pkg  // by content, of packages that import nothing of the module
	read map[string]*file // by name and content
}

func newChecker(in Input) *checker {
	return &checker{in: in, fset: token.NewFileSet(), memo: map[string]*pkg{}, read: map[string]*file{}}
}

// constrained finds what may be built on one machine and not on another: out of our reach.
var constrained = regexp.MustCompile(`(?m)^//go:build|^// \+build|^import "C"|^\t"C"`)

// load parses and checks all packages but commands.
func (c *checker) load(set files.Set) (*module, error) {
	m := &module{set: set, packages: map[string]*pkg{}}
	for _, p := range set.Paths() {
		if path.Ext(p) != ".go" || strings.HasSuffix(p, "_test.go") {
			continue
		}
		f, err := c.parse(p, set[p])
		if err != nil {
			return nil, err
		}
		name := f.ast.Name.Name
		if name == "main" {
			continue
		}
		dir := path.Dir(p)
		if m.packages[dir] == nil {
			m.packages[dir] = &pkg{dir: dir, name: name}
		}
		m.packages[dir].files = append(m.packages[dir].files, f)
	}
	for _, dir := range sortedKeys(m.packages) {
		if _, err := c.check(m, dir, nil); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (c *checker) parse(name string, src []byte) (*file, error) {
	key := name + "\n" + string(src)
	if f := c.read[key]; f != nil {
		return f, nil
	}
	if constrained.Match(src) {
		return nil, fmt.Errorf("%s has build constraints", name)
	}
	parsed, err := parser.ParseFile(c.fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	f := &file{path: name, src: src, ast: parsed}
	f.units = unitsIn(c.fset, f)
	for _, d := range directive.FindAllSubmatch(src, -1) {
		f.marks = append(f.marks, string(d[1]))
	}
	c.read[key] = f
	return f, nil
}

// check checks a package of the module, after those that it imports.
func (c *checker) check(m *module, dir string, importers []string) (*types.Package, error) {
	p := m.packages[dir]
	if p == nil {
		return nil, fmt.Errorf("%s is no package of the module", dir)
	}
	if p.types != nil {
		return p.types, nil
	}
	if len(importers) > len(m.packages) {
		return nil, errors.New("packages import each other")
	}
	key, alone := c.key(p)
	if known := c.memo[key]; alone && known != nil {
		m.packages[dir] = known
		return known.types, nil
	}
	p.info = &types.Info{
		Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
		Instances: map[*ast.Ident]types.Instance{},
	}
	conf := types.Config{GoVersion: c.in.Go, Importer: importFunc(func(name string) (*types.Package, error) {
		if sub, ok := c.folder(name); ok {
			return c.check(m, sub, append(importers, dir))
		}
		return c.in.Imports.Import(name)
	})}
	var asts []*ast.File
	for _, f := range p.files {
		asts = append(asts, f.ast)
	}
	checked, err := conf.Check(path.Join(c.in.Module, dir), c.fset, asts, p.info)
	if err != nil {
		return nil, err
	}
	p.types = checked
	p.units = unitsOf(p)
	if alone {
		c.memo[key] = p
	}
	return p.types, nil
}

type importFunc func(path string) (*types.Package, error)

func (f importFunc) Import(path string) (*types.Package, error) { return f(path) }

// folder is where the package of that path lies in the module.
func (c *checker) folder(importPath string) (string, bool) {
	if importPath == c.in.Module {
		return ".", true
	}
	return strings.CutPrefix(importPath, c.in.Module+"/")
}

// key names a package by its content, and reports whether that is all that it depends on.
func (c *checker) key(p *pkg) (string, bool) {
	set := files.Set{}
	for _, f := range p.files {
		set[f.path] = f.src
		if bytes.Contains(f.src, []byte(`"`+c.in.Module)) {
			return "", false
		}
	}
	return set.Digest(), true
}
