package verify

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"

	"wsworkshop/scripts/internal/files"
)

func TestCopiesThatDoNotCompileAreLeftOut(t *testing.T) {
	good, bad, worse := &specimen{name: "good"}, &specimen{name: "bad"}, &specimen{name: "worse"}
	b := &batch{copies: map[*specimen]string{good: "c1", bad: "c12", worse: "c3"}}
	drop := func(said string) bool {
		some, err := b.drop(t.Context(), nil, nil, said)
		require.NoError(t, err)
		return some
	}
	require.True(t, drop("# wsworkshop/copies/c12\n/a/b.go:3: undefined: x\n"+
		"# wsworkshop/copies/c3/suite\n/a/b_test.go:7: undefined: chat.Y\n"))
	assert.Equal(t, map[*specimen]string{good: "c1"}, b.copies)
	assert.False(t, drop("go: some other trouble\n"))
}

func TestReplacementsHoldElsewhere(t *testing.T) {
	set := files.Set{"go.mod": []byte("module wsworkshop/steps/01\n\ngo 1.26\n\n" +
		"replace wsworkshop/pkg/testclient => ../../pkg/testclient\n\nreplace a.b/c => d.e/f v1.2.3\n")}
	dir := t.TempDir()
	got, err := rooted(set, dir+"/steps/01")
	require.NoError(t, err)
	mod, err := modfile.Parse("go.mod", got["go.mod"], nil)
	require.NoError(t, err)
	assert.Equal(t, dir+"/pkg/testclient", mod.Replace[0].New.Path)
	assert.Equal(t, "d.e/f", mod.Replace[1].New.Path)
	assert.Contains(t, string(set["go.mod"]), "=> ../../pkg/testclient", "the set itself is not altered")
}
