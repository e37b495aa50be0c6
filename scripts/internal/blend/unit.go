package blend

import (
	"fmt"
	"go/ast"
	"go/printer"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"
)

// unit is a declaration at package level. Texts are without comments and as gofmt has them.
type unit struct {
	key  string // its names: "newHub", "hub.close", "a, b"
	file *file
	decl ast.Decl
	fn   *ast.FuncDecl // nil for types, variables and constants
	head string        // of a function: all but its body
	body string        // of a function; else all of it

	imports map[string]string // the packages that it names, by the names that it uses
}

// unitsIn lists the declarations of a file, imports left out.
func unitsIn(fset *token.FileSet, f *file) []unit {
	var units []unit
	for _, d := range f.ast.Decls {
		u := unit{key: keyOf(d), file: f, decl: d}
		if u.key == "" {
			continue
		}
		if fn, ok := d.(*ast.FuncDecl); ok {
			u.fn = fn
			u.head = printed(fset, &ast.FuncDecl{Recv: fn.Recv, Name: fn.Name, Type: fn.Type})
			if fn.Body != nil {
				u.body = printed(fset, fn.Body)
			}
		} else {
			u.body = printed(fset, d)
		}
		units = append(units, u)
	}
	return units
}

// unitsOf lists the declarations of a package. What may be there several times is numbered.
func unitsOf(p *pkg) map[string]*unit {
	units := map[string]*unit{}
	for _, f := range p.files {
		nth := map[string]int{}
		for _, u := range f.units {
			u.imports = importsOf(p, u.decl)
			if u.key == "init" || slices.Contains(strings.Split(u.key, ", "), "_") {
				nth[u.key]++
				u.key = fmt.Sprintf("%s#%d in %s", u.key, nth[u.key], path.Base(f.path))
			}
			units[u.key] = &u
		}
	}
	return units
}

func printed(fset *token.FileSet, node any) string {
	var b strings.Builder
	if err := (&printer.Config{Mode: printer.RawFormat}).Fprint(&b, fset, node); err != nil {
		panic(err) // not into memory
	}
	return b.String()
}

// keyOf is "" for imports.
func keyOf(d ast.Decl) string {
	fn, ok := d.(*ast.FuncDecl)
	if ok {
		if on := receiver(fn); on != "" {
			return on + "." + fn.Name.Name
		}
		return fn.Name.Name
	}
	return strings.Join(namesOf(d), ", ")
}

// receiver is the name of the type that a method belongs to, "" for a plain function.
func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return ""
	}
	t := fn.Recv.List[0].Type
	for {
		switch of := t.(type) {
		case *ast.StarExpr:
			t = of.X
		case *ast.ParenExpr:
			t = of.X
		case *ast.IndexExpr:
			t = of.X
		case *ast.IndexListExpr:
			t = of.X
		case *ast.Ident:
			return of.Name
		default:
			return "?"
		}
	}
}

// namesOf lists what a declaration declares at package level.
func namesOf(d ast.Decl) []string {
	if fn, ok := d.(*ast.FuncDecl); ok {
		if fn.Recv != nil {
			return nil
		}
		return []string{fn.Name.Name}
	}
	gen, ok := d.(*ast.GenDecl)
	if !ok {
		return nil
	}
	var names []string
	for _, s := range gen.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			names = append(names, s.Name.Name)
		case *ast.ValueSpec:
			for _, n := range s.Names {
				names = append(names, n.Name)
			}
		}
	}
	return names
}

// hidden reports whether a declaration can be there without anybody noticing who does not
// use it: a function, type, constant or simple variable that only its package sees. A method
// counts among what its type implements; it is hidden if no interface can ask for it.
func (u *unit) hidden(asked map[string]bool) error {
	if u.fn == nil {
		for _, name := range namesOf(u.decl) {
			if ast.IsExported(name) || name == "_" {
				return fmt.Errorf("%s: %s can be seen from outside", u.file.path, name)
			}
		}
		return u.inert()
	}
	name := u.fn.Name.Name
	switch {
	case ast.IsExported(name) && receiver(u.fn) == "", name == "init", name == "_", u.fn.Body == nil:
		return fmt.Errorf("%s: func %s cannot be there for one version alone", u.file.path, u.key)
	case receiver(u.fn) != "" && (ast.IsExported(name) || asked[name]):
		return fmt.Errorf("%s: an interface may ask for method %s", u.file.path, u.key)
	}
	return nil
}

// inert reports whether a variable's initializer does nothing but make its value: a call
// could do anything. Of calls, errors.New and the like of make are known.
func (u *unit) inert() (err error) {
	if gen := u.decl.(*ast.GenDecl); gen.Tok != token.VAR {
		return nil
	}
	ast.Inspect(u.decl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				err = fmt.Errorf("%s: var %s waits for something", u.file.path, u.key)
			}
		case *ast.CallExpr:
			if !harmless(n.Fun) {
				err = fmt.Errorf("%s: var %s calls a function", u.file.path, u.key)
			}
		}
		return err == nil
	})
	return err
}

func harmless(fun ast.Expr) bool {
	switch types.ExprString(fun) {
	case "errors.New", "make", "new", "len", "string", "[]byte", "regexp.MustCompile", "strings.NewReplacer":
		return true
	}
	return false
}

// asksFor adds the methods that interfaces written anywhere in the module have.
func (m *module) asksFor(asked map[string]bool) {
	for _, p := range m.packages {
		for _, f := range p.files {
			ast.Inspect(f.ast, func(n ast.Node) bool {
				if i, ok := n.(*ast.InterfaceType); ok {
					for _, method := range i.Methods.List {
						for _, name := range method.Names {
							asked[name.Name] = true
						}
					}
				}
				return true
			})
		}
	}
}
