package blend

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"reflect"
	"slices"
	"strings"
)

// same checks that version i means in the blend what it means on its own.
func (m *mix) same(i int, v, blended *module) error {
	for _, dir := range sortedKeys(v.packages) {
		alone, mixed := v.packages[dir], blended.packages[dir]
		c := &comparison{alone: alone, mixed: mixed, locals: map[types.Object]types.Object{}, back: map[types.Object]types.Object{}}
		for _, key := range sortedKeys(alone.units) {
			u := alone.units[key]
			if dir == "." && key == webDir && len(m.webs) > 0 {
				continue // embedding has seen to it
			}
			w, link := mixed.units[key], m.joined[i][path.Join(dir, key)]
			if w == nil {
				return fmt.Errorf("%s is lost in the blend", key)
			}
			var err error
			if chain := m.chains[path.Join(dir, key)]; chain == nil {
				err = c.nodes(u.decl, w.decl)
			} else {
				err = c.body(u, w, link, len(chain.links))
			}
			if err != nil {
				return fmt.Errorf("%s: %s: %w", u.file.path, key, err)
			}
		}
		if have, want := order(mixed, alone), order(alone, alone); !slices.Equal(have, want) {
			return fmt.Errorf("package variables would be initialized in the order %v and not %v", have, want)
		}
	}
	return nil
}

// order lists the variables of the one package whose initializers call functions, as they
// are initialized in the other. For the rest the order is that of their dependencies alone.
func order(p, of *pkg) []string {
	calling := map[string]bool{"_": true}
	for _, u := range of.units {
		if u.fn == nil && u.inert() != nil {
			for _, name := range namesOf(u.decl) {
				calling[name] = true
			}
		}
	}
	var names []string
	for _, init := range p.info.InitOrder {
		for _, v := range init.Lhs {
			if calling[v.Name()] {
				names = append(names, v.Name())
			}
		}
	}
	return names
}

// comparison compares what names mean in two type-checked packages.
type comparison struct {
	alone, mixed *pkg
	locals, back map[types.Object]types.Object // variables, labels and types inside of functions
}

// body compares a function with the link of its chain that is to be its body.
func (c *comparison) body(u, w *unit, link, links int) error {
	if err := c.nodes(u.fn.Type, w.fn.Type); err != nil {
		return err
	}
	if u.fn.Recv != nil {
		if err := c.nodes(u.fn.Recv, w.fn.Recv); err != nil {
			return err
		}
	}
	at := w.fn.Body.List[0]
	for range (link + links) % (links + 1) { // the base's body, link 0, comes last
		at = at.(*ast.IfStmt).Else
	}
	if link > 0 {
		at = at.(*ast.IfStmt).Body
	}
	block, ok := at.(*ast.BlockStmt)
	if !ok {
		return errors.New("its body is not where it should be")
	}
	return c.nodes(u.fn.Body, block)
}

