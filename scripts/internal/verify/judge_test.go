package verify

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/proof"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/suite"
)

// chain is a step with 1.1, 1.2 after 1.1, 1.3 after 1.2, and 1.4 on its own.
func chain() *step {
	return &step{id: "01", suite: &suite.Suite{Step: "01", Tasks: []suite.Task{
		{ID: "1.1", Points: 25, Tests: []suite.Test{{Name: "TestA", File: "a_test.go", Line: 3}}},
		{ID: "1.2", Points: 25, After: []string{"1.1"}, Tests: []suite.Test{{Name: "TestB", File: "b_test.go", Line: 5}}},
		{ID: "1.3", Points: 25, After: []string{"1.2"}},
		{ID: "1.4", Points: 25},
	}}}
}

// graded is a result in which these tasks have failed.
func graded(failed ...string) *result.Result {
	r := &result.Result{}
	for _, id := range []string{"1.1", "1.2", "1.3", "1.4"} {
		t := result.Task{ID: id, Points: 25, Status: result.Passed}
		if strings.Contains(strings.Join(failed, " "), id) {
			t.Status, t.Verdict = result.Failed, result.Wrong
		}
		r.Tasks = append(r.Tasks, t)
	}
	r.Settle()
	return r
}

func TestOnlyWhatBuildsOnATaskMayFailWithIt(t *testing.T) {
	st := chain()
	for _, c := range []struct {
		name   string
		failed []string
		must   []string
		may    []string
		want   string
	}{
		{"it alone", []string{"1.2"}, []string{"1.2"}, nil, ""},
		{"what comes after it", []string{"1.2", "1.3"}, []string{"1.2"}, nil, ""},
		{"also through others", []string{"1.1", "1.2", "1.3"}, []string{"1.1"}, nil, ""},
		{"after any of them", []string{"1.2", "1.3", "1.4"}, []string{"1.4", "1.2"}, nil, ""},
		{"what is left out with it, or not", []string{"1.2", "1.3", "1.4"}, []string{"1.4"}, []string{"1.2"}, ""},
		{"it does not", nil, []string{"1.2"}, nil, "1.2 passes"},
		{"a stranger", []string{"1.2", "1.4"}, []string{"1.2"}, nil, "1.4 fails too, not declared to come after 1.2"},
		{"what comes before it", []string{"1.1", "1.2"}, []string{"1.2"}, nil, "1.1 fails too, not declared to come after 1.2"},
		{"both", []string{"1.4"}, []string{"1.1", "1.2"}, nil, "1.1, 1.2 pass; 1.4 fails too, not declared to come after 1.1, 1.2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, st.blames(graded(c.failed...), c.must, c.may))
		})
	}
	assert.Equal(t, "it does not compile", st.blames(&result.Result{Compile: []string{"a.go:1: no"}}, []string{"1.1"}, nil))
}

func TestARaceMayShowInSeveralTasks(t *testing.T) {
	st := chain()
	r := graded("1.2", "1.4")
	r.Tasks[3].Verdict = result.Race
	assert.NotEmpty(t, st.blames(r, []string{"1.2"}, nil), "1.2 is refused for something else")
	r.Tasks[1].Verdict = result.Race
	assert.Empty(t, st.blames(r, []string{"1.2"}, nil))
}

func TestAFailureMustHelp(t *testing.T) {
	good := result.Task{ID: "1.1", Status: result.Failed, Message: "ana should have got \"hello\"", File: "echo.go", Line: 3}
	assert.Empty(t, helpful(&good))
	blocked := good
	blocked.Status = result.Blocked
	assert.Empty(t, helpful(&blocked))

	passed := result.Task{ID: "1.1", Status: result.Passed}
	assert.Equal(t, []string{"1.1 passes, though nothing has been written"}, helpful(&passed))
	mute := good
	mute.Message = "oops"
	assert.Equal(t, []string{`the message of 1.1 says nothing: "oops"`}, helpful(&mute))
	for _, file := range []string{"", "echo_test.go"} {
		lost := good
		lost.File = file
		assert.Equal(t, []string{"1.1 names no place to write it (" + file + ":3)"}, helpful(&lost))
	}
}

func TestEveryTestMustHaveFailedOnce(t *testing.T) {
	st := chain()
	r := graded("1.1")
	r.Tasks[0].Tests = []result.Test{{Name: "TestA"}}
	r.Tasks[1].Tests = []result.Test{{Name: "TestB", Passed: true}}
	claims := []*claim{{specimen: &specimen{finding: &finding{result: r}}}, {specimen: &specimen{finding: &finding{result: graded()}}}}
	assert.Equal(t, []string{"  no wrong variant fails TestB (b_test.go:5) of task 1.2: write one, or drop the\n  test\n"},
		st.neverFailed(claims))
	claims[1].proved = &proof.Line{Refused: []string{"TestB"}}
	assert.Empty(t, st.neverFailed(claims), "a proof tells which tests have failed")
}

