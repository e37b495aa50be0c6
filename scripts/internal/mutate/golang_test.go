package mutate

import (
	"go/format"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// told lists mutations as they are named, with the line that each changes.
func told(src []byte, found []mutation) (all []string) {
	for _, m := range found {
		now := strings.Split(string(apply(src, m.edits)), "\n")
		all = append(all, m.function+" "+m.kind+": "+clip(m.code)+" => "+strings.TrimSpace(now[m.line-1]))
	}
	return all
}

// goMutants mutates a Go file of which everything is new, and proves that each mutant is Go
// with the same number of lines.
func goMutants(t *testing.T, src string) []string {
	t.Helper()
	found, err := goMutations([]byte(src), nil)
	require.NoError(t, err)
	for _, m := range found {
		mutant := apply([]byte(src), m.edits)
		_, err := format.Source(mutant)
		require.NoError(t, err, "%s", mutant)
		require.Equal(t, strings.Count(src, "\n"), strings.Count(string(mutant), "\n"), "%s", mutant)
	}
	return told([]byte(src), found)
}

func TestStatementsAndConditionsOfGo(t *testing.T) {
	assert.Equal(t, []string{
		`T.f deleted: t.n++ => if false { t.n++ }`,
		`T.f deleted: defer t.mu.Unlock() => if false { defer t.mu.Unlock() }`,
		`T.f deleted: if x := g(); x > 1 && y => if false { if x := g(); x > 1 && y {`,
		`T.f always: if x := g(); x > 1 && y => if x := g(); true || (x > 1 && y) {`,
		`T.f never: if x := g(); x > 1 && y => if x := g(); false && (x > 1 && y) {`,
		`T.f deleted: t.n = x => if false { t.n = x }`,
		`T.f deleted: return 1 => if false { return 1 }`,
		`T.f always: if y => } else if true || (y) {`,
		`T.f never: if y => } else if false && (y) {`,
		`T.f always: for i := 0; i < 3; i++ => for i := 0; true || (i < 3); i++ {`,
		`T.f never: for i := 0; i < 3; i++ => for i := 0; false && (i < 3); i++ {`,
		`T.f deleted: g() => if false { g() }`,
		`T.f deleted: go func() => if false { go func() {`,
		`T.f deleted: g() => if false { g() }`,
	}, goMutants(t, `package p

func (t *T) f(y bool) int {
	t.n++
	defer t.mu.Unlock()
	var z int
	if x := g(); x > 1 && y {
		t.n = x
		return 1
	} else if y {
		z := 1
	}
	for i := 0; i < 3; i++ {
		g()
	}
	go func() {
		g()
	}()
	return z
}
`))
}

func TestStatementsWithoutWhichGoDoesNotCompileStay(t *testing.T) {
	assert.Equal(t, []string{
		`f always: if x => if true || (x) {`,
		`f never: if x => if false && (x) {`,
		`f deleted: g() => if false { g() }`,
	}, goMutants(t, `package p

func f(x bool) int {
	if x {
		g()
		return 1
	} else {
		for {
		}
	}
}
`))
}

func TestSwitchesOfGo(t *testing.T) {
	assert.Equal(t, []string{
		`f deleted: switch x => if false { switch x {`,
		"f never: case 1, 2: => ",
		"f always: case 1, 2: => default:",
		`f deleted: a() => if false { a() }`,
		`f deleted: b() => if false { b() }`,
		`f deleted: switch => if false { switch {`,
		`f always: case x > 1: => case true || (x > 1):`,
		`f never: case x > 1: => case false && (x > 1):`,
		`f deleted: a() => if false { a() }`,
		`f deleted: switch y := y.(type) => if false { switch y := y.(type) {`,
		`f never: case int: => `,
		`f deleted: a() => if false { a() }`,
		`f deleted: select => if false { select {`,
		`f deleted: a() => if false { a() }`,
	}, goMutants(t, `package p

func f(x int, y any) {
	switch x {
	case 1, 2:
		a()
	default:
		b()
	}
	switch {
	case x > 1:
		a()
	}
	switch y := y.(type) {
	case int:
		a()
	}
	select {
	case <-c:
		a()
	}
}
`))
}
