package blend

import (
	"bytes"
	"context"
	"fmt"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"strconv"
	"strings"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/proc"
)

// Imports reads what the go command has compiled of all that the sets import and that is not
// the module's, as seen from dir, a folder of a module that requires it.
func Imports(ctx context.Context, dir, module string, sets ...files.Set) (types.Importer, error) {
	paths := map[string]bool{"embed": true, "os": true} // the blend's own
	for _, set := range sets {
		for name, data := range set {
			if strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
				imported(data, module, paths)
			}
		}
	}
	var out bytes.Buffer
	exit, err := proc.Run(ctx, proc.Spec{
		Args: append([]string{"go", "list", "-e", "-export", "-deps", "-f", "{{with .Export}}{{$.ImportPath}}={{.}}{{end}}"}, sortedKeys(paths)...),
		Dir:  dir, Env: []string{"GOWORK=off", "GOFLAGS="}, Out: &out,
	})
	if err != nil {
		return nil, err
	}
	if exit.Code != 0 {
		return nil, fmt.Errorf("go list: %s", out.String())
	}
	compiled := map[string]string{}
	for line := range strings.Lines(out.String()) {
		if name, file, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			compiled[name] = file
		}
	}
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		if file := compiled[path]; file != "" {
			return os.Open(file)
		}
		return nil, fmt.Errorf("%s has not been compiled", path)
	}), nil
}

func imported(src []byte, module string, paths map[string]bool) {
	file, err := parser.ParseFile(token.NewFileSet(), "", src, parser.ImportsOnly)
	if err != nil {
		return
	}
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		if path != module && !strings.HasPrefix(path, module+"/") && path != "unsafe" {
			paths[path] = true
		}
	}
}
