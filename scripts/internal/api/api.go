// Package api compares what a suite uses of a server with what a server has. It needs
// neither a compiler nor the modules that they import.
package api

import (
	"cmp"
	"go/types"
	"path"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/files"
)

// Name is an exported name of a package of the server's module.
type Name struct {
	Dir  string // of the package: "." or "client"
	Name string // "New", "Config.StaleAfter", "Client.Run"
}

// String names it as the lesson does: what is not the server's with its package.
func (n Name) String() string {
	if n.Dir == "." {
		return n.Name
	}
	return path.Base(n.Dir) + "." + n.Name
}

// Type is the type to which a field or a method belongs, else the name itself.
func (n Name) Type() string {
	typ, _, _ := strings.Cut(n.Name, ".")
	return typ
}

// Compare orders names by package, then by name.
func (n Name) Compare(other Name) int {
	return cmp.Or(strings.Compare(n.Dir, other.Dir), strings.Compare(n.Name, other.Name))
}

// Lacks lists, for each file of a suite, the names that it uses of the reference and that the
// module does not have. A name of which the reference alone cannot tell what it belongs to
// may be left out. Signatures are not compared.
func Lacks(suite, reference, module files.Set) map[string][]Name {
	theirs, own := read(reference), read(module)
	names := theirs.names()
	lacks := map[string][]Name{}
	for name, used := range theirs.uses(suite) {
		for obj := range used {
			if aliases := names[obj]; len(aliases) > 0 && !slices.ContainsFunc(aliases, own.has) {
				lacks[name] = append(lacks[name], aliases[0])
			}
		}
		slices.SortFunc(lacks[name], Name.Compare)
		lacks[name] = slices.Compact(lacks[name])
	}
	return lacks
}

// names are the exported names of a module's packages. The members of a type that has an
// alias in another package have several names.
func (m *module) names() map[types.Object][]Name {
	names := map[types.Object][]Name{}
	for _, dir := range m.dirs() {
		scope := m.in(dir).Scope()
		for _, name := range scope.Names() {
			obj := scope.Lookup(name)
			names[obj] = []Name{{dir, name}}
			if _, ok := obj.(*types.TypeName); !ok {
				continue
			}
			for member := range members(types.Unalias(obj.Type())) {
				names[member] = append(names[member], Name{dir, name + "." + member.Name()})
			}
		}
	}
	return names
}

// has reports whether the module has a name.
func (m *module) has(n Name) bool {
	typ, member, isMember := strings.Cut(n.Name, ".")
	obj := m.in(n.Dir).Scope().Lookup(typ)
	if obj == nil || !isMember {
		return obj != nil
	}
	found, _, _ := types.LookupFieldOrMethod(obj.Type(), true, m.in(n.Dir), member)
	return found != nil
}

// members yields the fields and methods of a named type.
func members(typ types.Type) func(yield func(types.Object) bool) {
	return func(yield func(types.Object) bool) {
		if named, ok := typ.(*types.Named); ok {
			for method := range named.Methods() {
				if !yield(method) {
					return
				}
			}
		}
		switch under := typ.Underlying().(type) {
		case *types.Struct:
			for field := range under.Fields() {
				if !yield(field) {
					return
				}
			}
		case *types.Interface:
			for method := range under.Methods() {
				if !yield(method) {
					return
				}
			}
		}
	}
}
