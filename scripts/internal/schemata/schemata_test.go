package schemata

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
)

const module = "example.org/chat"

// chat is a module of one file.
func chat(body string) files.Set {
	return files.Set{
		"go.mod":  []byte("module example.org/chat\n\ngo 1.26\n"),
		"chat.go": []byte("package chat\n\n" + body),
	}
}

func TestOnlyBodiesMayDiffer(t *testing.T) {
	for _, c := range []struct {
		name          string
		base, version string
		left          string // "" for what is taken in
	}{
		{"another body", "func f() int { return 1 }", "func f() int { return 2 }", ""},
		{"a method's body", "type t int\n\nfunc (x *t) f() {}", "type t int\n\nfunc (x *t) f() { *x++ }", ""},
		{"another init", "func init() {}", "func init() { println() }", ""},
		{"another comment", "// f does.\nfunc f() {}", "func f() {\n\t// nothing\n}", ""},

		{"a := that finds the named result, and would not in a block",
			"import \"os\"\n\nfunc f() (err error) { return nil }",
			"import \"os\"\n\nfunc f() (err error) { a, err := os.Open(\"\"); _ = a; return err }", "a := in f assigns to err"},
		{"a := that finds a parameter", "func f(a int) { }", "func f(a int) { b, a := 1, 2; _ = b }", "a := in f assigns to a"},
		{"a := below a label", "func f(a int) { }", "func f(a int) {\nl:\n\tb, a := 1, 2\n\t_ = b\n\tgoto l\n}", "a := in f assigns to a"},
		{"a := in the base, which the base's block would spoil",
			"import \"os\"\n\nfunc f() (err error) { a, err := os.Open(\"\"); _ = a; return }", "import \"os\"\n\nfunc f() (err error) { return }",
			"a := in f assigns to err"},
		{"a := in a block of its own", "import \"os\"\n\nfunc f() (err error) { return os.ErrClosed }",
			"import \"os\"\n\nfunc f() (err error) { if _, err := os.Open(\"\"); err != nil { return err }; return nil }", ""},

		{"a function besides", "func f() {}", "func f() { g() }\n\nfunc g() {}", "its declarations are others"},
		{"a function less", "func f() {}\n\nfunc g() {}", "func f() {}", "its declarations are others"},
		{"functions in another order", "func f() {}\n\nfunc g() {}", "func g() {}\n\nfunc f() {}", "its declarations are others"},
		{"another signature", "func f() {}", "func f(int) {}", "its declarations are others"},
		{"another receiver", "type t int\n\nfunc (x t) f() {}", "type t int\n\nfunc (x *t) f() {}", "its declarations are others"},
		{"a body where there was none", "func f()", "func f() {}", "its declarations are others"},
		{"another type", "type t struct{ a int }", "type t struct{ a, b int }", "its declarations are others"},
		{"another value", "const a = 1", "const a = 2", "its declarations are others"},
		{"another function literal at package level", "var a = func() {}", "var a = func() { println() }", "its declarations are others"},
		{"another package", "", "\nfunc init() {}", "its declarations are others"},

		{"an import", "func f() {}", "import \"strings\"\n\nfunc f() { _ = strings.ToUpper(\"\") }", ""},
		{"an import less", "import \"strings\"\n\nfunc f() { _ = strings.ToUpper(\"\") }", "func f() {}", ""},
		{"an import for its effects", "func f() {}", "import _ \"embed\"\n\nfunc f() {}", "its declarations are others"},
		{"a package that registers something", "func f() {}", "import \"expvar\"\n\nfunc f() { expvar.Handler() }", "expvar\" may do something"},
		{"one of another module", "func f() {}", "import x \"example.com/x\"\n\nfunc f() { x.X() }", "example.com/x\" may do something"},

		{"one that registers something under another name", "func f() {}", "import x \"expvar\"\n\nfunc f() { x.Handler() }", "expvar\" may do something"},
		{"a directive", "func f() {}", "//go:noinline\nfunc f() {}", "its declarations are others"},
		{"our own word", "func f() {}", "func f() { workshopschemata := 1; _ = workshopschemata }", "it has the word"},
		{"what is no Go", "func f() {}", "func f() {", "expected"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Make(module, chat(c.base), []files.Set{nil, chat(c.version)})
			require.NoError(t, err)
			if c.left == "" {
				assert.Empty(t, s.Left)
			} else {
				assert.ErrorContains(t, s.Left[1], c.left)
			}
		})
	}
}

