package check

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSuitesSleepInBubblesOnly guards that no suite waits for real: whatever a test does before or
// after its bubble of virtual time must not sleep.
func TestSuitesSleepInBubblesOnly(t *testing.T) {
	files, err := filepath.Glob("../../../solutions/*/*_test.go")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, nil, 0)
		require.NoError(t, err)
		for _, pos := range realSleeps(file) {
			t.Errorf("%s sleeps outside of a bubble", fset.Position(pos))
		}
	}
}

func TestRealSleepIsFound(t *testing.T) {
	const source = `package chat_test

func TestA(t *testing.T) {
	run(t, func(w *testclient.World, s *server) { time.Sleep(1) })
	time.Sleep(2)
	testclient.Run(t, func(w *testclient.World) { go func() { <-time.After(3) }() })
	t.Run("case", func(t *testing.T) { <-time.After(4) })
}

func TestB(t *testing.T) {
	cfg.Moderate = func(ctx context.Context, m chat.Message) error { time.Sleep(6); return nil }
}

func (s *server) helper(w *testclient.World) { time.Sleep(5) }
`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "a_test.go", source, 0)
	require.NoError(t, err)
	var lines []int
	for _, pos := range realSleeps(file) {
		lines = append(lines, fset.Position(pos).Line)
	}
	require.Equal(t, []int{5, 7}, lines)
}

// realSleeps finds the calls of time.Sleep and time.After in functions that have a *testing.T, but not
// in their literals that have other parameters: those are called by a bubble, or by the server or client
// that runs in one. Functions without a *testing.T are called from a bubble.
func realSleeps(file *ast.File) (found []token.Pos) {
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || !takes(f.Type, "testing", "T") {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return n.Type.Params.NumFields() == 0 || takes(n.Type, "testing", "T")
			case *ast.CallExpr:
				if named(n.Fun, "time", "Sleep") || named(n.Fun, "time", "After") {
					found = append(found, n.Pos())
				}
			}
			return true
		})
	}
	return found
}

// takes tells whether a function has a parameter of the type *pkg.name.
func takes(f *ast.FuncType, pkg, name string) bool {
	for _, p := range f.Params.List {
		if star, ok := p.Type.(*ast.StarExpr); ok && named(star.X, pkg, name) {
			return true
		}
	}
	return false
}

// named tells whether e is pkg.name.
func named(e ast.Expr, pkg, name string) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := s.X.(*ast.Ident)
	return ok && x.Name == pkg && s.Sel.Name == name
}
