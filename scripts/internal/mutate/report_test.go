package mutate

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/table"
	"wsworkshop/scripts/internal/verify"
)

func TestReport(t *testing.T) {
	reasons, err := parseReasons("SURVIVORS", "# comment\n\na.go f deleted: log()  // no test reads the log\na.go f deleted: gone()  // whatever\na.go f deleted: g()  // not any more\n")
	require.NoError(t, err)
	learner, given := Area{"server", true}, Area{"page", false}
	r := newReport("02", []Mutant{
		{File: "a.go", Line: 3, Name: "a.go f deleted: g()", Area: learner, Fate: verify.Refused},
		{File: "a.go", Line: 4, Name: "a.go f deleted: log()", Area: learner, Fate: verify.Survived},
		{File: "a.go", Line: 5, Name: "a.go f always: if x", Area: learner, Fate: verify.Hung},
		{File: "a.go", Line: 6, Name: "a.go f deleted: h()", Area: learner, Fate: verify.Survived},
		{File: script, Line: 1, Name: "web/chat.js f deleted: g()", Area: given, Fate: verify.Refused},
		{File: script, Line: 2, Name: "web/chat.js f deleted: h()", Area: given, Fate: verify.Broken},
	}, reasons)
	var out bytes.Buffer
	table.Print(&out, "", r.Rows())
	assert.Equal(t, `  ✗ server, the learner's  66.7 % refused: 2 of 3 (goal 97 %); 1 of them hung; 1
                           survived with a reason

  a.go:6 survived:
  a.go f deleted: h()

  ✓ page, given            100.0 % refused: 1 of 1 (goal 90 %); 1 did not
                           compile
  ✗ SURVIVORS              lines of mutants that do not exist or are refused
                           now: remove them

  a.go f deleted: g()

  a.go f deleted: gone()

`, out.String())
	assert.False(t, r.Met())
}

func TestGoals(t *testing.T) {
	assert.True(t, Count{Refused: 90, Survived: 10}.met())
	assert.False(t, Count{Refused: 90, Survived: 10, Area: Area{Learner: true}}.met())
	assert.True(t, Count{Broken: 1}.met(), "there is nothing to refuse")
	assert.True(t, newReport("02", nil, nil).Met())
	assert.False(t, newReport("02", nil, reasons{"a": "b"}).Met(), "a stale line is a fault")
}

func TestALineWithoutReasonIsAnError(t *testing.T) {
	_, err := parseReasons("SURVIVORS", "\na.go f deleted: g() // one blank\n")
	assert.EqualError(t, err, "SURVIVORS:2: write the mutant's name, two blanks, // and the reason")
}
