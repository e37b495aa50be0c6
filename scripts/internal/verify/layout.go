package verify

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/grade"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/suite"
)

// write lays out the generated module anew.
func (b *batch) write(solution files.Set) error {
	if err := os.RemoveAll(b.dir); err != nil {
		return err
	}
	module, err := b.module(solution)
	if err != nil {
		return err
	}
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
	if b.schemata != nil {
		for p, data := range b.schemata.Files(b.place) {
			module[path.Join(blendName, p)] = data
		}
	}
	for i, set := range b.suites {
		if err := b.addSuite(module, set, blendName, fmt.Sprintf("%s/suite%d", blendName, i)); err != nil {
			return err
		}
	}
	module["copies_test.go"] = b.main()
	return module.Write(b.dir)
}

// module is the generated module without its packages: it needs what the solution needs.
func (b *batch) module(solution files.Set) (files.Set, error) {
	module, err := rooted(files.Set{"go.mod": solution["go.mod"]}, b.root.SolutionDir(b.step))
	if err != nil {
		return nil, err
	}
	mod, err := modfile.Parse("go.mod", module["go.mod"], nil)
	if err != nil {
		return nil, err
	}
	if err := mod.AddModuleStmt(batchModule); err != nil {
		return nil, err
	}
	module["go.sum"] = solution["go.sum"]
	module["go.mod"], err = mod.Format()
	return module, err
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
	tests := b.tests()
	for _, name := range slices.Sorted(maps.Keys(tests)) {
		fmt.Fprintf(&imports, "\t%s %q\n", name, path.Join(batchModule, tests[name]))
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
