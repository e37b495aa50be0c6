package verify

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/workspace"
)

// mixed is a batch of modules of one function each, of which the first is the solution.
func mixed(t *testing.T, bodies ...string) (*batch, *step, []*specimen) {
	t.Helper()
	st := &step{id: "01"}
	b := &batch{root: workspace.Root(t.TempDir()), step: st.id, dir: t.TempDir(),
		copies: map[*specimen]string{}, blended: map[*specimen]int{}}
	var specimens []*specimen
	for i, body := range bodies {
		set := files.Set{
			"go.mod":      []byte("module wsworkshop/solutions/01\n\ngo 1.26\n"),
			"chat.go":     []byte("package chat\n\nfunc f() int { " + body + " }\n"),
			"a_test.go":   []byte("package chat_test\n\nimport \"testing\"\n\n// Task 1.1 (100 points): It works.\nfunc TestA(*testing.T) {}\n"),
			"web/page.js": []byte("draw();\n"),
		}
		s := &specimen{files: set, suite: files.Set{"a_test.go": set["a_test.go"]}}
		if i == 0 {
			st.solution = set
			continue
		}
		specimens = append(specimens, s)
		b.copies[s] = "c"
	}
	b.mix(st, specimens)
	return b, st, specimens
}

func TestVersionsThatDoNotCompileBecomeCopies(t *testing.T) {
	b, st, specimens := mixed(t, "return 1", "return 2", "return x", "return 3", "return 4")
	require.Len(t, b.blended, 4)
	require.NoError(t, b.write(st.solution))
	again, err := b.drop(t.Context(), st, specimens, "# wsworkshop/copies/blend\n/a/b.go:3: undefined: x\n")
	require.NoError(t, err)
	assert.True(t, again)
	assert.Equal(t, map[*specimen]string{specimens[1]: "b1"}, b.copies)
	assert.Equal(t, map[*specimen]int{specimens[0]: 0, specimens[2]: 2, specimens[3]: 3}, b.blended)
	assert.Equal(t, map[string]string{"b1": "b1/suite", "suite0": "blend/suite0"}, b.tests())

	require.NoError(t, b.write(st.solution))
	again, err = b.drop(t.Context(), st, specimens, "# wsworkshop/copies/blend\nsome other trouble\n")
	require.NoError(t, err)
	assert.True(t, again, "nobody is to blame: all become copies")
	assert.Empty(t, b.blended)
	assert.Len(t, b.copies, 4)
	assert.Nil(t, b.schemata)
}

func TestFewSpecimensAreNotWorthSchemata(t *testing.T) {
	b, _, _ := mixed(t, "return 1", "return 2", "return 3")
	assert.Empty(t, b.blended)
	assert.Len(t, b.copies, 2)
}

func TestTheEnvironmentChooses(t *testing.T) {
	suite := files.Set{"a_test.go": []byte("a")}
	one, other, copied := &specimen{suite: suite}, &specimen{suite: files.Set{}}, &specimen{suite: suite}
	b := &batch{race: true, copies: map[*specimen]string{copied: "c2"}, blended: map[*specimen]int{one: 7, other: 8},
		suites: []files.Set{{}, suite}}
	assert.Equal(t, []string{"WSWORKSHOP_COPY=suite1", "WSWORKSHOP_VERSION=7"}, b.env(one))
	assert.Equal(t, []string{"WSWORKSHOP_COPY=suite0", "WSWORKSHOP_VERSION=8"}, b.env(other))
	assert.Equal(t, []string{"WSWORKSHOP_COPY=c2"}, b.env(copied))
	b.race = false
	assert.Contains(t, b.env(copied), "GOMAXPROCS=1", "what has no race detector is to be cheap")
}

func TestHowItWasGraded(t *testing.T) {
	assert.Equal(t, "", Summary{Remembered: 3}.How())
	assert.Equal(t, "in 1 program of 5 alternatives and 1 copy, and in 0 alone",
		Summary{Graded: 6, Programs: 1, Blended: 5, Copies: 1}.How())
}

func TestBothWaysMustComeOutTheSame(t *testing.T) {
	of := func(status result.Status, verdict result.Verdict) *result.Result {
		return &result.Result{Tasks: []result.Task{{ID: "1.1", Status: status, Verdict: verdict}}}
	}
	assert.Empty(t, difference("v", of(result.Failed, result.Wrong), of(result.Failed, result.Wrong)))
	assert.Empty(t, difference("v", of(result.Passed, ""), of(result.Passed, "")))
	for _, other := range []*result.Result{of(result.Failed, result.Race), of(result.Passed, ""), {Compile: []string{"x"}}} {
		assert.Contains(t, difference("v", of(result.Failed, result.Wrong), other), "v: as one of many versions: fails 1.1 (wrong);")
	}
}
