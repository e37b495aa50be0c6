package schemata

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
)

// TestVersionsRunAsTheyDoAlone builds a module as each version is, and then all of them in
// one, and looks for a difference in what they print: places in the code, a panic's stack
// with what is deferred, what is in the folder web, how package variables begin.
func TestVersionsRunAsTheyDoAlone(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles programs")
	}
	base := files.Set{
		"go.mod": []byte("module example.org/chat\n\ngo 1.26\n"),
		"page.go": []byte(`package chat

import "embed"

//go:embed web
var web embed.FS

func page() string { data, _ := web.ReadFile("web/a.txt"); return string(data) }
`),
		"web/a.txt":  []byte("the base's page"),
		"sub/sub.go": []byte("package sub\n\nfunc Name() string {\n\treturn \"sub\"\n}\n"),
		"find.go": []byte(`package chat

type T struct{ n int }

func (t *T) find(list []int) (n int, err error) {
	for _, x := range list {
		if x > t.n {
			n = x
			break
		}
	}
	return n, nil
}
`),
		"late.go": []byte(`package chat

import "fmt"

func late() {
	defer func() { fmt.Println("deferred", place()[0]) }()
	fmt.Println("now", place())
}
`),
		"broken.go": []byte("package chat\n\nfunc broken(t *T) int { return t.n }\n"),
		"chat.go": []byte(`package chat

import (
	"fmt"
	"runtime"
	"strings"

	"example.org/chat/sub"
)

var first = count()

func count() int { return 1 }

// place is where the function of the package that called it is, and who called that.
func place() []string {
	var pcs [20]uintptr
	var found []string
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for f, more := frames.Next(); more; f, more = frames.Next() {
		if name, ok := strings.CutPrefix(f.Function, "example.org/chat."); ok && name != "Out" {
			name, _, _ = strings.Cut(name, ".func") // numbered through all versions
			found = append(found, fmt.Sprint(name, " ", f.File, ":", f.Line))
		}
	}
	return found
}

func Out() {
	fmt.Println((&T{n: 2}).find([]int{1, 3, 5}))
	fmt.Println(first, sub.Name(), page())
	late()
	defer func() { fmt.Println(recover(), place()) }()
	broken(nil)
}
`),
	}
	change := func(name string, pairs ...string) files.Set {
		out := base.Clone()
		out[name] = []byte(strings.NewReplacer(pairs...).Replace(string(base[name])))
		require.NotEqual(t, string(base[name]), string(out[name]))
		return out
	}
	versions := []files.Set{
		base,
		change("find.go", "\t\t\tbreak\n", "\t\t\tcontinue\n"),
		change("late.go", "\tdefer func", "\t// A comment\n\t// of two lines.\n\tdefer func"),
		change("late.go", "\tfmt.Println(\"now\", place())\n", "\tfor range 2 {\n\t\tfmt.Println(strings.ToUpper(\"now\"))\n\t}\n",
			"import \"fmt\"", "import (\n\t\"fmt\"\n\t\"strings\"\n)"),
		change("broken.go", "{ return t.n }", "{\n\tif t == nil {\n\t\treturn t.n\n\t}\n\treturn 1\n}"),
		change("web/a.txt", "base", "version"),
		change("sub/sub.go", "\"sub\"", "\"super\""),
		change("find.go", "\tfor _, x := range list {\n", "again:\n\tfor _, x := range list {\n\t\tif x == 3 {\n\t\t\tlist = list[2:]\n\t\t\tgoto again\n\t\t}\n"),
	}
	s, err := Make(module, base, versions)
	require.NoError(t, err)
	require.Empty(t, s.Left)
	mixed := build(t, t.TempDir(), s.Files(asIs))
	for i, set := range versions {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			alone := output(t, build(t, t.TempDir(), goFiles(set)))
			assert.Equal(t, alone, output(t, mixed, fmt.Sprintf("%s=%d", Env, i)))
			if i > 0 {
				assert.NotEqual(t, alone, output(t, mixed), "no version, and no difference")
			}
		})
	}
}

// build makes a program that calls chat.Out.
func build(t *testing.T, dir string, set files.Set) string {
	t.Helper()
	set = set.Clone()
	set["run/main.go"] = []byte("package main\n\nimport \"example.org/chat\"\n\nfunc main() { chat.Out() }\n")
	require.NoError(t, set.Write(dir))
	program := filepath.Join(dir, "program")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	cmd := exec.Command("go", "build", "-gcflags=example.org/...=-N -l", "-ldflags=-w", "-o", program, "./run")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return program
}

func output(t *testing.T, program string, env ...string) string {
	t.Helper()
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return strings.ReplaceAll(string(out), filepath.Dir(program)+string(filepath.Separator), "")
}
