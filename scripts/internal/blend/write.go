package blend

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/files"
)

// What the blend has besides: a package that reads the environment, a file in each package
// with a variable for each chain, and files for what is added. No version may use the prefix.
const (
	prefix     = "workshopblend"
	choicePkg  = prefix
	choiceFile = prefix + ".go"
)

// write makes the blended module of the base and all that has joined it.
func (m *mix) write() files.Set {
	out := m.base.set.Clone()
	for _, dir := range sortedKeys(m.base.packages) {
		p := m.base.packages[dir]
		for _, f := range p.files {
			out[f.path] = m.file(dir, f)
		}
		if src := m.variables(p); src != nil {
			out[path.Join(dir, choiceFile)] = src
		}
	}
	for n, key := range sortedKeys(m.added) {
		out[m.addedFile(n, m.added[key])] = m.addition(m.added[key])
	}
	m.writeWebs(out)
	out[path.Join(choicePkg, "choice.go")] = m.table()
	return out
}

// edit replaces bytes of a file.
type edit struct {
	from, to int
	text     string
}

// file is a file of the base with its chains.
func (m *mix) file(dir string, f *file) []byte {
	edits := m.embedding(f)
	imports := m.imports(dir, f.path)
	own := declaredImports(m.base.packages[dir], f)
	var more strings.Builder
	for _, name := range sortedKeys(imports) {
		if own[name] == "" {
			fmt.Fprintf(&more, "; import %s %q", name, imports[name])
		}
	}
	end := int(f.ast.Name.End() - f.ast.FileStart)
	edits = append(edits, edit{end, end, more.String()})
	for _, key := range m.chainKeys() {
		if c := m.chains[key]; c.base.file == f {
			edits = append(edits, edit{c.base.begin(), c.base.end(), m.chain(key, c)})
		}
	}
	slices.SortFunc(edits, func(a, b edit) int { return a.from - b.from })
	var b bytes.Buffer
	fmt.Fprintf(&b, "//line %s:1\n", m.in.Place(f.path))
	done := 0
	for _, e := range edits {
		b.Write(f.src[done:e.from])
		b.WriteString(e.text)
		done = e.to
	}
	b.Write(f.src[done:])
	return b.Bytes()
}

// chain is a function's body that is one of several, each in a block of its own and in the
// lines of its own file.
func (m *mix) chain(key string, c *chain) string {
	var b strings.Builder
	b.WriteString("{ ")
	variable := m.variable(key)
	for i, u := range c.links {
		fmt.Fprintf(&b, "if %s == %d %s else ", variable, i+1, m.block(u))
	}
	fmt.Fprintf(&b, "%s\n//line %s:%d\n}", m.block(c.base), m.in.Place(c.base.file.path), c.base.endLine())
	return b.String()
}

// block is a body in its lines.
func (m *mix) block(u *unit) string {
	inside := u.text()
	return fmt.Sprintf("{\n//line %s:%d\n%s", m.in.Place(u.file.path), u.line(), inside[1:])
}

// chainKeys lists the chains in the order of their variables.
func (m *mix) chainKeys() []string { return sortedKeys(m.chains) }

func (m *mix) variable(key string) string {
	return fmt.Sprintf("%s%d", prefix, slices.Index(m.chainKeys(), key))
}

// variables is the file of a package with its chains' variables, nil where there are none.
func (m *mix) variables(p *pkg) []byte {
	var b bytes.Buffer
	for i, key := range m.chainKeys() {
		if m.chains[key].dir == p.dir {
			fmt.Fprintf(&b, "\nvar %s = %s.Of(%d)\n", m.variable(key), prefix, i)
		}
	}
	if b.Len() == 0 {
		return nil
	}
	return fmt.Appendf(nil, "package %s\n\nimport %s %q\n%s", p.name, prefix, path.Join(m.in.Module, choicePkg), b.String())
}

func (m *mix) addedFile(n int, a *addition) string {
	return path.Join(a.dir, fmt.Sprintf("%s_%d.go", prefix, n))
}

// addition is a declaration of a version's own, in a file of its own.
func (m *mix) addition(a *addition) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "package %s\n", m.base.packages[a.dir].name)
	for _, name := range sortedKeys(a.unit.imports) {
		fmt.Fprintf(&b, "\nimport %s %q\n", name, a.unit.imports[name])
	}
	f := a.unit.file
	from, to := int(a.unit.decl.Pos()-f.ast.FileStart), int(a.unit.decl.End()-f.ast.FileStart)
	fmt.Fprintf(&b, "\n//line %s:%d\n%s\n", m.in.Place(f.path), 1+bytes.Count(f.src[:from], []byte("\n")), f.src[from:to])
	return b.Bytes()
}

// table is the package that knows which version has which link of which chain.
func (m *mix) table() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "package "+prefix+"\n\nimport \"os\"\n\nvar chosen = table[os.Getenv(%q)]\n\n", Env)
	b.WriteString("// Of is the link to use of the chain with that number, and of the folders after all chains.\n")
	b.WriteString("func Of(chain int) int {\n\tif chosen == nil {\n\t\treturn 0\n\t}\n\treturn chosen[chain]\n}\n\n")
	b.WriteString("var table = map[string][]int{\n")
	for i := range sortedKeysOf(m.joined) {
		row := make([]string, 0, len(m.chains)+1)
		for _, key := range append(m.chainKeys(), webDir) {
			row = append(row, fmt.Sprint(m.joined[i][key]))
		}
		fmt.Fprintf(&b, "\t\"%d\": {%s},\n", i, strings.Join(row, ", "))
	}
	b.WriteString("}\n")
	return b.Bytes()
}

func sortedKeysOf(m map[int]map[string]int) func(func(int) bool) {
	return func(yield func(int) bool) {
		var keys []int
		for k := range m {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			if !yield(k) {
				return
			}
		}
	}
}
