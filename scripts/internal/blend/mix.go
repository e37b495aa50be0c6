package blend

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"path"
	"slices"

	"wsworkshop/scripts/internal/files"
)

// mix is a blend that is being made.
type mix struct {
	in     Input
	base   *module
	chains map[string]*chain      // by folder and key of the function
	added  map[string]*addition   // by folder and key
	joined map[int]map[string]int // of each version: which link of which chain, 0 being the base's
	webs   []files.Set            // the folders web, without the base's
	asked  map[string]bool        // methods of any version's interfaces
}

// chain is a function with several bodies.
type chain struct {
	dir   string
	base  *unit
	links []*unit // beside the base's
}

// addition is a declaration that the base does not have.
type addition struct {
	dir      string
	unit     *unit
	versions []int // that have it
}

func newMix(in Input, base *module, versions []*module) *mix {
	m := &mix{in: in, base: base, chains: map[string]*chain{}, added: map[string]*addition{},
		joined: map[int]map[string]int{}, asked: map[string]bool{}}
	for _, v := range append(versions, base) {
		if v != nil {
			v.asksFor(m.asked)
		}
	}
	return m
}

// join takes version i into the mix, or says why it cannot.
func (m *mix) join(i int, v *module) error {
	if err := m.sameBesides(v); err != nil {
		return err
	}
	part := &part{mix: m, version: i, links: map[string]*unit{}, added: map[string]*addition{}}
	for _, dir := range sortedKeys(v.packages) {
		b := m.base.packages[dir]
		if b == nil || b.name != v.packages[dir].name || len(v.packages) != len(m.base.packages) {
			return errors.New("it has other packages")
		}
		if b == v.packages[dir] {
			continue
		}
		if err := part.compare(b, v.packages[dir]); err != nil {
			return err
		}
	}
	choice := map[string]int{}
	for key, a := range part.added {
		if m.added[key] == nil {
			m.added[key] = a
		}
		m.added[key].versions = append(m.added[key].versions, i)
	}
	for key, u := range part.links {
		if m.chains[key] == nil {
			m.chains[key] = &chain{dir: path.Dir(u.file.path), base: part.base(key)}
		}
		choice[key] = m.chains[key].link(u)
	}
	if web := below(v.set, webDir); !sameFiles(web, below(m.base.set, webDir)) {
		choice[webDir] = m.web(web)
	}
	m.joined[i] = choice
	return nil
}

// link is the number of a body in the chain, which gets it if it has not got it yet: in the
// same lines of a file of the same name.
func (c *chain) link(u *unit) int {
	for i, known := range c.links {
		if known.is(u) {
			return i + 1
		}
	}
	c.links = append(c.links, u)
	return len(c.links)
}

func (m *mix) web(set files.Set) int {
	i := slices.IndexFunc(m.webs, func(known files.Set) bool { return sameFiles(known, set) })
	if i < 0 {
		i = len(m.webs)
		m.webs = append(m.webs, set)
	}
	return i + 1
}

// is reports whether two bodies are written the same in the same place.
func (u *unit) is(other *unit) bool {
	return u.file.path == other.file.path && u.text() == other.text() && u.line() == other.line()
}

// text is the body as it is written, with its braces.
func (u *unit) text() string { return string(u.file.src[u.begin():u.end()]) }

// begin and end are offsets, line and endLine lines, of a function's body.
func (u *unit) begin() int { return int(u.fn.Body.Lbrace - u.file.ast.FileStart) }
func (u *unit) end() int   { return int(u.fn.Body.Rbrace-u.file.ast.FileStart) + 1 }
func (u *unit) line() int  { return 1 + bytes.Count(u.file.src[:u.begin()], []byte("\n")) }
func (u *unit) endLine() int {
	return 1 + bytes.Count(u.file.src[:u.end()], []byte("\n"))
}

// part is what one version brings into the mix.
type part struct {
	mix     *mix
	version int
	links   map[string]*unit
	added   map[string]*addition
}

func (p *part) base(key string) *unit {
	dir, name := path.Split(key)
	return p.mix.base.packages[path.Clean(dir)].units[name]
}

