package verify

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/workspace"
)

func TestRegressionBeginsWithStep05(t *testing.T) {
	assert.True(t, (&step{id: "04"}).regression().skipped)
}

func TestRegressionRunsTheSuitesBefore(t *testing.T) {
	root := workspace.Root(t.TempDir())
	for _, id := range []workspace.Step{"03", "04", "05"} {
		require.NoError(t, files.Set{
			"go.mod":    []byte("module wsworkshop/solutions/" + string(id) + "\n"),
			"a_test.go": []byte("package chat_test\n\nimport chat \"wsworkshop/solutions/" + string(id) + "\"\n"),
		}.Write(root.SolutionDir(id)))
	}
	st := &step{root: root, id: "06", solution: files.Set{
		"a.go": []byte("package chat\n\nfunc A() int {\n\t// task 6.1: Count.\n\t//- return 0\n\treturn 1\n\t// end task 6.1\n}\n"),
	}}
	r := st.regression()
	require.Empty(t, r.faults)
	require.Len(t, r.claims, 4, "solution and starter, with the suites of 04 and 05")
	for i, c := range r.claims {
		assert.Equal(t, "package chat_test\n\nimport chat \"wsworkshop/solutions/06\"\n", string(c.specimen.suite["a_test.go"]))
		assert.Equal(t, i%2 == 1, len(c.specimen.files["a.go"]) != len(st.solution["a.go"]), c.what)
		assert.False(t, c.specimen.race)
	}
	assert.Equal(t, "the starter of step 06 with the suite of step 05", r.claims[3].what)
	assert.Empty(t, r.claims[0].judge(&result.Result{Score: 100, Max: 100}))
	assert.NotEmpty(t, r.claims[0].judge(&result.Result{Score: 90, Max: 100}))
}
