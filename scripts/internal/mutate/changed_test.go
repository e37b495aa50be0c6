package mutate

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
)

func TestChangedLines(t *testing.T) {
	assert.Equal(t, lines{2: true, 5: true}, changed([]byte("a\nb\nc\nd\ne\n"), []byte("a\nB\nc\nd\nnew\ne\n")))
	assert.Empty(t, changed([]byte("a\nb\nc\n"), []byte("a\nc\n")), "a line that has gone is none of the new text")
	assert.Equal(t, lines{1: true, 2: true}, changed(nil, []byte("a\nb\n")))
}

// Only new and changed code is mutated, wherever it stood before, and not what the suite itself
// or a program consists of.
func TestMutantsAreOfNewAndChangedCode(t *testing.T) {
	before := files.Set{"a.go": []byte("package p\n\nfunc moved() {\n\tg()\n}\n\nfunc grown() {\n\tg()\n}\n")}
	now := files.Set{
		"b.go":        []byte("package p\n\n// moved has a new comment.\nfunc moved() {\n\tg()\n}\n\nfunc grown() {\n\tg()\n\t// task 2.1: Call h.\n\th()\n\t// end task 2.1\n\t// task 1.1: Call k.\n\tk()\n\t// end task 1.1\n}\n"),
		"client/c.go": []byte("package client\n\nfunc moved() {\n\tg()\n}\n"),
		"b_test.go":   []byte("package p\n\nfunc test() {\n\tg()\n}\n"),
		"cmd/main.go": []byte("package main\n\nfunc main() {\n\tg()\n}\n"),
		script:        []byte("g();\n"),
		"web/page.js": []byte("g();\n"),
	}
	mutants, err := Mutants("02", now, before)
	require.NoError(t, err)
	var names []string
	for _, m := range mutants {
		names = append(names, m.Area.String()+": "+m.Name)
	}
	assert.Equal(t, []string{
		"server, the learner's: b.go grown deleted: h()",
		"server, given: b.go grown deleted: k()",
		"client, given: client/c.go moved deleted: g()",
		"page, given: web/chat.js script deleted: g()",
	}, names)
	assert.Equal(t, 11, mutants[0].Line)
	assert.Contains(t, string(mutants[0].data), "\tif false { h() }\n")
}

// Of two mutants that would have the same name, the second is numbered.
func TestNamesAreUnique(t *testing.T) {
	mutants, err := Mutants("01", files.Set{"a.go": []byte("package p\n\nfunc f() {\n\tg()\n\tg()\n}\n")}, nil)
	require.NoError(t, err)
	require.Len(t, mutants, 2)
	assert.Equal(t, "a.go f deleted: g()", mutants[0].Name)
	assert.Equal(t, "a.go f deleted: g() (2)", mutants[1].Name)
}
