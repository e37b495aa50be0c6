package contract

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/workspace"
)

// lesson writes the files of step 06 and returns the workshop.
func lesson(t *testing.T, files map[string]string) workspace.Root {
	t.Helper()
	root := workspace.Root(t.TempDir())
	require.NoError(t, os.MkdirAll(root.StepDir("06"), 0o777))
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(root.StepDir("06"), name), []byte(text), 0o666))
	}
	return root
}

const converted = `# Step 06 · Rate limiting

- **6.a** This stands above the Contract.

## Contract

What the suite relies on.

| | in Go | |
| --- | --- | --- |
| | ` + "`chat.New`" + ` | given |
| **6.a** | ` + "`Config.RateLimit`" + ` | Zero means *no* limit. |

- **6.b** An event that was admitted at time *t* counts for **one** window, as
  [the idea](#the-idea) says: ` + "`(*Limiter).Allow`, `*Server`" + `.

  This paragraph explains it.
- **6.aa** *(not tested: it is a matter
  of speed)* The server is quick.
- **6.c** *(not tested: it is a matter of speed)* ` + "`Allow`" + ` is quick.

` + "```\n- **6.d** This is code.\n```" + `

## Tasks

- **6.e** This stands below it.
`

func TestRules(t *testing.T) {
	root := lesson(t, map[string]string{
		"README.md": converted,
		"CLIENT.md": "## Contract\n\n- **6.d** The page waits.\n",
	})
	rules, err := Read(root, "06")
	require.NoError(t, err)
	assert.Equal(t, Contract{
		{ID: "6.a", Text: "`Config.RateLimit`: Zero means no limit.", File: "steps/06/README.md", Line: 12},
		{ID: "6.b", Text: "An event that was admitted at time t counts for one window, as the idea says: `(*Limiter).Allow`, `*Server`.",
			File: "steps/06/README.md", Line: 14},
		{ID: "6.aa", Text: "The server is quick.", Untested: "it is a matter of speed", File: "steps/06/README.md", Line: 18},
		{ID: "6.c", Text: "`Allow` is quick.", Untested: "it is a matter of speed", File: "steps/06/README.md", Line: 20},
		{ID: "6.d", Text: "The page waits.", File: "steps/06/CLIENT.md", Line: 3},
	}, rules)
	assert.Equal(t, "steps/06/CLIENT.md:3", rules.Find("6.d").Place())
	assert.Nil(t, rules.Find("6.e"))
}

func TestALessonWithoutIDsIsNotConverted(t *testing.T) {
	rules, err := Read(lesson(t, map[string]string{"README.md": "## Contract\n\n- A rule.\n"}), "06")
	assert.NoError(t, err)
	assert.Empty(t, rules)
	rules, err = Read(lesson(t, nil), "06")
	assert.NoError(t, err)
	assert.Empty(t, rules)
}

func TestFaultsOfAContract(t *testing.T) {
	for _, c := range []struct{ name, items, want string }{
		{"without", "- **6.a** One.\n- Two.\n", `steps/06/README.md:3: a rule without an id: write "- **6.a** What must be so." or ` +
			`"- **6.b** *(not tested: the reason)* What must be so."`},
		{"another step's", "- **5.a** One.\n", "steps/06/README.md:2: rule 5.a in step 06: its rules are 6.a, 6.b and so on"},
		{"twice", "- **6.a** One.\n- **6.a** Two.\n", "steps/06/README.md:3: rule 6.a stands in steps/06/README.md:2 already: each rule has an id of its own"},
		{"without a reason", "- **6.a** *(not tested)* One.\n", `steps/06/README.md:2: rule 6.a is not understood: write "- **6.a** What must be so." or ` +
			`"- **6.b** *(not tested: the reason)* What must be so."`},
		{"empty", "- **6.a** \n", `steps/06/README.md:2: rule 6.a is not understood: write "- **6.a** What must be so." or ` +
			`"- **6.b** *(not tested: the reason)* What must be so."`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read(lesson(t, map[string]string{"README.md": "## Contract\n" + c.items}), "06")
			assert.EqualError(t, err, c.want)
		})
	}
}
