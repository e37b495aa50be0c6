package main

import (
	"go/parser"
	"go/token"
	"strconv"
)

// locks is the package that stands in for sync.
const locks = "wsworkshop/pkg/testclient/sync"

// withLocks makes a Go file that imports sync import locks, under the same name and without
// moving a line. It returns false if the file does not import sync. What cannot be read is
// left to the compiler.
func withLocks(src []byte) ([]byte, bool) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", src, parser.ImportsOnly)
	if err != nil {
		return nil, false
	}
	for _, spec := range file.Imports {
		if path, _ := strconv.Unquote(spec.Path.Value); path != "sync" {
			continue
		}
		begin := files.PositionFor(spec.Path.Pos(), false).Offset
		end := begin + len(spec.Path.Value)
		replacement := strconv.Quote(locks)
		if spec.Name == nil {
			replacement = "sync " + replacement
		}
		out := append([]byte{}, src[:begin]...)
		out = append(out, replacement...)
		return append(out, src[end:]...), true
	}
	return nil, false
}