// nodes walks over two pieces of code that are written the same.
func (c *comparison) nodes(a, b ast.Node) error {
	as, bs := flat(a), flat(b)
	if len(as) != len(bs) {
		return errors.New("it is written otherwise in the blend")
	}
	for i := range as {
		if reflect.TypeOf(as[i]) != reflect.TypeOf(bs[i]) {
			return errors.New("it is written otherwise in the blend")
		}
		var err error
		switch x := as[i].(type) {
		case *ast.Ident:
			err = c.ident(x, bs[i].(*ast.Ident))
		case *ast.SelectorExpr:
			err = c.selector(x, bs[i].(*ast.SelectorExpr))
		case *ast.CaseClause, *ast.ImportSpec:
			c.pair(c.alone.info.Implicits[x], c.mixed.info.Implicits[bs[i]])
		case *ast.BasicLit:
			if x.Value != bs[i].(*ast.BasicLit).Value {
				err = fmt.Errorf("%s is another literal", x.Value)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func flat(n ast.Node) []ast.Node {
	var all []ast.Node
	ast.Inspect(n, func(n ast.Node) bool {
		if n != nil {
			all = append(all, n)
		}
		return true
	})
	return all
}

// ident compares what two names stand for.
func (c *comparison) ident(a, b *ast.Ident) error {
	if a.Name != b.Name {
		return fmt.Errorf("%s is called %s", a.Name, b.Name)
	}
	if _, defined := c.alone.info.Defs[a]; defined {
		if _, here := c.mixed.info.Defs[b]; !here {
			return fmt.Errorf("%s is declared on its own and not in the blend", a.Name)
		}
		if !c.equal(c.alone.info.Defs[a], c.mixed.info.Defs[b]) {
			return fmt.Errorf("%s is declared otherwise", a.Name)
		}
		return nil
	}
	if _, here := c.mixed.info.Defs[b]; here {
		return fmt.Errorf("%s is declared anew in the blend", a.Name)
	}
	if x, y := c.alone.info.Uses[a], c.mixed.info.Uses[b]; !c.equal(x, y) {
		return fmt.Errorf("%s means %v on its own and %v in the blend", a.Name, x, y)
	}
	return nil
}

// selector compares the ways to fields and methods.
func (c *comparison) selector(a, b *ast.SelectorExpr) error {
	x, y := c.alone.info.Selections[a], c.mixed.info.Selections[b]
	if (x == nil) != (y == nil) || x != nil && (x.Kind() != y.Kind() || !slices.Equal(way(x), way(y)) || x.Indirect() != y.Indirect()) {
		return fmt.Errorf("%s is selected otherwise", a.Sel.Name)
	}
	return nil
}

// way is through which fields a selection goes. A method's own number among others does not
// matter: its name says which it is.
func way(s *types.Selection) []int {
	if s.Kind() == types.FieldVal {
		return s.Index()
	}
	return s.Index()[:len(s.Index())-1]
}

// equal reports whether two objects are the same to whoever uses them.
func (c *comparison) equal(a, b types.Object) bool {
	a, b = origin(a), origin(b)
	switch {
	case a == nil || b == nil:
		return a == nil && b == nil
	case a == b:
		return true // the language's, or of a package that is not the module's
	case reflect.TypeOf(a) != reflect.TypeOf(b) || a.Name() != b.Name():
		return false
	}
	if x, ok := a.(*types.PkgName); ok {
		return x.Imported().Path() == b.(*types.PkgName).Imported().Path()
	}
	if a.Pkg() == nil || b.Pkg() == nil || a.Pkg().Path() != b.Pkg().Path() {
		return false
	}
	if top, other := a.Parent() == a.Pkg().Scope(), b.Parent() == b.Pkg().Scope(); top || other {
		return top == other && types.ObjectString(a, nil) == types.ObjectString(b, nil)
	}
	return c.pair(a, b) && types.TypeString(a.Type(), nil) == types.TypeString(b.Type(), nil)
}

// origin is the generic field or method of which an object is an instance.
func origin(o types.Object) types.Object {
	switch o := o.(type) {
	case *types.Var:
		return o.Origin()
	case *types.Func:
		return o.Origin()
	}
	return o
}

// pair notes that two objects that are not at package level belong together, and reports
// whether they have done so from the beginning.
func (c *comparison) pair(a, b types.Object) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	if known, ok := c.locals[a]; ok {
		return known == b
	}
	if _, ok := c.back[b]; ok {
		return false
	}
	c.locals[a], c.back[b] = b, a
	return true
}

// spoilers finds the versions to which the place of an error in the blend belongs.
func (m *mix) spoilers(fset *token.FileSet, err error) []int {
	wrong, ok := errors.AsType[types.Error](err)
	if !ok {
		return nil
	}
	at := fset.PositionFor(wrong.Pos, false)
	var found []int
	for i := range sortedKeysOf(m.joined) {
		if m.wrote(i, at.Filename, at.Offset) {
			found = append(found, i)
		}
	}
	return found
}

// wrote reports whether a version brought what stands at a place of the blend.
func (m *mix) wrote(i int, name string, offset int) bool {
	for n, key := range sortedKeys(m.added) {
		if name == m.addedFile(n, m.added[key]) && slices.Contains(m.added[key].versions, i) {
			return true
		}
	}
	for key, link := range m.joined[i] {
		if c := m.chains[key]; c != nil && name == c.base.file.path && m.within(key, c, link, offset) {
			return true
		}
	}
	return false
}

// within reports whether an offset of the blended file lies in a link of a chain.
func (m *mix) within(key string, c *chain, link, offset int) bool {
	text := string(m.file(c.dir, c.base.file))
	block := fmt.Sprintf("if %s == %d %s", m.variable(key), link, m.block(c.links[link-1]))
	from := strings.Index(text, block)
	return from >= 0 && from <= offset && offset < from+len(block)
}
