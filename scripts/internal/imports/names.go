package imports

import (
	_ "embed"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"strings"

	"golang.org/x/mod/modfile"

	"wsworkshop/scripts/internal/files"
)

//go:embed std.txt
var stdPaths string

// preferred decides between packages of the standard library with the same name.
var preferred = map[string]string{
	"rand": "math/rand/v2", "template": "html/template", "scanner": "text/scanner",
	"parser": "go/parser", "version": "go/version", "pprof": "net/http/pprof",
}

// std maps names to the packages of the standard library.
var std = func() map[string]string {
	byName := map[string]string{}
	for p := range strings.FieldsSeq(stdPaths) {
		byName[assumed(p)] = p
	}
	for name, p := range preferred {
		byName[name] = p
	}
	return byName
}()

// odd are packages whose name cannot be read off their path.
var odd = map[string]string{
	"github.com/hashicorp/golang-lru":    "lru",
	"github.com/hashicorp/golang-lru/v2": "lru",
}

var (
	versionRE = regexp.MustCompile(`^v\d+$`)
	identRE   = regexp.MustCompile(`^\w+`)
)

// assumed guesses the name of a package from its path, as goimports does: versions do not
// count, nor does "go-" at the beginning or what follows the first sign that a name cannot have.
func assumed(importPath string) string {
	if name, ok := odd[importPath]; ok {
		return name
	}
	base := path.Base(importPath)
	if versionRE.MatchString(base) && importPath != base {
		base = path.Base(path.Dir(importPath))
	}
	return identRE.FindString(strings.TrimPrefix(base, "go-"))
}

// ownPackages maps the import paths of a module's packages to their names.
func ownPackages(set files.Set) map[string]string {
	names := map[string]string{}
	module := modfile.ModulePath(set["go.mod"])
	for name, src := range set {
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.PackageClauseOnly)
		if err == nil {
			names[path.Join(module, path.Dir(name))] = file.Name.Name
		}
	}
	return names
}