// compare finds what a package of the version has otherwise than the base.
func (p *part) compare(base, v *pkg) error {
	for _, key := range sortedKeys(v.units) {
		if err := p.unit(base, v, v.units[key]); err != nil {
			return err
		}
	}
	for _, key := range sortedKeys(base.units) {
		if u := base.units[key]; v.units[key] == nil && !methodOfNew(u, v) {
			if err := u.hidden(p.mix.asked); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *part) unit(base, v *pkg, u *unit) error {
	key := path.Join(v.dir, u.key)
	b := base.units[u.key]
	switch {
	case b == nil:
		return p.add(key, v, u)
	case (b.fn == nil) != (u.fn == nil) || b.head != u.head:
		return fmt.Errorf("%s: %s is declared otherwise", u.file.path, u.key)
	case b.body == u.body:
		return nil
	case u.fn == nil, u.fn.Body == nil, b.fn.Body == nil, u.fn.Name.Name == "init", u.fn.Name.Name == "_":
		return fmt.Errorf("%s: %s is declared otherwise", u.file.path, u.key)
	case b.file.path != u.file.path:
		return fmt.Errorf("%s: %s has moved", u.file.path, u.key)
	}
	if err := p.mix.fits(key, v, u); err != nil {
		return err
	}
	p.links[key] = u
	return nil
}

// methodOfNew reports whether a declaration is a method of a type that the other package
// does not have: whatever it is called, nobody asks for it there.
func methodOfNew(u *unit, other *pkg) bool {
	return u.fn != nil && u.fn.Recv != nil && other.types.Scope().Lookup(receiver(u.fn)) == nil
}

// add takes a declaration that the base does not have.
func (p *part) add(key string, v *pkg, u *unit) error {
	if err := u.hidden(p.mix.asked); err != nil && !methodOfNew(u, p.mix.base.packages[v.dir]) {
		return err
	}
	known := p.mix.added[key]
	for _, name := range namesOf(u.decl) {
		if types.Universe.Lookup(name) != nil || p.mix.imported(v.dir, name) {
			return fmt.Errorf("%s: %s would hide something", u.file.path, name)
		}
		if p.mix.base.packages[v.dir].types.Scope().Lookup(name) != nil || known == nil && p.mix.declares(v.dir, name) {
			return fmt.Errorf("%s: %s is declared otherwise", u.file.path, name)
		}
	}
	if known != nil && (known.unit.head != u.head || known.unit.body != u.body || !maps.Equal(known.unit.imports, u.imports)) {
		return fmt.Errorf("%s: another version has another %s", u.file.path, u.key)
	}
	p.added[key] = &addition{dir: v.dir, unit: u}
	return nil
}

// fits reports whether another body can stand beside the others of its function: its labels
// and the names of its imports must be free, or mean the same.
func (m *mix) fits(key string, v *pkg, u *unit) error {
	labels := labelsOf(u.fn.Body)
	others := []*unit{m.base.packages[v.dir].units[u.key]}
	if c := m.chains[key]; c != nil {
		others = append(others, c.links...)
	}
	for _, other := range others {
		if !other.is(u) && slices.ContainsFunc(labelsOf(other.fn.Body), func(l string) bool { return slices.Contains(labels, l) }) {
			return fmt.Errorf("%s: %s has a label of the same name as another version's", u.file.path, u.key)
		}
	}
	for p, u := range map[*pkg]*unit{m.base.packages[v.dir]: others[0], v: u} {
		if name := assigned(p, u.fn); name != "" {
			return fmt.Errorf("%s: a := in %s assigns to %s, and would declare it anew in a block", u.file.path, u.key, name)
		}
	}
	taken := m.imports(v.dir, u.file.path)
	for name, p := range u.imports {
		if have := taken[name]; have != "" && have != p {
			return fmt.Errorf("%s: %s is imported as %s, which is %s elsewhere", u.file.path, p, name, have)
		}
		if types.Universe.Lookup(name) != nil || m.base.packages[v.dir].types.Scope().Lookup(name) != nil || m.declares(v.dir, name) {
			return fmt.Errorf("%s: the import %s would hide something", u.file.path, name)
		}
	}
	return nil
}

// imports are those that a file of the base has in the blend.
func (m *mix) imports(dir, name string) map[string]string {
	all := map[string]string{}
	b := m.base.packages[dir]
	for _, f := range b.files {
		if f.path == name {
			maps.Copy(all, declaredImports(b, f))
		}
	}
	for _, c := range m.chains {
		for _, u := range c.links {
			if u.file.path == name {
				maps.Copy(all, u.imports)
			}
		}
	}
	return all
}

// imported reports whether a file of the package has an import of that name in the blend.
func (m *mix) imported(dir, name string) bool {
	return slices.ContainsFunc(m.base.packages[dir].files, func(f *file) bool { return m.imports(dir, f.path)[name] != "" })
}

// declares reports whether something of that name has been added to the package.
func (m *mix) declares(dir, name string) bool {
	for _, a := range m.added {
		if a.dir == dir && slices.Contains(namesOf(a.unit.decl), name) {
			return true
		}
	}
	return false
}

// assigned finds a name of the signature to which a := in the body's own block assigns.
func assigned(p *pkg, fn *ast.FuncDecl) string {
	for _, s := range fn.Body.List {
		for l, ok := s.(*ast.LabeledStmt); ok; l, ok = s.(*ast.LabeledStmt) {
			s = l.Stmt
		}
		define, ok := s.(*ast.AssignStmt)
		if !ok || define.Tok != token.DEFINE {
			continue
		}
		for _, left := range define.Lhs {
			id, _ := left.(*ast.Ident)
			if v := p.info.Uses[id]; v != nil && v.Pos() < fn.Body.Lbrace {
				return id.Name
			}
		}
	}
	return ""
}

func labelsOf(n ast.Node) (labels []string) {
	ast.Inspect(n, func(n ast.Node) bool {
		if l, ok := n.(*ast.LabeledStmt); ok {
			labels = append(labels, l.Label.Name)
		}
		return true
	})
	return labels
}

// importsOf lists the packages that a piece of code names, by the names that it uses.
func importsOf(p *pkg, n ast.Node) map[string]string {
	found := map[string]string{}
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if name, ok := p.info.Uses[id].(*types.PkgName); ok {
				found[name.Name()] = name.Imported().Path()
			}
		}
		return true
	})
	return found
}

// declaredImports lists a file's imports but for the nameless ones.
func declaredImports(p *pkg, f *file) map[string]string {
	found := map[string]string{}
	for _, spec := range f.ast.Imports {
		obj := p.info.Implicits[spec]
		if spec.Name != nil {
			obj = p.info.Defs[spec.Name]
		}
		if name, ok := obj.(*types.PkgName); ok && name.Name() != "_" && name.Name() != "." {
			found[name.Name()] = name.Imported().Path()
		}
	}
	return found
}
