package blend

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
)

// blended makes a blend of modules, the first being the base.
func blended(t *testing.T, sets ...files.Set) (*Blend, error) {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, files.Set{"go.mod": []byte("module example.org/chat\n\ngo 1.26\n")}.Write(dir))
	imports, err := Imports(t.Context(), dir, "example.org/chat", sets...)
	require.NoError(t, err)
	return Make(Input{Module: "example.org/chat", Go: "go1.26", Base: sets[0], Versions: sets[1:], Imports: imports})
}

// chat is a module of one file.
func chat(body string) files.Set { return files.Set{"chat.go": []byte("package chat\n\n" + body)} }

func TestWhatCannotBeTheSameIsLeftOut(t *testing.T) {
	for _, c := range []struct {
		name          string
		base, version string
		left          string // "" for what is in the blend
	}{
		{"another body", "func f() int { return 1 }", "func f() int { return 2 }", ""},
		{"a method's body", "type t int\n\nfunc (x *t) f() {}", "type t int\n\nfunc (x *t) f() { *x++ }", ""},
		{"a method of a generic type", "type t[V any] struct{ v V }\n\nfunc (x t[V]) f() V { return x.v }",
			"type t[V any] struct{ v V }\n\nfunc (x t[V]) f() V { y := x; return y.v }", ""},
		{"a break in a loop", "func f() { for { break } }", "func f() { for { if true { break } } }", ""},
		{"a loop that goes on", "func f() int { for { } }", "func f() int { for { return 1 } }", ""},

		{"a := that finds the named result, and would not in a block",
			"import \"os\"\n\nfunc f() (err error) { defer func() { _ = err }(); _, err = os.Open(\"\"); return err }",
			"import \"os\"\n\nfunc f() (err error) { defer func() { _ = err }(); a, err := os.Open(\"\"); _ = a; return err }",
			"err"},
		{"a := that finds a parameter",
			"import \"os\"\n\nfunc f(err error) func() error { _, err = os.Open(\"\"); return func() error { return err } }",
			"import \"os\"\n\nfunc f(err error) func() error { a, err := os.Open(\"\"); _ = a; return func() error { return err } }",
			"would declare it anew"},
		{"a := in the base, which the base's block would spoil",
			"import \"os\"\n\nfunc f() (err error) { a, err := os.Open(\"\"); _ = a; return }", "func f() (err error) { return }", "would declare it anew"},
		{"a := in a block of its own", "import \"os\"\n\nfunc f() (err error) { return os.ErrClosed }",
			"import \"os\"\n\nfunc f() (err error) { if _, err := os.Open(\"\"); err != nil { return err }; return nil }", ""},

		{"a label", "func f() { return }", "func f() {\nl:\n\tfor { break l }\n}", ""},
		{"the same label twice", "func f() {\nl:\n\tfor { continue l }\n}", "func f() {\nl:\n\tfor { break l }\n}", "label"},
		{"a goto", "func f() { return }", "func f() {\n\tgoto end\nend:\n\treturn\n}", ""},

		{"a function besides", "func f() int { return 1 }", "func f() int { return g() }\n\nfunc g() int { return 2 }", ""},
		{"a type besides, with methods", "func f() string { return \"\" }",
			"type t int\n\nfunc (t) Error() string { return \"t\" }\n\nfunc f() string { var err error = t(1); return err.Error() }", ""},
		{"constants besides", "func f() int { return 1 }", "func f() int { return b }\n\nconst (\n\ta = iota\n\tb\n)", ""},
		{"an error besides", "import \"errors\"\n\nfunc f() error { return errors.ErrUnsupported }",
			"import \"errors\"\n\nvar errF = errors.New(\"f\")\n\nfunc f() error { return errF }", ""},
		{"a variable that calls", "func f() int { return 1 }", "var a = g()\n\nfunc f() int { return a }\n\nfunc g() int { return 2 }", "calls a function"},
		{"a function less", "func f() int { return g() }\n\nfunc g() int { return 2 }", "func f() int { return 1 }", ""},
		{"a function that hides a builtin", "func f() int { return min(1, 2) }",
			"func f() int { return min(1, 2) }\n\nfunc min(a, b int) int { return b }", "hide"},
		{"an exported function", "func f() {}", "func f() {}\n\nfunc F() {}", "for one version alone"},
		{"an exported method", "type t int", "type t int\n\nfunc (t) String() string { return \"t\" }", "an interface may ask"},
		{"a method", "type t int\n\nfunc f() {}", "type t int\n\nfunc f() { t(1).g() }\n\nfunc (t) g() {}", ""},
		{"a method that an interface asks for", "type t int\n\nfunc f(x any) { _, _ = x.(interface{ g() }) }",
			"type t int\n\nfunc f(x any) { _, _ = x.(interface{ g() }) }\n\nfunc (t) g() {}", "an interface may ask"},

		{"another signature", "func f() {}", "func f(int) {}", "declared otherwise"},
		{"another receiver", "type t int\n\nfunc (x t) f() {}", "type t int\n\nfunc (x *t) f() {}", "declared otherwise"},
		{"another type", "type t struct{ a int }", "type t struct{ a, b int }", "declared otherwise"},
		{"another constant", "const (\n\ta = iota\n\tb\n)", "const (\n\tb = iota\n\ta\n)", "declared otherwise"},
		{"another value", "const a = 1", "const a = 2", "declared otherwise"},
		{"another variable", "var a = 1", "var a = 2", "declared otherwise"},
		{"another init", "func init() {}", "func init() { println() }", "declared otherwise"},
		{"one more init", "func init() {}", "func init() {}\n\nfunc init() {}", "cannot be there"},
		{"variables in another order", "var a = f()\n\nvar b = g()\n\nvar c int\n\nfunc f() int { return 1 }\n\nfunc g() int { return 2 }",
			"var a = f()\n\nvar b = g()\n\nvar c int\n\nfunc f() int { return b }\n\nfunc g() int { return 2 }", ""},

		{"an import", "func f() {}", "import \"strings\"\n\nfunc f() { _ = strings.ToUpper(\"\") }", ""},
		{"an import by another name", "import \"strings\"\n\nfunc f() { _ = strings.ToUpper(\"\") }",
			"import s \"strings\"\n\nfunc f() { _ = s.ToUpper(\"\") }", ""},
		{"another package by the same name", "import \"math/rand\"\n\nfunc f() { rand.Int() }",
			"import \"crypto/rand\"\n\nfunc f() { rand.Text() }", "rand is imported"},
		{"an import that hides a builtin", "func f() { _ = len(\"\") }", "import len \"strings\"\n\nfunc f() { _ = len.ToUpper(\"\") }", "hide"},
		{"an import for its effects", "func f() {}", "import _ \"embed\"\n\nfunc f() {}", "nameless imports"},

		{"a package that acts by itself", "func f() {}", "import \"expvar\"\n\nfunc f() { expvar.Handler() }", "expvar may do something"},
		{"one that does not any more", "import \"expvar\"\n\nfunc f() { expvar.Handler() }", "func f() {}", "expvar may do something"},

		{"what does not compile", "func f() {}", "func f() { x }", "undefined: x"},
		{"a variable that is not used", "func f() {}", "func f() { x := 1 }", "declared and not used: x"},
		{"a return that is missing", "func f() int { return 1 }", "func f() int { }", "missing return"},
		{"an import that is not used", "func f() {}", "import \"os\"\n\nfunc f() {}", "imported and not used"},

		{"a directive", "func f() {}", "//go:noinline\nfunc f() {}", "directives"},
		{"a constraint", "func f() {}", "func f() {}\n\n//go:build linux\n", "build constraints"},
		{"our own word", "func f() {}", "func f() { workshopblend := 1; _ = workshopblend }", "has the word"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := blended(t, chat(c.base), chat(c.version))
			require.NoError(t, err)
			if c.left == "" {
				assert.Empty(t, b.Left)
			} else {
				assert.Contains(t, b.Left[0], c.left)
			}
		})
	}
}

