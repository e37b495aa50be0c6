package table

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPrint(t *testing.T) {
	var out bytes.Buffer
	Print(&out, "Step 01 · Hello", []Row{
		{Name: "released", Note: "as solutions/01 releases it"},
		{Name: "ladder", State: Failed, Note: "with tasks 1.1 to 1.3 filled in, task 1.2 fails, and some more words follow here",
			Details: []string{"first line\n\n  second line\n", "another"}},
		{Name: "regression", State: Skipped, Note: "from step 05 on"},
		{Name: "empty"},
	})
	assert.Equal(t, `Step 01 · Hello
  ✓ released    as solutions/01 releases it
  ✗ ladder      with tasks 1.1 to 1.3 filled in, task 1.2 fails, and some more
                words follow here

first line

  second line

another

  – regression  from step 05 on
  ✓ empty
`, out.String())
	for line := range strings.Lines(out.String()) {
		assert.LessOrEqual(t, len([]rune(line)), Width+1)
	}
}

func TestProgressIsQuietWhereNobodyWatches(t *testing.T) {
	var out bytes.Buffer
	p := NewProgress(&out)
	p.Say("1 of %d", 3)
	p.Say("2 of %d", 3)
	assert.Empty(t, out.String())
	p.every = 0
	p.Say("3 of %d", 3)
	p.Clear()
	assert.Equal(t, "3 of 3\n", out.String())
}

func TestPlural(t *testing.T) {
	assert.Equal(t, "1 task", Plural(1, "task"))
	assert.Equal(t, "0 tasks", Plural(0, "task"))
}

func TestLabelled(t *testing.T) {
	long := strings.Repeat("word ", 20)
	assert.Equal(t, "  got:    word word word word word word word word word word word word word word\n"+
		"          word word word word word word\n", Labelled("got", long))
	assert.Equal(t, "  wanted: all\n", Labelled("wanted", "all"))
	assert.Equal(t, "  all\n", Labelled("", "all"))
}
