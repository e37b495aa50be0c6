package review

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/analysis/suite/vet"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"
	"honnef.co/go/tools/simple/s1000"
	"honnef.co/go/tools/simple/s1002"
	"honnef.co/go/tools/simple/s1008"
	"honnef.co/go/tools/simple/s1021"
	"honnef.co/go/tools/simple/s1023"
	"honnef.co/go/tools/staticcheck/sa2001"
	"honnef.co/go/tools/staticcheck/sa4004"
	"honnef.co/go/tools/staticcheck/sa4011"
)

// own are this course's checks, the weightiest first. What waits under a lock is not among
// them: the suites refuse it where it matters, and elsewhere it is often right.
var own = []*analysis.Analyzer{
	check("dropped", dropped, (*ast.ExprStmt)(nil), (*ast.AssignStmt)(nil)),
	check("sleeps", sleeps, (*ast.CallExpr)(nil)),
	check("prints", prints, (*ast.CallExpr)(nil)),
	check("compares", compares, (*ast.BinaryExpr)(nil)),
	check("unwrapped", unwrapped, (*ast.CallExpr)(nil)),
	{Name: "todo", Doc: "todo", Run: todo},
}

// analyzers are go vet's, this course's, and those of staticcheck that need to know nothing of
// other packages, in the order in which their remarks count.
func analyzers() []*analysis.Analyzer {
	all := append(vet.Suite[:len(vet.Suite):len(vet.Suite)], own...)
	return append(all,
		sa2001.Analyzer, sa4004.Analyzer, sa4011.Analyzer,
		s1000.Analyzer, s1002.Analyzer, s1008.Analyzer, s1021.Analyzer, s1023.Analyzer)
}

// check is an analyzer that looks at all nodes of some types.
func check(name string, look func(*analysis.Pass, ast.Node), nodes ...ast.Node) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name: name, Doc: name,
		Requires: []*analysis.Analyzer{inspect.Analyzer},
		Run: func(pass *analysis.Pass) (any, error) {
			all := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
			all.Preorder(nodes, func(n ast.Node) { look(pass, n) })
			return nil, nil
		},
	}
}

// words are the text of a remark. What the other tools say names them, so that it can be
// looked up.
func words(a *analysis.Analyzer, message string) string {
	if slices.Contains(own, a) {
		return message
	}
	message = strings.ToUpper(message[:1]) + message[1:]
	switch {
	case strings.HasPrefix(a.Name, "S1"):
		return fmt.Sprintf("%s: it does the same, and there is less to read (staticcheck, %s).", message, a.Name)
	case strings.HasPrefix(a.Name, "S"):
		return fmt.Sprintf("%s (staticcheck, %s).", message, a.Name)
	}
	return fmt.Sprintf("%s (go vet, %s).", message, a.Name)
}

// dropped finds an error that is dropped: of a write to the network, or of a function of this
// package whose name begins with write.
func dropped(pass *analysis.Pass, n ast.Node) {
	var e ast.Expr
	switch n := n.(type) {
	case *ast.ExprStmt:
		e = n.X
	case *ast.AssignStmt:
		if id, ok := n.Lhs[len(n.Lhs)-1].(*ast.Ident); !ok || id.Name != "_" {
			return
		}
		e = n.Rhs[0]
	}
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return
	}
	f := callee(pass, call)
	if !network(f) && (f == nil || f.Pkg() != pass.Pkg || !strings.HasPrefix(f.Name(), "write")) {
		return
	}
	results := f.Signature().Results()
	if results.Len() == 0 || !isError(results.At(results.Len()-1).Type()) {
		return
	}
	pass.Reportf(call.Pos(), "The error of %s is dropped. It is how the server learns that this connection is gone: "+
		"return it, or end the connection.", types.ExprString(call.Fun))
}

// sleeps finds waits that nothing can end.
func sleeps(pass *analysis.Pass, n ast.Node) {
	if call := n.(*ast.CallExpr); named(pass, call, "time", "Sleep") && pass.Pkg.Name() != "main" {
		pass.Reportf(call.Pos(), "Nothing can end time.Sleep early, so everything that waits for this code, such as Close, waits too. "+
			"Use a timer in a select, beside the channel that says that it is over.")
	}
}

// prints finds output that is left over.
func prints(pass *analysis.Pass, n ast.Node) {
	call := n.(*ast.CallExpr)
	f := callee(pass, call)
	if f == nil || f.Pkg() == nil || pass.Pkg.Name() == "main" {
		return
	}
	if p := f.Pkg().Path(); (p == "fmt" || p == "log" && f.Signature().Recv() == nil) && strings.HasPrefix(f.Name(), "Print") {
		pass.Reportf(call.Pos(), "%s.%s does not go through Config.Logger, so the program that runs the server "+
			"cannot decide where its output goes. Use the logger, or remove this line.", p, f.Name())
	}
}

// compares finds errors that are compared with == or !=.
func compares(pass *analysis.Pass, n ast.Node) {
	e := n.(*ast.BinaryExpr)
	if e.Op != token.EQL && e.Op != token.NEQ {
		return
	}
	if isError(pass.TypesInfo.TypeOf(e.X)) && isError(pass.TypesInfo.TypeOf(e.Y)) {
		pass.Reportf(e.Pos(), "%s does not hold for an error that wraps the other. Use errors.Is.", types.ExprString(e))
	}
}

// unwrapped finds errors that become text.
func unwrapped(pass *analysis.Pass, n ast.Node) {
	call := n.(*ast.CallExpr)
	if !named(pass, call, "fmt", "Errorf") {
		return
	}
	format := pass.TypesInfo.Types[call.Args[0]].Value
	if format == nil || strings.Contains(format.String(), "%w") {
		return
	}
	for _, arg := range call.Args[1:] {
		if isError(pass.TypesInfo.TypeOf(arg)) {
			pass.Reportf(call.Pos(), "The text of %s goes into the new error, but the error itself does not: "+
				"errors.Is and errors.As no longer find it. Use %%w.", types.ExprString(arg))
			return
		}
	}
}

var mark = regexp.MustCompile(`TODO\((\d+\.\d+)\)`)

// todo finds marks of tasks, all of which are done.
func todo(pass *analysis.Pass) (any, error) {
	for _, file := range pass.Files {
		for _, group := range file.Comments {
			for _, c := range group.List {
				if m := mark.FindString(c.Text); m != "" {
					pass.Reportf(c.Pos(), "%s is done, but still says that it is to do. Remove the comment.", m)
				}
			}
		}
	}
	return nil, nil
}

// network reports whether a method writes to a connection. WriteControl is left out: it has a
// deadline of its own, it says goodbye, and nothing can be done when it fails.
func network(f *types.Func) bool {
	if f == nil || f.Signature().Recv() == nil || !strings.HasPrefix(f.Name(), "Write") || f.Name() == "WriteControl" {
		return false
	}
	return f.Pkg().Path() == "github.com/gorilla/websocket" || f.Pkg().Path() == "net"
}

func callee(pass *analysis.Pass, call *ast.CallExpr) *types.Func {
	f, _ := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
	return f
}

func named(pass *analysis.Pass, call *ast.CallExpr, pkg, name string) bool {
	f := callee(pass, call)
	return f != nil && f.Pkg() != nil && f.Pkg().Path() == pkg && f.Name() == name && f.Signature().Recv() == nil
}

func isError(t types.Type) bool { return t == types.Universe.Lookup("error").Type() }