func TestVersionsThatDisturbEachOther(t *testing.T) {
	base := "func f() int { return 1 }\n\nfunc g() int { return 1 }"
	helped := func(helper string) files.Set {
		return chat("func f() int { return h() }\n\nfunc g() int { return 1 }\n\n" + helper)
	}
	for _, c := range []struct {
		name     string
		versions []files.Set
		left     map[int]string
	}{
		{"the same helper", []files.Set{helped("func h() int { return 2 }"), helped("func h() int { return 2 }")}, nil},
		{"another helper of the same name", []files.Set{helped("func h() int { return 2 }"), helped("func h() int { return 3 }")},
			map[int]string{1: "another version has another h"}},
		{"a helper that only another version has", []files.Set{helped("func h() int { return 2 }"), helped("")},
			map[int]string{1: "undefined: h"}},
		{"a helper called like another version's import", []files.Set{
			chat("import h \"os\"\n\nfunc f() int { return h.Getpid() }\n\nfunc g() int { return 1 }"), helped("func h() int { return 2 }")},
			map[int]string{1: "h would hide something"}},
		{"an import called like another version's helper", []files.Set{helped("func h() int { return 2 }"),
			chat("import h \"os\"\n\nfunc f() int { return h.Getpid() }\n\nfunc g() int { return 1 }")},
			map[int]string{1: "the import h would hide something"}},
		{"a method that another version's interface asks for", []files.Set{
			chat("func f() int { return 1 }\n\nfunc g() int { _, _ = any(1).(interface{ h() }); return 1 }"),
			chat("type t int\n\nfunc f() int { t(1).h(); return 1 }\n\nfunc g() int { return 1 }\n\nfunc (t) h() {}")}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := blended(t, append([]files.Set{chat(base)}, c.versions...)...)
			require.NoError(t, err)
			require.Len(t, b.Left, len(c.left), b.Left)
			for i, words := range c.left {
				assert.Contains(t, b.Left[i], words)
			}
		})
	}
}

