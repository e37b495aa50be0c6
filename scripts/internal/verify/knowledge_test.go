package verify

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/proof"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/workspace"
)

func TestADigestCoversAllThatAVerdictDependsOn(t *testing.T) {
	k := &knowledge{}
	st := &step{surroundings: "here"}
	base := specimen{files: files.Set{"a.go": []byte("package a")}, suite: files.Set{"a_test.go": []byte("package a")}}
	inputs := func(st *step, want string, change func(*specimen)) string {
		s := base
		change(&s)
		return k.inputs(st, &claim{what: "words", want: want, specimen: &s})
	}
	same := func(*specimen) {}
	key := inputs(st, "it fails", same)
	assert.Equal(t, key, inputs(st, "it fails", func(s *specimen) { s.files = files.Set{"a.go": []byte("package a // x")} }), "a comment")
	for name, other := range map[string]string{
		"file":         inputs(st, "it fails", func(s *specimen) { s.files = files.Set{"a.go": []byte("package b")} }),
		"path":         inputs(st, "it fails", func(s *specimen) { s.files = files.Set{"b.go": []byte("package a")} }),
		"suite":        inputs(st, "it fails", func(s *specimen) { s.suite = files.Set{"a_test.go": []byte("package b")} }),
		"race":         inputs(st, "it fails", func(s *specimen) { s.race = true }),
		"tasks":        inputs(st, "it fails", func(s *specimen) { s.only = []string{"1.1"} }),
		"want":         inputs(st, "it passes", same),
		"surroundings": inputs(&step{surroundings: "there"}, "it fails", same),
	} {
		assert.NotEqual(t, key, other, name)
	}
	assert.NotEqual(t, (&knowledge{machine: "go1.26.1"}).here(key), (&knowledge{machine: "go1.26.2"}).here(key))
}

func TestSurroundingsHaveTheModulesOfTheStep(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, files.Set{
		"pkg/client/a.go": []byte("package client\n"), "pkg/other/a.go": []byte("package other\n"),
	}.Write(dir))
	solution := files.Set{"go.mod": []byte("module a\n\nreplace w/pkg/client => ../../pkg/client\n")}
	name := func(program string, st *step) string {
		k := &knowledge{root: workspace.Root(dir), program: program, modules: map[string]string{}}
		got, err := k.surroundings(st)
		require.NoError(t, err)
		return got
	}
	base := name("p", &step{id: "01", solution: solution})
	assert.NotEqual(t, base, name("q", &step{id: "01", solution: solution}), "what grades")
	assert.NotEqual(t, base, name("p", &step{id: "02", solution: solution}), "the step")
	more := solution.Clone()
	more["a.go"] = []byte("package a\n")
	assert.NotEqual(t, base, name("p", &step{id: "01", solution: more}), "the reference")

	require.NoError(t, files.Set{"pkg/other/a.go": []byte("package other\n\nvar x int\n")}.Write(dir))
	assert.Equal(t, base, name("p", &step{id: "01", solution: solution}), "a module that the step does not need")
	require.NoError(t, files.Set{"pkg/client/a.go": []byte("package client\n\nvar x int\n")}.Write(dir))
	assert.NotEqual(t, base, name("p", &step{id: "01", solution: solution}), "a module that the step needs")
}

func TestALineChangesOnlyForAReason(t *testing.T) {
	raced := &result.Result{Race: true, Tasks: []result.Task{{Tests: []result.Test{{Name: "TestA"}, {Name: "TestB", Passed: true}}}}}
	unraced := &result.Result{}
	graded := func(res *result.Result, race bool, wrong string) *claim {
		return &claim{specimen: &specimen{name: "a", race: race, finding: &finding{result: res}}, wrong: wrong}
	}
	old := proof.Prove("a", "in", []string{"TestB"})
	known := proof.Proof{"a": old}
	fresh := []proof.Line{proof.Prove("a", "new", []string{"TestA"})}

	assert.Equal(t, fresh, graded(raced, false, "").lines(known, "new", true))
	assert.Equal(t, []proof.Line{old}, graded(raced, false, "").lines(known, "in", true), "another test failed, which happens")
	assert.Empty(t, graded(raced, false, "it passes").lines(known, "in", true), "a fault is never proved")
	assert.Empty(t, graded(unraced, true, "").lines(known, "new", false), "without the race detector nothing new is proved")
	assert.Equal(t, []proof.Line{old}, graded(unraced, true, "").lines(known, "in", false), "nor is anything refuted")
	assert.Equal(t, []proof.Line{old}, (&claim{specimen: &specimen{name: "a"}, proved: &old}).lines(known, "in", true))
}
