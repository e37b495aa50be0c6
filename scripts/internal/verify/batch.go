package verify

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/modfile"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/grade"
	"wsworkshop/scripts/internal/proc"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/suite"
	"wsworkshop/scripts/internal/workspace"
)

// batch is many specimens of one step in one test program, which costs a quarter of many
// programs: most of the work of building one is linking. Each specimen is a package of its
// own, its suite another; an environment variable chooses whose tests are run, each in a
// process of its own. Positions in the code are those of the module on disk.
type batch struct {
	root    workspace.Root
	step    workspace.Step
	dir     string // a folder for the generated module
	copies  map[*specimen]string
	race    bool
	program string
}

// batchModule is the generated module's path, copyEnv the variable that chooses a copy.
const (
	batchModule = "wsworkshop/copies"
	copyEnv     = "WSWORKSHOP_COPY"
)

// newBatch builds one program of as many of the specimens as can live in one. The others
// have to be graded alone; if that is all of them, the batch is empty.
func newBatch(ctx context.Context, root workspace.Root, st *step, dir string, specimens []*specimen, race bool) (*batch, error) {
	b := &batch{root: root, step: st.id, dir: dir, race: race, copies: map[*specimen]string{}}
	for i, s := range specimens {
		if fitsInto(st.solution, s.files) {
			b.copies[s] = fmt.Sprintf("c%d", i)
		}
	}
	for range 3 {
		if len(b.copies) < 2 {
			break
		}
		if err := b.write(st.solution); err != nil {
			return nil, err
		}
		out, ok, err := b.build(ctx)
		if err != nil || (ok && b.starts(ctx)) {
			return b, err
		}
		if !b.drop(out) {
			break
		}
	}
	clear(b.copies)
	return b, nil
}

// env is the environment in which the program is s. Without the race detector one processor
// and a lazy collector of garbage save a third of the time: much of it is goroutines that
// look for work. Whatever comes out otherwise than wanted has all processors afterwards.
func (b *batch) env(s *specimen) []string {
	env := []string{copyEnv + "=" + b.copies[s]}
	if b.race {
		return env
	}
	return append(env, "GOMAXPROCS=1", "GOGC=400")
}

// fitsInto reports whether a specimen needs the same modules as the solution.
func fitsInto(solution, set files.Set) bool {
	return bytes.Equal(solution["go.mod"], set["go.mod"]) && bytes.Equal(solution["go.sum"], set["go.sum"])
}

// write lays out the generated module anew.
func (b *batch) write(solution files.Set) error {
	if err := os.RemoveAll(b.dir); err != nil {
		return err
	}
	module, err := rooted(files.Set{"go.mod": solution["go.mod"]}, b.root.SolutionDir(b.step))
	if err != nil {
		return err
	}
	mod, err := modfile.Parse("go.mod", module["go.mod"], nil)
	if err != nil {
		return err
	}
	if err := mod.AddModuleStmt(batchModule); err != nil {
		return err
	}
	if module["go.mod"], err = mod.Format(); err != nil {
		return err
	}
	module["go.sum"] = solution["go.sum"]
	for s, name := range b.copies {
		if err := b.add(module, s, name); err != nil {
			return err
		}
	}
	module["copies_test.go"] = b.main()
	return writeSet(b.dir, module)
}

// add puts a specimen and its suite into the module.
func (b *batch) add(module files.Set, s *specimen, name string) error {
	tests, err := suite.Parse(s.suite)
	if err != nil {
		return err
	}
	set := files.Set{}
	for p, data := range s.files {
		switch {
		case p == "go.mod" || p == "go.sum" || strings.HasSuffix(p, "_test.go"):
			continue
		case path.Ext(p) == ".go":
			data = b.placed(p, grade.WithLocks(data))
		}
		set[path.Join(name, p)] = data
	}
	var register bytes.Buffer
	register.WriteString("package chat_test\n\nimport \"testing\"\n\nvar Tests = []testing.InternalTest{\n")
	for _, task := range tests.Tasks {
		for _, t := range task.Tests {
			fmt.Fprintf(&register, "\t{Name: %q, F: %s},\n", t.Name, t.Name)
		}
	}
	register.WriteString("}\n")
	set[path.Join(name, "suite", "register_suite.go")] = register.Bytes()
	for p, data := range suite.Files(s.suite) {
		set[path.Join(name, "suite", strings.TrimSuffix(p, "_test.go")+"_suite.go")] = b.placed(p, data)
	}
	for p, data := range release.Move(set, release.SolutionModule(b.step), batchModule+"/"+name) {
		module[p] = data
	}
	return nil
}

// placed makes the compiler take a file for the one of that name in the module on disk.
func (b *batch) placed(name string, data []byte) []byte {
	line := fmt.Sprintf("//line %s:1\n", filepath.Join(b.root.SolutionDir(b.step), filepath.FromSlash(name)))
	return append([]byte(line), data...)
}

// main is the test program's own file.
func (b *batch) main() []byte {
	var imports, entries bytes.Buffer
	for _, name := range b.names() {
		fmt.Fprintf(&imports, "\t%s %q\n", name, path.Join(batchModule, name, "suite"))
		fmt.Fprintf(&entries, "\t%q: %s.Tests,\n", name, name)
	}
	return fmt.Appendf(nil, `package copies

import (
	"os"
	"regexp"
	"testing"

%s)

var copies = map[string][]testing.InternalTest{
%s}

func TestMain(*testing.M) {
	testing.Main(regexp.MatchString, copies[os.Getenv(%q)], nil, nil)
}
`, imports.String(), entries.String(), copyEnv)
}

func (b *batch) names() []string {
	var names []string
	for _, name := range b.copies {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// build compiles the program. What it prints names the packages that do not compile.
func (b *batch) build(ctx context.Context) (out string, ok bool, err error) {
	b.program = filepath.Join(b.dir, "copies.test")
	if runtime.GOOS == "windows" {
		b.program += ".exe"
	}
	args := []string{"go", "test", "-c", "-vet=off", "-ldflags=-w", "-o", b.program}
	if b.race {
		args = append(args, "-race")
	} else {
		args = append(args, "-gcflags="+batchModule+"/...=-N -l") // compiled in three quarters of the time
	}
	var said strings.Builder
	exit, err := proc.Run(ctx, proc.Spec{
		Args: append(args, "."),
		Dir:  b.dir, Env: []string{"GOWORK=off", "GOFLAGS="}, Out: &said,
	})
	return said.String(), err == nil && exit.Code == 0, err
}

var brokenRE = regexp.MustCompile(`(?m)^# ` + batchModule + `/(c\d+)\b`)

// drop takes out the copies that do not compile, and reports whether there were any.
func (b *batch) drop(out string) bool {
	broken := map[string]bool{}
	for _, m := range brokenRE.FindAllStringSubmatch(out, -1) {
		broken[m[1]] = true
	}
	for s, name := range b.copies {
		if broken[name] {
			delete(b.copies, s)
		}
	}
	return len(broken) > 0
}

// starts reports whether the copies bear each other: some things can be registered only
// once in a program.
func (b *batch) starts(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	exit, err := proc.Run(ctx, proc.Spec{Args: []string{b.program, "-test.run=^$"}, Dir: b.dir, Env: []string{"GORACE=atexit_sleep_ms=0"}})
	return err == nil && exit.Code == 0
}