func TestOrderOfVariables(t *testing.T) {
	// On its own, b is initialized before a, which begins to depend on it.
	base := "var (\n\ta = f()\n\tb = g()\n)\n\nfunc f() int { println(1); return 1 }\n\nfunc g() int { println(2); return 2 }"
	version := "var (\n\ta = f()\n\tb = g()\n)\n\nfunc f() int { println(b); return 1 }\n\nfunc g() int { println(2); return 2 }"
	b, err := blended(t, chat(base), chat(version), chat(base))
	require.NoError(t, err)
	assert.NotContains(t, b.Left, 0, "b comes first in the blend too, for all")
	assert.Contains(t, b.Left[1], "initialized in the order [b a] and not [a b]")
}

func TestFoldersThatAreEmbedded(t *testing.T) {
	page := func(embed, text string) files.Set {
		return files.Set{
			"page.go":     []byte("package chat\n\nimport \"embed\"\n\n" + embed + "\n\nfunc f() { _, _ = web.Open(\"\") }\n"),
			"web/a.txt":   []byte(text),
			"deploy.conf": []byte("a"),
		}
	}
	const known = "//go:embed web\nvar web embed.FS"
	b, err := blended(t, page(known, "a"), page(known, "b"))
	require.NoError(t, err)
	assert.Empty(t, b.Left)
	assert.Equal(t, "a", string(b.Files["workshopblend_web0/web/a.txt"]))
	assert.Equal(t, "b", string(b.Files["workshopblend_web1/web/a.txt"]))

	for _, other := range []string{
		"//go:embed all:web\nvar web embed.FS",
		known + "\n\n//go:embed web/a.txt\nvar a string",
		"//go:embed web\nvar web embed.FS // the page",
	} {
		b, err := blended(t, page(other, "a"), page(other, "b"))
		require.NoError(t, err)
		assert.Contains(t, b.Left[0], "web/a.txt is another", other)
	}

	changed := page(known, "a")
	changed["deploy.conf"] = []byte("b")
	b, err = blended(t, page(known, "a"), changed)
	require.NoError(t, err)
	assert.Contains(t, b.Left[0], "deploy.conf is another")
}

func TestOtherPackages(t *testing.T) {
	base := chat("func f() {}")
	base["sub/sub.go"] = []byte("package sub\n")
	b, err := blended(t, base, chat("func f() { return }"))
	require.NoError(t, err)
	assert.Contains(t, b.Left[0], "other packages")
}

// The checks that come before the blend is made are to spare it; this one is to be sure.
func TestANameWithAnotherMeaningIsFound(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, files.Set{"go.mod": []byte("module example.org/chat\n\ngo 1.26\n")}.Write(dir))
	imports, err := Imports(t.Context(), dir, "example.org/chat", nil)
	require.NoError(t, err)
	c := newChecker(Input{Module: "example.org/chat", Imports: imports})
	load := func(body string) *module {
		m, err := c.load(chat(body))
		require.NoError(t, err)
		return m
	}
	const head = "type a struct{ x, y int }\n\ntype b struct{ a; z int }\n\n"
	alone := load(head + "func f(v b) (n int) { { n := v.x + len(\"\"); _ = n }; return n }")
	for name, mixed := range map[string]string{
		"n is the result":        head + "func f(v b) (n int) { { n = v.x + len(\"\"); _ = n }; return n }",
		"x is of another struct": "type a struct{ y int }\n\ntype b struct{ a; x int }\n\nfunc f(v b) (n int) { { n := v.x + len(\"\"); _ = n }; return n }",
		"len is a function":      head + "func f(v b) (n int) { { n := v.x + len(\"\"); _ = n }; return n }\n\nfunc len(string) int { return 0 }",
		"y is another field":     head + "func f(v b) (n int) { { n := v.y + len(\"\"); _ = n }; return n }",
	} {
		t.Run(name, func(t *testing.T) {
			m := newMix(c.in, alone, nil)
			assert.Error(t, m.same(0, alone, load(mixed)))
		})
	}
	again := load(head + "// Nothing is different.\nfunc f(v b) (n int) { { n := v.x + len(\"\"); _ = n }; return n }")
	assert.NoError(t, newMix(c.in, alone, nil).same(0, alone, again))
}

func TestABaseThatIsBrokenHasNoBlend(t *testing.T) {
	_, err := blended(t, chat("func f() { x }"), chat("func f() {}"))
	assert.ErrorContains(t, err, "the base: ")
}