func TestOnlyFilesOfThePageMayDiffer(t *testing.T) {
	page := func(embed, text string) files.Set {
		set := chat("import \"embed\"\n\n" + embed + "\n\n// f opens what //go:embed has put there.\nfunc f() { _, _ = web.Open(\"\") }\n")
		set["web/a.txt"], set["deploy.conf"] = []byte(text), []byte("a")
		return set
	}
	const known = "//go:embed web\nvar web embed.FS"
	s, err := Make(module, page(known, "a"), []files.Set{page(known, "b"), page(known, "b"), page(known, "c")})
	require.NoError(t, err)
	assert.Empty(t, s.Left)
	set := s.Files(asIs)
	assert.Equal(t, "b", string(set["workshopschemata_web0/web/a.txt"]))
	assert.Equal(t, "c", string(set["workshopschemata_web1/web/a.txt"]))
	assert.Equal(t, "a", string(set["workshopschemata_web2/web/a.txt"]), "the base's comes last")

	for _, other := range []string{
		"//go:embed all:web\nvar web embed.FS",
		known + "\n\n//go:embed web/a.txt\nvar a string",
		"//go:embed web\nvar web embed.FS // the page",
	} {
		s, err := Make(module, page(other, "a"), []files.Set{page(other, "b")})
		require.NoError(t, err)
		assert.ErrorContains(t, s.Left[0], "web/a.txt", other)
	}

	changed, more, less := page(known, "a"), page(known, "a"), page(known, "a")
	changed["deploy.conf"] = []byte("b")
	more["more.go"] = []byte("package chat\n")
	delete(less, "chat.go")
	s, err = Make(module, page(known, "a"), []files.Set{changed, more, less})
	require.NoError(t, err)
	assert.ErrorContains(t, s.Left[0], "deploy.conf")
	assert.ErrorContains(t, s.Left[1], "more.go")
	assert.ErrorContains(t, s.Left[2], "chat.go")
}

func TestAnImportOfAnotherFileIsThereAnyway(t *testing.T) {
	const using = "import \"example.com/x\"\n\nfunc f() { x.X() }"
	base, version := chat("func f() {}"), chat(using)
	base["x.go"] = []byte("package chat\n\nimport \"example.com/x\"\n\nvar _ = x.X\n")
	version["x.go"] = base["x.go"]
	s, err := Make(module, base, []files.Set{version})
	require.NoError(t, err)
	assert.Empty(t, s.Left)
}

func asIs(name string) string { return name }

func TestABaseThatIsNoGoHasNoSchemata(t *testing.T) {
	_, err := Make(module, chat("func f() {"), nil)
	assert.ErrorContains(t, err, "chat.go")
	_, err = Make(module, chat("var workshopschemata int"), nil)
	assert.ErrorContains(t, err, "the word workshopschemata")
}

// TestTheCompilerNamesSpoilers gives each version to the compiler in the company of two good ones.
func TestTheCompilerNamesSpoilers(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles modules")
	}
	const base = "import \"math/rand\"\n\nfunc f() int { return 1 }\n\nfunc g() { rand.Int() }"
	good := chat("import \"math/rand\"\n\nfunc f() int { return 2 }\n\nfunc g() { rand.Int() }")
	for _, c := range []struct{ name, f, g string }{
		{"an unknown name", "return x", ""},
		{"a variable that is not used", "x := 1; return 1", ""},
		{"a label that is not used", "l: return 1", ""},
		{"a broken body among good ones", "return 2", "rand.Unknown()"},
		{"many mistakes", "a(); b(); c(); d(); e(); i(); j(); k(); l(); m(); n(); return 1", ""},
		{"another package under a name that is taken", "return len(rand.Text())", "println(rand.Text())"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := "import \"math/rand\"\n\nfunc f() int { " + c.f + " }\n\nfunc g() { rand.Int(); " + c.g + " }"
			if c.name == "another package under a name that is taken" {
				text = "import \"crypto/rand\"\n\nfunc f() int { " + c.f + " }\n\nfunc g() { " + c.g + " }"
			}
			s, err := Make(module, chat(base), []files.Set{good, chat(text), chat(text), good})
			require.NoError(t, err)
			require.Empty(t, s.Left)
			assert.Equal(t, []int{1, 2}, s.Spoilers(compile(t, s.Traced())))

			s, err = Make(module, chat(base), []files.Set{good, nil, nil, good})
			require.NoError(t, err)
			assert.Empty(t, compile(t, s.Traced()))
		})
	}
}

func compile(t *testing.T, set files.Set) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, set.Write(dir))
	cmd := exec.Command("go", "build", "-gcflags=-e", "./...")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	out, _ := cmd.CombinedOutput()
	return string(out)
}

// goFiles names Go files as the schemata do.
func goFiles(set files.Set) files.Set {
	out := set.Clone()
	for name, data := range set {
		if path.Ext(name) == ".go" {
			out[name] = append([]byte("//line "+filepath.ToSlash(name)+":1\n"), data...)
		}
	}
	return out
}