func TestWordsAreFoundAcrossLines(t *testing.T) {
	r := graded("1.1")
	r.Title = "Farewell"
	r.Tasks[0].Message = "the server\ndropped  TCP"
	r.Tasks[0].Failure = &result.Failure{}
	assert.Empty(t, unsaid(r, []string{"the server dropped TCP", "dropped"}))
	assert.Equal(t, `fails 1.1 (wrong), but the report does not say "without a word"`,
		unsaid(r, []string{"dropped TCP", "without a word"}))
	assert.Contains(t, unsaid(r, []string{"Farewell"}), "does not say", "the lesson's title is not the grader's")
	r.Tasks[0].Rules = []result.Rule{{ID: "1.a", Text: "A message arrives."}}
	assert.Contains(t, unsaid(r, []string{"A message arrives"}), "does not say", "the lesson's rules are not the grader's")
}

func TestOutcome(t *testing.T) {
	assert.Equal(t, "all tasks pass", outcome(graded()))
	assert.Equal(t, "fails 1.2 (wrong), 1.4 (wrong)", outcome(graded("1.2", "1.4")))
}

func TestARegionOfSeveralTasksIsFilledInAtTheFirst(t *testing.T) {
	got := firstTaskOnly(files.Set{
		"a.go":     []byte("\t// task 7.5, 7.8: Both.\n\tx()\n\t// end task 7.5, 7.8\n// task 7.1: One.\n"),
		"a.html":   []byte("<!-- task 7.5, 7.8: Both. -->\n<!-- end task 7.5, 7.8 -->\n"),
		"logo.bin": []byte("// task 7.5, 7.8: Both.\n"),
	})
	assert.Equal(t, files.Set{
		"a.go":     []byte("\t// task 7.5: Both.\n\tx()\n\t// end task 7.5\n// task 7.1: One.\n"),
		"a.html":   []byte("<!-- task 7.5: Both. -->\n<!-- end task 7.5 -->\n"),
		"logo.bin": []byte("// task 7.5, 7.8: Both.\n"),
	}, got)
}

func TestALessonHasItsParts(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Step 01 · Hello\n")
	for _, part := range parts {
		b.WriteString("\n## " + part + "\n\nWords.\n")
	}
	lesson := b.String()
	assert.NoError(t, hasParts(lesson))
	assert.EqualError(t, hasParts(strings.Replace(lesson, "## Try it", "## Trying", 1)), `there is no heading "## Try it"`)
	assert.EqualError(t, hasParts(strings.Replace(lesson, "## Tasks\n\nWords.", "## Tasks", 1)), `there is nothing below "## Tasks"`)
	assert.EqualError(t, hasParts(strings.Replace(lesson, "## Files", "```\n## Files\n```", 1)), `there is no heading "## Files"`)
	swapped := strings.NewReplacer("## Tasks", "## Try it", "## Try it", "## Tasks").Replace(lesson)
	assert.ErrorContains(t, hasParts(swapped), `"## Try it" stands too early`)
}

func TestTasksThatShareARegion(t *testing.T) {
	st := &step{solution: files.Set{
		"a.go":   []byte("package a\n\nfunc a() {\n\t// task 1.1, 1.3: Both.\n\t// end task 1.1, 1.3\n}\n"),
		"b.html": []byte("<!-- task 1.2: One. -->\n<!-- end task 1.2 -->\n"),
	}}
	assert.Equal(t, []string{"1.1", "1.3"}, st.sharing("1.3"))
	assert.Equal(t, []string{"1.2"}, st.sharing("1.2"))
	assert.Empty(t, st.sharing("1.4"))
}

func TestALeakIsNotTheNewestTasksWhenItIsGradedApart(t *testing.T) {
	apart := func(verdict result.Verdict) *result.Result {
		r := graded("1.2")
		r.Tasks = r.Tasks[1:2]
		r.Tasks[0].Tests = []result.Test{{Name: "TestA", Passed: true}, {Name: "TestB", Verdict: verdict}}
		r.Tasks[0].Verdict = verdict
		return r
	}
	assert.Empty(t, unlessLeaking(apart(result.Leak)))
	assert.Equal(t, "fails 1.2 (race)", unlessLeaking(apart(result.Race)))
	assert.Equal(t, "it does not compile", unlessLeaking(&result.Result{Compile: []string{"a.go:1: no"}}))
	assert.Equal(t, "fails 1.2 (wrong), 1.4 (wrong)", unlessPassed(graded("1.2", "1.4"), []string{"1.1", "1.2"}))
	assert.Empty(t, unlessPassed(graded("1.4"), []string{"1.1", "1.2"}))
}
