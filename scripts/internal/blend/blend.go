// Package blend puts many versions of a Go module into one: what they have in common once,
// and in each function that they write differently an if-else chain over their bodies, of
// which an environment variable chooses one when the program begins. One such program is
// built in the time of one, where a copy of the module for each version takes a copy's time.
//
// A version belongs in the blend only if it surely means there what it means on its own:
//
//   - On its own it passes the type checker, so nothing that another version brings along
//     can hide that it does not compile.
//   - Types, signatures, package variables and constants, exported functions and methods are
//     the base's. Only bodies differ, and functions, types and constants that nobody but the
//     package can see may be there besides.
//   - The blend passes the type checker, and there every name in every function of the
//     version is resolved as it is in the version on its own: to the same variable, field,
//     function or package. Whatever a chain's blocks could change (a := that no longer finds
//     the results to assign to, an import that another version has under that name, a
//     function that hides a builtin) shows as a name with another meaning.
//   - Package variables are initialized in the same order.
//
// Whatever fails one of these is left out, with the reason. What is in the blend therefore
// runs the statements that it would run alone, on the same variables: it can neither pass
// nor fail for another reason. Its functions have their own names, and the bodies that
// differ their own lines. From inside four things can be seen: an unchanged function below a
// changed one has the lines of the base, as has the end of a function, where what is deferred
// is called from; function literals are numbered through all of a chain; and a parameter that
// one version keeps on the heap is there for all.
package blend

import (
	"bytes"
	"fmt"
	"go/types"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/files"
)

// Env is the environment variable that chooses a version: its number in the order in which
// the versions were given. Without it the program is the base.
const Env = "WSWORKSHOP_VERSION"

// Input is what to blend. Nothing but Go files below the module and the folder web matters.
type Input struct {
	Module   string // import path
	Go       string // the module's Go version, as in go.mod
	Base     files.Set
	Versions []files.Set
	Imports  types.Importer // of everything that is not the module's

	// Place names a file as the compiler is to call it. Nil means as it is.
	Place func(name string) string
}

// Blend is the module that is all versions at once.
type Blend struct {
	Files   files.Set
	Left    map[int]string // the versions that are not in it, and why
	Choices int            // functions with more than one body
}

// rounds is how often versions that spoil the blend are taken out before it is given up.
const rounds = 5

// Make blends what can be blended. An error means that there is no blend at all.
func Make(in Input) (*Blend, error) {
	if in.Place == nil {
		in.Place = func(name string) string { return name }
	}
	c := newChecker(in)
	base, err := c.load(in.Base)
	if err == nil {
		err = free(in.Base)
	}
	if err != nil {
		return nil, fmt.Errorf("the base: %w", err)
	}
	left := map[int]string{}
	modules := make([]*module, len(in.Versions))
	for i, set := range in.Versions {
		if modules[i], err = c.load(set); err == nil {
			err = free(set)
		}
		if err != nil {
			left[i] = err.Error()
		}
	}
	for range rounds {
		m := newMix(in, base, modules)
		for i, v := range modules {
			if left[i] == "" {
				if err := m.join(i, v); err != nil {
					left[i] = err.Error()
				}
			}
		}
		set := m.write()
		blended, err := c.load(set)
		if err != nil {
			spoilers := m.spoilers(c.fset, err)
			if len(spoilers) == 0 {
				return nil, fmt.Errorf("the blend: %w", err)
			}
			for _, i := range spoilers {
				left[i] = err.Error()
			}
			continue
		}
		for i, v := range modules {
			if left[i] == "" {
				if err := m.same(i, v, blended); err != nil {
					left[i] = err.Error()
				}
			}
		}
		return &Blend{Files: set, Left: left, Choices: len(m.chains)}, nil
	}
	return nil, fmt.Errorf("%d versions spoil the blend", len(left))
}

// free makes sure that nobody else uses our names.
func free(set files.Set) error {
	for name, data := range set {
		if strings.Contains(name, prefix) || strings.HasSuffix(name, ".go") && bytes.Contains(data, []byte(prefix)) {
			return fmt.Errorf("%s has the word %s", name, prefix)
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
