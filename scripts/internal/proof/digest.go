package proof

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"wsworkshop/scripts/internal/files"
)

// Digester names sets of files by what they mean. It remembers files that it has met: most
// specimens share most of theirs. It is safe for concurrent use; its zero value is ready.
type Digester struct{ known sync.Map } // by checksum and extension

// Set names what the files mean, whatever the order in which they were read.
func (d *Digester) Set(set files.Set) string {
	h := sha256.New()
	for _, p := range set.Paths() {
		fmt.Fprintf(h, "%q %x\n", p, d.file(p, set[p]))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (d *Digester) file(name string, src []byte) [sha256.Size]byte {
	type key struct {
		sum  [sha256.Size]byte
		test bool
		ext  string
	}
	k := key{sha256.Sum256(src), strings.HasSuffix(name, "_test.go"), path.Ext(name)}
	if sum, ok := d.known.Load(k); ok {
		return sum.([sha256.Size]byte)
	}
	sum := sha256.Sum256(Meaning(name, src))
	d.known.Store(k, sum)
	return sum
}

// Module names what the module in a folder means to those that import it.
func (d *Digester) Module(dir string) (string, error) {
	set, err := files.Read(dir, func(p string) bool { return p == "testdata/" || apart(p) })
	return d.Set(set), err
}

// apart are the files of a package that those who import it never see.
func apart(name string) bool { return strings.HasSuffix(name, "_test.go") || path.Ext(name) == ".md" }

// Program names the sources of a package, of all packages of its module that it imports, and
// the versions of the other modules that these import. dir is the module's folder. Files for
// other systems count too, so that all systems agree.
func (d *Digester) Program(dir, pkg string) (string, error) {
	data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return "", err
	}
	mod, err := modfile.ParseLax("go.mod", data, nil)
	if err != nil {
		return "", err
	}
	set := files.Set{}
	pending := []string{pkg}
	for seen := map[string]bool{}; len(pending) > 0; pending = pending[1:] {
		if seen[pending[0]] {
			continue
		}
		seen[pending[0]] = true
		imports, err := addPackage(set, dir, pending[0])
		if err != nil {
			return "", err
		}
		for _, name := range imports {
			if own, ok := strings.CutPrefix(name, mod.Module.Mod.Path+"/"); ok {
				pending = append(pending, own)
			} else if v := version(mod, name); v != "" {
				set["module "+v] = nil
			}
		}
	}
	return d.Set(set), nil
}

// addPackage adds a package's files to a set, and returns what they import.
func addPackage(set files.Set, dir, pkg string) (imports []string, err error) {
	folder := filepath.Join(dir, filepath.FromSlash(pkg))
	read, err := files.Read(folder, func(p string) bool { return strings.HasSuffix(p, "/") || apart(p) })
	for name, src := range read {
		set[path.Join(pkg, name)] = src
		if path.Ext(name) != ".go" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
		if err != nil {
			return nil, err
		}
		for _, spec := range file.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			imports = append(imports, imported)
		}
	}
	return imports, err
}

// version is the module that has a package, with its version: "a.b/c@v1.2.3". It is "" for
// the standard library.
func version(mod *modfile.File, pkg string) string {
	var best module.Version
	for _, r := range mod.Require {
		if strings.HasPrefix(pkg+"/", r.Mod.Path+"/") && len(r.Mod.Path) > len(best.Path) {
			best = r.Mod
		}
	}
	return best.String()
}
