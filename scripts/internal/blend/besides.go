package blend

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"regexp"
	"strings"

	"wsworkshop/scripts/internal/files"
)

// directive finds what tells the compiler something in a comment.
var directive = regexp.MustCompile(`(?m)^[ \t]*(//go:.*|//line .*|//export .*|/\*line .*)$`)

// sameBesides compares what is not a declaration: directives, imports for their effects
// alone, and files that are no Go.
func (m *mix) sameBesides(v *module) error {
	if have, want := marksOf(v), marksOf(m.base); have != want {
		return fmt.Errorf("other directives or nameless imports: %q", have)
	}
	if p := m.foreign(v); p != "" {
		return fmt.Errorf("the import of %s may do something by itself", p)
	}
	for _, name := range sortedKeys(union(v.set, m.base.set)) {
		if path.Ext(name) == ".go" || bytes.Equal(v.set[name], m.base.set[name]) && (v.set[name] == nil) == (m.base.set[name] == nil) {
			continue
		}
		if !strings.HasPrefix(name, webDir+"/") || !m.embeds() {
			return fmt.Errorf("%s is another", name)
		}
	}
	return nil
}

// foreign finds a package that only one of version and base imports and that may do something
// when a program begins: one of another module, or one of two that register handlers.
func (m *mix) foreign(v *module) string {
	mine, base := v.imports(), m.base.imports()
	for _, p := range append(sortedKeys(mine), sortedKeys(base)...) {
		first, _, _ := strings.Cut(p, "/")
		acts := strings.Contains(first, ".") || p == "expvar" || p == "net/http/pprof"
		if acts && mine[p] != base[p] {
			return p
		}
	}
	return ""
}

// imports is what the module's packages import.
func (m *module) imports() map[string]bool {
	paths := map[string]bool{}
	for _, p := range m.packages {
		for _, i := range p.types.Imports() {
			paths[i.Path()] = true
		}
	}
	return paths
}

func marksOf(m *module) string {
	var all []string
	for _, dir := range sortedKeys(m.packages) {
		for _, f := range m.packages[dir].files {
			for _, d := range f.marks {
				all = append(all, f.path+" "+d)
			}
			for _, spec := range f.ast.Imports {
				if spec.Name != nil && (spec.Name.Name == "_" || spec.Name.Name == ".") {
					all = append(all, f.path+" "+spec.Name.Name+spec.Path.Value)
				}
			}
		}
	}
	return strings.Join(all, "\n")
}

func union(a, b files.Set) files.Set {
	out := a.Clone()
	maps.Copy(out, b)
	return out
}

func below(set files.Set, dir string) files.Set {
	out := files.Set{}
	for name, data := range set {
		if strings.HasPrefix(name, dir+"/") {
			out[name] = data
		}
	}
	return out
}

func sameFiles(a, b files.Set) bool { return a.Digest() == b.Digest() }
