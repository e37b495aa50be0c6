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
	"strings"
	"time"

	"golang.org/x/mod/modfile"

	"wsworkshop/scripts/internal/blend"
	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/grade"
	"wsworkshop/scripts/internal/proc"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/suite"
	"wsworkshop/scripts/internal/table"
	"wsworkshop/scripts/internal/workspace"
)

// batch is many specimens of one step in one test program. Those that fit are blended into
// one package, see package blend; the others are packages of their own, which still costs a
// quarter of programs of their own: most of the work of building one is linking. Environment
// variables choose whose tests are run, each specimen's in a process of its own. Positions in
// the code are those of the module on disk.
type batch struct {
	root    workspace.Root
	step    workspace.Step
	dir     string // a folder for the generated module
	race    bool
	program string

	copies  map[*specimen]string // names of packages
	blended map[*specimen]int    // numbers of versions
	blend   files.Set            // the blended package
	suites  []files.Set          // that its specimens have
}

// batchModule is the generated module's path, blendName the blended package in it, copyEnv
// the variable that chooses the tests of a copy, or of the blend.
const (
	batchModule = "wsworkshop/copies"
	blendName   = "blend"
	copyEnv     = "WSWORKSHOP_COPY"
)

// newBatch builds one program of as many of the specimens as can live in one. The others
// have to be graded alone; if that is all of them, the batch is empty.
func (l *lab) newBatch(ctx context.Context, st *step, specimens []*specimen, race bool) (*batch, error) {
	b := &batch{
		root: l.opts.Root, step: st.id, dir: filepath.Join(l.dir, "copies"), race: race,
		copies: map[*specimen]string{}, blended: map[*specimen]int{},
	}
	for i, s := range specimens {
		if fitsInto(st.solution, s.files) {
			b.copies[s] = fmt.Sprintf("c%d", i)
		}
	}
	if !l.opts.Copies {
		if err := b.mix(ctx, st, specimens); err != nil {
			return nil, err
		}
	}
	for range 3 {
		if b.size() < 2 {
			break
		}
		if err := b.write(st.solution); err != nil {
			return nil, err
		}
		l.opts.Say("step %s: building a program of %s and %s", st.id,
			table.Plural(len(b.blended), "alternative"), plural(len(b.copies), "copy", "copies"))
		out, ok, err := b.build(ctx)
		if err != nil {
			return nil, err
		}
		if ok && b.starts(ctx) {
			l.summary.Programs++
			l.summary.Blended += len(b.blended)
			l.summary.Copies += len(b.copies)
			return b, nil
		}
		if !b.drop(out) {
			break
		}
	}
	clear(b.copies)
	clear(b.blended)
	return b, nil
}

// size is how many specimens the program has.
func (b *batch) size() int { return len(b.copies) + len(b.blended) }

// has reports whether the program has the specimen.
func (b *batch) has(s *specimen) bool {
	_, blended := b.blended[s]
	return blended || b.copies[s] != ""
}

// env is the environment in which the program is s. Without the race detector one processor
// and a lazy collector of garbage save a third of the time: much of it is goroutines that
// look for work. Whatever comes out otherwise than wanted has all processors afterwards.
func (b *batch) env(s *specimen) []string {
	env := []string{copyEnv + "=" + b.copies[s]}
	if n, ok := b.blended[s]; ok {
		env = []string{copyEnv + "=" + b.suiteOf(s), fmt.Sprintf("%s=%d", blend.Env, n)}
	}
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
		for p, data := range b.compiled(s.files, batchModule+"/"+name) {
			if path.Ext(p) == ".go" {
				data = b.placed(p, data)
			}
			module[path.Join(name, p)] = data
		}
		if err := b.addSuite(module, s.suite, name, name+"/suite"); err != nil {
			return err
		}
	}
	for p, data := range b.blend {
		module[path.Join(blendName, p)] = data
	}
	for i, set := range b.suites {
		if err := b.addSuite(module, set, blendName, fmt.Sprintf("%s/suite%d", blendName, i)); err != nil {
			return err
		}
	}
	module["copies_test.go"] = b.main()
	return writeSet(b.dir, module)
}

// compiled is what the compiler gets of a specimen, as a package of that path.
func (b *batch) compiled(set files.Set, importPath string) files.Set {
	out := files.Set{}
	for p, data := range set {
		switch {
		case p == "go.mod" || p == "go.sum" || strings.HasSuffix(p, "_test.go"):
			continue
		case path.Ext(p) == ".go":
			data = grade.WithLocks(data)
		}
		out[p] = data
	}
	return release.Move(out, release.SolutionModule(b.step), importPath)
}

// addSuite puts a suite that tests the package of that name into the module.
func (b *batch) addSuite(module, set files.Set, name, dir string) error {
	tests, err := suite.Parse(set)
	if err != nil {
		return err
	}
	var register bytes.Buffer
	register.WriteString("package chat_test\n\nimport \"testing\"\n\nvar Tests = []testing.InternalTest{\n")
	for _, task := range tests.Tasks {
		for _, t := range task.Tests {
			fmt.Fprintf(&register, "\t{Name: %q, F: %s},\n", t.Name, t.Name)
		}
	}
	register.WriteString("}\n")
	module[path.Join(dir, "register_suite.go")] = register.Bytes()
	for p, data := range release.Move(suite.Files(set), release.SolutionModule(b.step), batchModule+"/"+name) {
		module[path.Join(dir, strings.TrimSuffix(p, "_test.go")+"_suite.go")] = b.placed(p, data)
	}
	return nil
}

// placed makes the compiler take a file for the one of that name in the module on disk.
func (b *batch) placed(name string, data []byte) []byte {
	return append(fmt.Appendf(nil, "//line %s:1\n", b.place(name)), data...)
}

func (b *batch) place(name string) string {
	return filepath.Join(b.root.SolutionDir(b.step), filepath.FromSlash(name))
}

// main is the test program's own file.
func (b *batch) main() []byte {
	var imports, entries bytes.Buffer
	for name, dir := range b.tests() {
		fmt.Fprintf(&imports, "\t%s %q\n", name, path.Join(batchModule, dir))
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

// tests are the folders of all suites, by the names that choose them.
func (b *batch) tests() map[string]string {
	all := map[string]string{}
	for _, name := range b.copies {
		all[name] = name + "/suite"
	}
	for i := range b.suites {
		all[fmt.Sprintf("suite%d", i)] = fmt.Sprintf("%s/suite%d", blendName, i)
	}
	return all
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

var brokenRE = regexp.MustCompile(`(?m)^# ` + batchModule + `/(c\d+|` + blendName + `)\b`)

// drop takes out what does not compile, and reports whether there was anything: of copies
// just those, of a blend all.
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
	if broken[blendName] {
		b.unmix()
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
