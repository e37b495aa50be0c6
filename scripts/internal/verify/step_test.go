package verify

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"wsworkshop/scripts/internal/files"
)

func TestWhatCompilesNeedsOnlyTheFilesThatAnswerItsTasks(t *testing.T) {
	st := &step{id: "07", tests: files.Set{"a_test.go": []byte("a")}, solution: files.Set{
		"mine.go":    []byte("\t// task 7.1: This step's.\n"),
		"both.js":    []byte("  // task 6.4, 7.2: Two steps'.\n"),
		"earlier.go": []byte("\t// task 6.1: An earlier step's, as is task 6.7.\n"),
		"plain.go":   []byte("package chat\n"),
	}}
	st.marked = st.answering()
	assert.Equal(t, []string{"both.js", "mine.go"}, st.marked.Paths())
	own, regression := &specimen{suite: files.Set{"a_test.go": []byte("a")}}, &specimen{suite: files.Set{}}
	assert.Equal(t, st.marked, st.reference(own, true))
	assert.Equal(t, st.solution, st.reference(own, false), "it has to name the file of what is missing")
	assert.Equal(t, st.solution, st.reference(regression, true), "its tasks are an earlier step's")
}
