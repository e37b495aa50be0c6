package review

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"

	"golang.org/x/tools/go/packages"

	"wsworkshop/scripts/internal/files"
)

// texts are declarations as they are written.
type texts map[string]bool

// declarations reads those of all Go files. A file that cannot be read has none.
func declarations(set files.Set) texts {
	all := texts{}
	for name, src := range set {
		if path.Ext(name) != ".go" {
			continue
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		for _, d := range file.Decls {
			all[text(fset, src, d)] = true
		}
	}
	return all
}

// have reports whether the declaration around a place is one of them.
func (t texts) have(pkg *packages.Package, at token.Pos) bool {
	for _, file := range pkg.Syntax {
		for _, d := range file.Decls {
			if d.Pos() <= at && at < d.End() {
				src, err := os.ReadFile(pkg.Fset.Position(at).Filename)
				return err == nil && t[text(pkg.Fset, src, d)]
			}
		}
	}
	return false
}

// text is a declaration as it is written, without the comment above it.
func text(fset *token.FileSet, src []byte, d ast.Decl) string {
	return string(files.LF(src[fset.PositionFor(d.Pos(), false).Offset:fset.PositionFor(d.End(), false).Offset]))
}
