package grade

import (
	"go/parser"
	"go/token"
	"strconv"
)

// locksPath is the package that stands in for sync while grading.
const locksPath = "wsworkshop/pkg/testclient/sync"

// replaceSync makes a Go file that imports sync import the locks of testclient, under the
// same name and without moving a line. It reports false when there is nothing to do; a file
// that cannot be read is left to the compiler.
func replaceSync(src []byte) ([]byte, bool) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", src, parser.ImportsOnly)
	if err != nil {
		return nil, false
	}
	for _, spec := range file.Imports {
		if path, _ := strconv.Unquote(spec.Path.Value); path != "sync" {
			continue
		}
		begin := fset.PositionFor(spec.Path.Pos(), false).Offset
		end := begin + len(spec.Path.Value)
		replacement := strconv.Quote(locksPath)
		if spec.Name == nil {
			replacement = "sync " + replacement
		}
		out := append([]byte{}, src[:begin]...)
		out = append(out, replacement...)
		return append(out, src[end:]...), true
	}
	return nil, false
}

// WithLocks is what the compiler gets of a server's Go file: testclient's locks in the
// place of sync's. Lines stay where they are.
func WithLocks(src []byte) []byte {
	if rewritten, ok := replaceSync(src); ok {
		return rewritten
	}
	return src
}
