// Package schemata makes mutant schemata: one module that is many versions of a Go module at
// once. Where versions have another body for a function, a switch has all the bodies, and an
// environment variable chooses the version when the program begins. So a hundred versions are
// compiled and linked in the time of one.
//
// A version can live in the schemata if it has the declarations of the base, file by file, and
// differs in the bodies of functions alone, or in the folder web. Everything else is left out:
// the caller builds it as a module of its own. What only a compiler can find (a label that two
// bodies have, an unused variable) is not looked for here. When the module does not compile,
// Spoilers names the versions whose lines the compiler complains about, and the caller makes
// the schemata again without them.
//
// A version must import what it uses and nothing else, as package mend sees to: what it lacks
// here, others may import for it. It then runs the statements that it would run alone. Four
// things differ: an import that one version adds to a file is there for all; package variables
// are initialized in an order that suits all bodies; an unchanged function below a changed one
// has the lines of the base; and function literals are numbered through all bodies. To be sure
// of a set of versions, grade each both ways: see Compare in package verify.
//
// A program with a switch for each mutant of a mutation test is the same thing: each mutant is
// a version, a clone of the base in which one file is another. Sets share what they have in
// common, and files that are the base's own are not read again, so thousands are cheap.
package schemata

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"wsworkshop/scripts/internal/files"
)

// Env is the environment variable that chooses a version by its number. Without it the program
// is the base.
const Env = "WSWORKSHOP_VERSION"

// prefix begins the names of what the schemata have besides. No version may use it.
const prefix = "workshopschemata"

// Schemata is a module that is many versions at once.
type Schemata struct {
	Left map[int]error // the versions that are not in it, and why

	module string // import path
	base   files.Set
	files  map[string]*source
	bodies map[place][]*body
	adds   map[string][]*addedImport // by file
	webs   []*web
}

// place is a function: the nth of a file.
type place struct {
	file string
	nth  int
}

// body is what some versions have instead of the base's body of a function.
type body struct {
	text     string
	line     int
	versions []int
}

// addedImport is an import that the base's file does not have.
type addedImport struct {
	spec     string // as in an import declaration
	versions []int  // that have it
}

// Make puts the versions into one module of that import path. A version that is nil is left out
// without a reason. An error means that the base itself does not suit.
func Make(module string, base files.Set, versions []files.Set) (*Schemata, error) {
	s := &Schemata{Left: map[int]error{}, module: module, base: base, files: map[string]*source{},
		bodies: map[place][]*body{}, adds: map[string][]*addedImport{}}
	for _, name := range base.Paths() {
		if bytes.Contains(base[name], []byte(prefix)) {
			return nil, fmt.Errorf("%s has the word %s", name, prefix)
		}
		if !compiled(name) {
			continue
		}
		var err error
		if s.files[name], err = read(base[name]); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	for i, set := range versions {
		if set == nil {
			continue
		}
		if err := s.join(i, set); err != nil {
			s.Left[i] = err
		}
	}
	return s, nil
}

// compiled reports whether a file of that name is part of the module's packages.
func compiled(name string) bool {
	return path.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go")
}

// join takes version i in, or says why it cannot, and takes nothing of it then.
func (s *Schemata) join(i int, set files.Set) error {
	changed := map[string]*source{}
	page := false
	for _, name := range union(s.base, set) {
		data, ok := set[name]
		original, known := s.base[name]
		switch {
		case ok == known && bytes.Equal(data, original):
		case strings.HasPrefix(name, webDir+"/") && s.embedsWeb():
			page = true
		case ok != known || !compiled(name):
			return fmt.Errorf("%s is not the base's", name)
		default:
			f, err := read(data)
			if err == nil {
				err = s.fits(name, f)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			changed[name] = f
		}
	}
	for name, f := range changed {
		s.add(i, name, f)
	}
	if page {
		s.addWeb(i, set)
	}
	return nil
}

// fits reports whether a version's file differs from the base's in bodies alone.
func (s *Schemata) fits(name string, f *source) error {
	base := s.files[name]
	if f.shell != base.shell || len(f.functions) != len(base.functions) {
		return errors.New("its declarations are others")
	}
	if bytes.Contains(f.src, []byte(prefix)) {
		return errors.New("it has the word " + prefix)
	}
	for _, spec := range f.newImports(base) {
		if !harmless(spec) && !s.imports(spec) {
			return fmt.Errorf("the import of %s may do something by itself", spec)
		}
	}
	for n, fn := range f.functions {
		if fn.body == base.functions[n].body {
			continue
		}
		for _, either := range []function{fn, base.functions[n]} {
			if either.redeclares != "" {
				return fmt.Errorf("a := in %s assigns to %s, and would declare it again inside a block", fn.name, either.redeclares)
			}
		}
	}
	return nil
}

// imports reports whether a file of the base has that import.
func (s *Schemata) imports(spec string) bool {
	for _, f := range s.files {
		if slices.Contains(f.imports, spec) {
			return true
		}
	}
	return false
}

// add notes what version i has otherwise in a file. The same body in the same lines is there once.
func (s *Schemata) add(i int, name string, f *source) {
	for n, fn := range f.functions {
		if fn.body == s.files[name].functions[n].body {
			continue
		}
		at := place{name, n}
		known := slices.IndexFunc(s.bodies[at], func(b *body) bool { return b.text == fn.body && b.line == fn.line })
		if known < 0 {
			known = len(s.bodies[at])
			s.bodies[at] = append(s.bodies[at], &body{text: fn.body, line: fn.line})
		}
		s.bodies[at][known].versions = append(s.bodies[at][known].versions, i)
	}
	for _, spec := range f.newImports(s.files[name]) {
		known := slices.IndexFunc(s.adds[name], func(a *addedImport) bool { return a.spec == spec })
		if known < 0 {
			known = len(s.adds[name])
			s.adds[name] = append(s.adds[name], &addedImport{spec: spec})
		}
		s.adds[name][known].versions = append(s.adds[name][known].versions, i)
	}
}

var versionRE = regexp.MustCompile(prefix + `-(\d+)/`)

// Spoilers are the versions that the compiler's words about Traced name, and those that share
// with one of them what it is the first to have.
func (s *Schemata) Spoilers(said string) []int {
	var found []int
	for _, m := range versionRE.FindAllStringSubmatch(said, -1) {
		i, _ := strconv.Atoi(m[1])
		for _, group := range s.groups() {
			if group[0] == i {
				found = append(found, group...)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// groups are the versions of each body and of each added import.
func (s *Schemata) groups() (all [][]int) {
	for _, bodies := range s.bodies {
		for _, b := range bodies {
			all = append(all, b.versions)
		}
	}
	for _, adds := range s.adds {
		for _, a := range adds {
			all = append(all, a.versions)
		}
	}
	return all
}

// union are the paths of both sets, in order.
func union(a, b files.Set) []string {
	paths := append(a.Paths(), b.Paths()...)
	slices.Sort(paths)
	return slices.Compact(paths)
}
